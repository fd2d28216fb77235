import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { MicrophoneStatus } from "../../nodes/edge-microphone/show-status.ts";
import type { Status } from "../../nodes/glue/index.ts";
import type { CaptureState, SoundLevel } from "../../nodes/lib/capture/index.ts";
import { catalogue, EdgeMlError, type ErrorCode } from "../../nodes/lib/errors/index.ts";

const catalog = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "../../nodes/edge-microphone/locales/en-US/catalog.json"), "utf8"),
)["edge-microphone"];

function text(key: string, values: Record<string, string | number> = {}): string {
  const found = key.split(".").reduce((value, step) => value?.[step], catalog) as string | undefined;
  if (found === undefined) throw new Error(`no text ${key}`);
  return found.replace(/__(\w+)__/g, (_, name: string) => String(values[name]));
}

const NOTHING = { chunks: 1, dropped: 0, bad: 0, lost: 0 };
const GOOD: SoundLevel = { rms: -32.4, peak: -20, offset: 0.001, clipped: 0, silentFor: 0 };
const LISTENING: CaptureState = { kind: "listening" };

function shown(state: CaptureState, levels: (SoundLevel | undefined)[] = [undefined], counts = NOTHING): string {
  let line = "";
  const take = (kind: string) => (words: string) => {
    line = `${kind}: ${words}`;
  };
  const status = { ok: take("ok"), busy: take("busy"), warn: take("warn"), error: take("error") } as unknown as Status;
  const says = new MicrophoneStatus(status, text);
  for (const level of levels) says.show(state, level, counts);
  return line;
}

describe("the status of a microphone", () => {
  const table: [string, Partial<SoundLevel>, string][] = [
    ["all is well", {}, "ok: listening · −32 dB · ▅"],
    ["as loud as can be", { rms: 0 }, "ok: listening · 0 dB · █"],
    ["clipping", { clipped: 0.01 }, "warn: clipping · −32 dB · ▅"],
    ["a single clap", { clipped: 0.0005 }, "ok: listening · −32 dB · ▅"],
    ["nothing for a moment", { rms: Number.NEGATIVE_INFINITY, silentFor: 9.75 }, "ok: listening · −∞ dB · ▁"],
    ["nothing for long", { rms: Number.NEGATIVE_INFINITY, silentFor: 12.25 }, "warn: silent for 12 s · −∞ dB · ▁"],
    ["a quiet room", { rms: -84 }, "warn: very quiet · −84 dB · ▁"],
    ["an offset", { offset: -0.12 }, "warn: DC offset 12 % · −32 dB · ▅"],
  ];
  it.each(table)("%s", (_, change, expected) => {
    expect(shown(LISTENING, [{ ...GOOD, ...change }])).toBe(expected);
  });

  it("shows the last three levels", () => {
    const levels = [-80, -60, -40, -20].map((rms) => ({ ...GOOD, rms }));
    expect(shown(LISTENING, levels)).toBe("ok: listening · −20 dB · ▃▅▇");
  });

  it("counts what was dropped, left out and lost", () => {
    const counts = { chunks: 9, dropped: 3, bad: 2, lost: 1234 };
    expect(shown(LISTENING, [GOOD], counts)).toBe("warn: listening · −32 dB · ▅ · 3 dropped · 2 bad · 1.2 s lost");
  });

  it("says what it does while there is no level", () => {
    expect(shown({ kind: "stopped" })).toBe("busy: stopped");
    expect(shown({ kind: "starting" })).toBe("busy: starting");
    expect(shown(LISTENING)).toBe("ok: listening");
  });

  const codes = (Object.keys(catalogue) as ErrorCode[]).filter((code) => code.startsWith("EDGE_ML_CAPTURE_"));
  it.each([...codes, "EDGE_ML_SETTING", "EDGE_ML_INTERNAL"] as const)("has words for %s", (code) => {
    const state: CaptureState = { kind: "waiting", fault: new EdgeMlError(code), attempt: 3 };
    expect(shown(state)).toMatch(/^error: [a-z].*, trying again \(3\)$/);
  });
});
