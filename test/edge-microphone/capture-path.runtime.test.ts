/** The real way to record: sound is played into a sound server, recorded by its own program, and arrives in the flow. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowNode, type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";
import { missingPrograms, type SoundServer, startPipeWire, startPulseAudio } from "../support/sound-servers.ts";

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-microphone-"));
  runtime = await startRuntime();
});
afterAll(async () => {
  await runtime.stop();
  rmSync(folder, { recursive: true, force: true });
});

const LONG = 40_000;
const flow = (settings: object): FlowNode[] => [
  { id: "n", type: "edge-microphone", removeOffset: false, ...settings, wires: [["sink"]] },
  { id: "sink", type: "test-sink" },
];

/** Half a second that is found again: no sample is 0. */
const SIGNAL = Buffer.alloc(16_000);
for (let i = 0, state = 1; i < 8000; i++) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  SIGNAL.writeInt16LE((state >>> 16) % 8000 || 1, 2 * i);
}

const PAUSE = Buffer.alloc(16_000);

const heard = (): Msg[] => runtime.received("sink");
const sound = () => Buffer.concat(heard().map(({ payload }) => payload as Buffer));
const logged = () => runtime.log().map(({ msg }) => String(msg));
const faults = () => logged().flatMap((text) => /EDGE_ML_\w+/.exec(text)?.[0] ?? []);
const listens = () => runtime.status("n")?.text?.startsWith("listening · ") === true;

function timesFollow(messages: readonly Msg[]): boolean {
  return messages.every((msg, i) => i === 0 || Math.abs(msg.timestamp - messages[i - 1]!.timestamp - 50) < 0.01);
}

const noPulse = missingPrograms("the test with PulseAudio", ["pulseaudio", "pactl", "paplay", "parec"]);
describe.skipIf(noPulse.length > 0)("PulseAudio with a null sink", () => {
  let server: SoundServer;
  const plug = () =>
    server.tool(
      "pactl",
      "load-module",
      "module-null-sink",
      "sink_name=fake",
      "rate=16000",
      "channels=1",
      "format=s16le",
    );
  const play = () =>
    server.tool(
      "paplay",
      "--raw",
      "--rate=16000",
      "--channels=1",
      "--format=s16le",
      "--device=fake",
      join(folder, "x"),
    );
  beforeAll(async () => {
    server = await startPulseAudio();
    // A null sink that was idle swallows the first few ms of what is played.
    writeFileSync(join(folder, "x"), Buffer.concat([PAUSE, SIGNAL, PAUSE]));
    await plug();
  });
  afterAll(() => server?.stop());

  it("gives what is played to the bit, mono at 16 kHz, with times that follow", { timeout: 60_000 }, async () => {
    await runtime.deploy(flow({ source: "pulse", device: "fake.monitor", topic: "room" }));
    await until(listens, "it listens", LONG);
    await play();
    await until(() => sound().includes(SIGNAL), "the signal, to the bit", LONG);
    const messages = heard();
    expect(messages[0]).toMatchObject({ topic: "room", rate: 16_000, payload: expect.any(Buffer) });
    expect(messages[0]!.payload.length).toBe(1600);
    expect(timesFollow(messages)).toBe(true);
    // The last sample was recorded a moment ago.
    expect(Math.abs(Date.now() - messages.at(-1)!.timestamp)).toBeLessThan(5000);
    expect(faults()).toEqual([]);
  });

  it("goes away in the middle and comes back: the node says so, tries again, and hears", {
    timeout: 90_000,
  }, async () => {
    await runtime.deploy(flow({ source: "pulse", device: "fake.monitor" }));
    await until(listens, "it listens", LONG);
    await server.tool("pactl", "unload-module", "module-null-sink");
    await until(() => /^device gone, trying again \(\d+\)$/.test(runtime.status("n")?.text ?? ""), "it is gone", LONG);
    expect(runtime.status("n")).toMatchObject({ fill: "red" });
    const before = heard().length;
    await plug();
    await until(() => listens() && heard().length > before, "it listens again", LONG);
    await play();
    await until(() => sound().includes(SIGNAL), "the signal, to the bit", LONG);
    // The gap stands in the times.
    expect(heard()[before]!.timestamp - heard()[before - 1]!.timestamp).toBeGreaterThan(100);
    expect(faults()).toEqual(["EDGE_ML_CAPTURE_DEVICE"]);
  });

  it("is what this machine has, is listed, and gives stereo and other rates", { timeout: 60_000 }, async () => {
    await runtime.deploy(flow({ source: "auto", captureRate: 48_000, channels: 2, format: "f32le" }));
    await until(listens, "it listens", LONG);
    await play();
    await until(() => sound().some((byte) => byte !== 0), "the signal", LONG);
    expect(timesFollow(heard())).toBe(true);
    const { devices } = (await (await fetch(`${runtime.url}/edge-ml/microphone/devices`)).json()) as {
      devices: { source: string; device: string; isMonitor: boolean }[];
    };
    expect(devices).toContainEqual(
      expect.objectContaining({ source: "pulse", device: "fake.monitor", isMonitor: true }),
    );
  });

  it("that is not there is named, with what to do", { timeout: 60_000 }, async () => {
    await runtime.deploy(flow({ source: "pulse", device: "no.such.microphone" }));
    await until(() => faults().length > 0, "a fault", LONG);
    expect(logged()).toContainEqual(
      expect.stringContaining(
        "The microphone no.such.microphone is not there: Stream error: No such entity. Plug it in",
      ),
    );
  });
});

