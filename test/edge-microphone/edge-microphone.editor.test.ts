import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, openEditor } from "../support/browser.ts";
import { describeDialog } from "../support/dialog-table.ts";

describeDialog("edge-microphone", {
  says: [
    [
      "as it comes",
      {},
      "Listens to the system's microphone: mono at 16000 Hz, a message every 50 ms. Begins with the flow.",
      { hidden: ["device", "command", "keep", "channel"] },
    ],
    [
      "a device of ALSA, of another rate",
      {
        source: "alsa",
        device: "plughw:1",
        captureRate: 48_000,
        channels: 2,
        keep: "one",
        channel: 2,
        begin: "command",
      },
      'Listens to plughw:1: channel 2 of 2 at 16000 Hz, a message every 50 ms. The device runs at 48000 Hz. Begins when a message says "start".',
      { shown: ["device", "keep", "channel"], hidden: ["command"] },
    ],
    [
      "a command, all channels",
      { source: "command", command: "cat x", channels: 4, keep: "all", captureRate: 0, begin: "deploy" },
      "Listens to what the command writes: 4 channels at 16000 Hz, a message every 50 ms. Begins with the flow.",
      { shown: ["command"], hidden: ["device", "channel"] },
    ],
  ],
  wrong: [
    ["no command", { source: "command", command: "" }, "command", "Write the command that records."],
    [
      "a pipe",
      { source: "command", command: "arecord | sox" },
      "command",
      'The command is text with "|", which only a shell understands; it must be a program and its arguments.',
    ],
    ["rate", { rate: 100 }, "rate", "The rate must be a whole number from 4000 to 192000 Hz."],
    [
      "channel",
      { channels: 2, keep: "one", channel: 3 },
      "channel",
      "The channel's number must be from 1 to the number of channels.",
    ],
    ["parts of a sample", { chunk: 12.34 }, "chunk", "A message must hold 10 to 1000 ms: a whole number of samples."],
    ["gain", { gain: "loud" }, "gain", "The gain must be a number from -40 to 60 dB."],
  ],
  keeps: {
    name: "hall",
    source: "alsa",
    device: "plughw:CARD=U18dB,DEV=0",
    rate: 8000,
    captureRate: 48_000,
    channels: 2,
    format: "s32le",
    keep: "one",
    channel: 2,
    gain: 20,
    removeOffset: false,
    chunk: 100,
    topic: "hall",
    begin: "command",
  },
});

describe("the dialog of a microphone that runs", () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await openEditor();
  });
  afterAll(() => editor?.close());

  it("shows its level, and which devices there are", async () => {
    await editor.load([
      { id: "mic", type: "edge-microphone", source: "command", command: "cat /dev/zero", topic: "room", wires: [[]] },
    ]);
    await editor.openDialog("mic");
    const level = editor.page.locator("#edge-microphone-level");
    await expect.poll(() => level.textContent(), { timeout: 20_000 }).toMatch(/^Digital silence for \d+ s/);
    await editor.setField("source", "alsa");
    // What there is depends on the machine; that it says something does not.
    const found = editor.page.locator("#edge-microphone-found");
    const says = /^(Found: |No microphone|No program|arecord is not installed)/;
    await expect.poll(() => found.textContent(), { timeout: 20_000 }).toMatch(says);
    await editor.page.locator("#edge-microphone-refresh").click();
    await expect.poll(() => found.textContent(), { timeout: 20_000 }).toMatch(says);
    await editor.cancelDialog();
    expect(editor.problems).toEqual([]);
  });
});
