import { describe, expect, it } from "vitest";
import { captureFault } from "../../../nodes/lib/capture/capture-fault.ts";
import type { CaptureSource } from "../../../nodes/lib/capture/index.ts";

const NO_CARD = `ALSA lib confmisc.c:855:(parse_card) cannot find card '0'
ALSA lib conf.c:5703:(snd_config_expand) Evaluate error: No such file or directory
ALSA lib pcm.c:2666:(snd_pcm_open_noupdate) Unknown PCM default
arecord: main:831: audio open error: No such file or directory`;

const NO_FORMAT = `Recording raw data 'stdin' : Signed 16 bit Little Endian, Rate 16000 Hz, Mono
arecord: set_params:1352: Sample format non available
Available formats:
- S32_LE`;

/** What arecord 1.2.8, parec 16.1 and pw-record 0.3.65 write. */
const table: [string, CaptureSource, string, string, string][] = [
  ["no card", "alsa", NO_CARD, "DEVICE", "audio open error: No such file or directory"],
  [
    "an unknown name",
    "alsa",
    "ALSA lib pcm.c:2666:(snd_pcm_open_noupdate) Unknown PCM nosuch\narecord: main:831: audio open error: No such file or directory",
    "DEVICE",
    "audio open",
  ],
  [
    "unplugged",
    "alsa",
    "Recording raw data 'stdin'\narecord: pcm_read:2221: read error: No such device",
    "DEVICE",
    "read error: No such device",
  ],
  [
    "unplugged, as some drivers say it",
    "alsa",
    "arecord: pcm_read:2221: read error: Input/output error",
    "DEVICE",
    "read error",
  ],
  ["busy", "alsa", "arecord: main:831: audio open error: Device or resource busy", "BUSY", "Device or resource busy"],
  [
    "no permission",
    "alsa",
    "arecord: main:831: audio open error: Permission denied",
    "PERMISSION",
    "Permission denied",
  ],
  ["no such format", "alsa", NO_FORMAT, "FORMAT", "Sample format non available"],
  ["no such channels", "alsa", "arecord: set_params:1358: Channels count non available", "FORMAT", "Channels count"],
  [
    "no such parameters",
    "alsa",
    "arecord: set_params:1416: Unable to install hw params:\nACCESS:  RW_INTERLEAVED",
    "FORMAT",
    "ACCESS",
  ],
  [
    "no sound server",
    "pulse",
    "Connection failure: Connection refused\npa_context_connect() failed: Connection refused",
    "SERVER",
    "Connection refused",
  ],
  ["a sound server of another user", "pulse", "Connection failure: Access denied", "PERMISSION", "Access denied"],
  ["no such source", "pulse", "Stream error: No such entity", "DEVICE", "No such entity"],
  ["a source that is gone", "pulse", "Stream error: Entity killed", "DEVICE", "Entity killed"],
  ["a server that is gone", "pulse", "Connection failure: Connection terminated", "SERVER", "Connection terminated"],
  ["no PipeWire", "pipewire", "error: pw_context_connect() failed: Host is down", "SERVER", "Host is down"],
  [
    "PipeWire is gone",
    "pipewire",
    "remote error: id=0 seq:54 res:-32 (Broken pipe): connection error",
    "SERVER",
    "Broken pipe",
  ],
  ["no such node", "pipewire", "error: no target node available", "DEVICE", "no target node"],
  ["anything else", "command", "kaboom", "ENDED", "it ended with code 1 (kaboom)"],
];

describe("what a recorder says when it fails", () => {
  it.each(table)("%s", (_, source, said, code, reason) => {
    const fault = captureFault(source, { program: "recorder", args: [] }, "mic-1", { said, code: 1 });
    expect(fault.code).toBe(`EDGE_ML_CAPTURE_${code}`);
    expect(fault.message).toContain(reason);
    if (code !== "SERVER" && code !== "ENDED") expect(fault.message).toContain("mic-1");
  });

  const fault = (source: CaptureSource, end: Parameters<typeof captureFault>[3]) =>
    captureFault(source, { program: "recorder", args: [] }, "", end);

  it.each([
    ["alsa", "alsa-utils"],
    ["pulse", "pulseaudio-utils"],
    ["pipewire", "pipewire-bin"],
  ] as const)("names the package when the program of %s is not installed", (source, name) => {
    expect(fault(source, { said: "", startError: "ENOENT" })).toMatchObject({
      code: "EDGE_ML_CAPTURE_TOOL",
      details: { program: "recorder", package: name },
    });
  });

  it("tells a program that cannot be started from one that is not there", () => {
    expect(fault("command", { said: "", startError: "EACCES" }).message).toContain("could not be started (EACCES)");
    expect(fault("command", { said: "", startError: "ENOENT" })).toMatchObject({ code: "EDGE_ML_CAPTURE_TOOL" });
  });

  it("says how it ended when it says nothing", () => {
    expect(fault("command", { said: "", code: 0 }).message).toContain("it came to its end");
    expect(fault("command", { said: "" }).message).toContain("a signal ended it");
  });
});