const noAlsa = missingPrograms("the test with ALSA", ["arecord"]);
describe.skipIf(noAlsa.length > 0)("ALSA with a device that is a file", () => {
  const before = process.env.ALSA_CONFIG_PATH;
  beforeAll(() => {
    const device = (name: string) =>
      `pcm.${name} { type file; slave.pcm null; file /dev/null; infile ${join(folder, name)}; format raw }`;
    const config = join(folder, "asound.conf");
    writeFileSync(config, `</usr/share/alsa/alsa.conf>\n${device("plain")}\n${device("wide")}\n`);
    process.env.ALSA_CONFIG_PATH = config;
    writeFileSync(join(folder, "plain"), Buffer.concat([SIGNAL, SIGNAL, SIGNAL, SIGNAL]));
    // 48 kHz, stereo, 32 bits: a tone of 1 kHz on the left only.
    const wide = Buffer.alloc(4 * 2 * 48_000 * 2);
    for (let i = 0; i < 96_000; i++) {
      wide.writeInt32LE(Math.round(0x40000000 * Math.sin((2 * Math.PI * 1000 * i) / 48_000)), 8 * i);
    }
    writeFileSync(join(folder, "wide"), wide);
  });
  afterAll(() => {
    if (before === undefined) delete process.env.ALSA_CONFIG_PATH;
    else process.env.ALSA_CONFIG_PATH = before;
  });

  it("gives it to the bit, at its own pace", { timeout: 60_000 }, async () => {
    await runtime.deploy(flow({ source: "alsa", device: "plain" }));
    await runtime.receive("sink", 20, LONG);
    expect(sound().subarray(0, 32_000)).toEqual(Buffer.concat([SIGNAL, SIGNAL]));
    expect(timesFollow(heard().slice(0, 20))).toBe(true);
    const count = heard().length;
    await wait(500);
    // Unpaced it would be thousands.
    expect(heard().length - count).toBeLessThan(80);
  });

  it("of 48 kHz, stereo and 32 bits becomes 16 kHz and mono at its level", { timeout: 60_000 }, async () => {
    await runtime.deploy(
      flow({
        source: "alsa",
        device: "wide",
        captureRate: 48_000,
        channels: 2,
        format: "s32le",
        keep: "one",
        channel: 1,
      }),
    );
    await runtime.receive("sink", 20, LONG);
    const bytes = sound().subarray(0, 32_000);
    const samples = Array.from({ length: 16_000 }, (_, i) => bytes.readInt16LE(2 * i) / 32_768);
    const rms = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    expect(20 * Math.log10(rms / (0.5 / Math.SQRT2))).toBeCloseTo(0, 1);
    const crossings = samples.filter((x, i) => i > 0 && x >= 0 && samples[i - 1]! < 0).length;
    expect(Math.abs(crossings - 1000)).toBeLessThanOrEqual(1);
  });

  it("that is not there is named, with what to do", { timeout: 60_000 }, async () => {
    await runtime.deploy(flow({ source: "alsa", device: "plughw:CARD=nosuch,DEV=0" }));
    await until(() => faults().length > 0, "a fault", LONG);
    expect(faults()).toEqual(["EDGE_ML_CAPTURE_DEVICE"]);
    expect(runtime.status("n")?.text).toMatch(/^device gone, trying again/);
  });
});

const needed = ["pipewire", "wireplumber", "dbus-run-session", "pw-cli", "pw-dump", "pw-link", "pw-play", "pw-record"];
const noPipeWire = missingPrograms("the test with PipeWire", needed);
describe.skipIf(noPipeWire.length > 0)("PipeWire with a virtual source", () => {
  let server: SoundServer;
  const plug = () =>
    server.tool(
      "pw-cli",
      "create-node",
      "adapter",
      '{ factory.name=support.null-audio-sink node.name=fake node.description="Fake microphone" media.class=Audio/Source/Virtual object.linger=true audio.position=[MONO] audio.rate=16000 }',
    );
  beforeAll(async () => {
    server = await startPipeWire();
    await plug();
  });
  afterAll(() => server?.stop());

  it("gives sound, is listed, goes away and comes back", { timeout: 90_000 }, async () => {
    await runtime.deploy(flow({ source: "pipewire", device: "fake" }));
    await until(() => heard().length > 20, "it listens", LONG);
    expect(timesFollow(heard())).toBe(true);
    const { devices } = (await (await fetch(`${runtime.url}/edge-ml/microphone/devices`)).json()) as {
      devices: object[];
    };
    expect(devices).toContainEqual({ source: "pipewire", device: "fake", title: "Fake microphone", isMonitor: false });

    await server.tool("pw-cli", "destroy", "fake");
    // pw-record does not say that it is gone: it falls silent.
    await until(() => faults().includes("EDGE_ML_CAPTURE_STALLED"), "it is missed", LONG);
    const before = heard().length;
    await plug();
    await until(() => heard().length > before + 10, "it listens again", LONG);
  });
});
