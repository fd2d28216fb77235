import { describe, expect, it } from "vitest";
import { Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { type Frame, readReading } from "../../../../nodes/lib/frame/index.ts";
import { at, type Msg, NAN, NOW, random } from "./support.ts";

const RATE = 125;
const STEP = 1000 / RATE;
const LENGTH = 1200;

/** A recording of interleaved channels with gaps, spikes and labels; labels and triggers change only at multiples of 10. */
function recording(columns: number, seed: number) {
  const next = random(seed);
  const data = new Float64Array(LENGTH * columns);
  for (let i = 0; i < data.length; i++) data[i] = next() < 0.005 ? NAN : Math.sin(i / columns / 60) + 0.3 * next();
  // A long drop-out of one channel, and one of all.
  for (let i = 200; i < 260; i++) data[i * columns] = NAN;
  data.fill(NAN, 400 * columns, 430 * columns);
  const labels = Array.from({ length: LENGTH / 10 }, () => [undefined, "a", "b"][Math.floor(next() * 3)]);
  const triggers = Array.from({ length: LENGTH / 10 }, () => next() < 0.1);
  return { data, labels, triggers };
}

/** Cuts it into messages at these samples. */
function messages({ data, labels, triggers }: ReturnType<typeof recording>, columns: number, cuts: number[]): Msg[] {
  return cuts.slice(0, -1).map((from, k) => {
    const more: Msg = { rate: RATE, label: labels[Math.floor(from / 10)] };
    // A trigger is meant for the first sample of its message.
    if (from % 10 === 0 && triggers[from / 10]) more.trigger = true;
    return at(1_000_000 + from * STEP, data.slice(from * columns, cuts[k + 1]! * columns), more);
  });
}

/** Cuts at all multiples of 10, and at random samples in between. */
function cutsOf(seed: number, density: number): number[] {
  const next = random(seed);
  const cuts: number[] = [];
  for (let i = 0; i <= LENGTH; i++) if (i % 10 === 0 || next() < density) cuts.push(i);
  return cuts;
}

function frames(options: WindowOptions, input: Msg[]): { frames: Frame[]; windower: Windower } {
  const windower = new Windower(options);
  const found: Frame[] = [];
  for (const msg of input) windower.push(readReading(msg, NOW), (frame) => found.push(frame));
  return { frames: found, windower };
}

const trigger = { when: "above", channel: "c0", value: 1.1, high: 0, preRoll: 8 } as const;
const VARIANTS: [string, Partial<WindowOptions>][] = [
  ["mark", {}],
  ["hold", { gap: { policy: "hold", limit: 3 } }],
  ["interpolate", { gap: { policy: "interpolate", limit: 4 } }],
  ["split", { gap: { policy: "split", limit: 0 } }],
  ["any label", { label: { by: "any", share: 1 } }],
  [
    "a label of most samples, interpolated",
    { label: { by: "majority", share: 1 }, gap: { policy: "interpolate", limit: 9 } },
  ],
  ["a label's share", { label: { by: "share", share: 0.4 } }],
  [
    "limits and a gate",
    { gate: { channel: "c0", is: ">", value: -0.5, settle: 0.02 }, gap: { policy: "hold", limit: 2 } },
  ],
  ["a trigger", { trigger }],
  ["a trigger, interpolated", { trigger: { ...trigger, preRoll: 16 }, gap: { policy: "interpolate", limit: 5 } }],
  ["resampled to a lower rate", { resample: { rate: 50, limit: 500 }, gap: { policy: "interpolate", limit: 70 } }],
  ["resampled to a higher rate", { resample: { rate: 200, limit: 500 } }],
  ["resampled, held, an event", { resample: { rate: 100, limit: 500 }, gap: { policy: "hold", limit: 70 }, trigger }],
  ["a trigger by message", { trigger: { ...trigger, when: "message" } }],
];
const SIZES = [
  [48, 16],
  [32, 32],
  [24, 40],
] as const;

describe("the same samples in any chunks give the same frames, bit for bit", () => {
  for (const columns of [1, 3]) {
    it.each(VARIANTS)(`${columns} channels: %s`, (_, variant) => {
      const source = recording(columns, columns);
      const channels = Array.from({ length: columns }, (_, c) => ({ channel: `c${c}`, min: -0.9, stuck: 3 }));
      for (const by of ["samples", "time"] as const) {
        for (const [size, hop] of SIZES) {
          const unit = by === "samples" ? 1 : STEP;
          const options: WindowOptions = { by, size: size * unit, hop: hop * unit, channels, ...variant };
          if (options.trigger !== undefined) {
            options.trigger = { ...options.trigger, preRoll: options.trigger.preRoll * unit };
          }
          const tens = frames(options, messages(source, columns, cutsOf(0, 0)));
          const singles = frames(options, messages(source, columns, cutsOf(1, 1)));
          const mixed = frames(options, messages(source, columns, cutsOf(size, 0.2)));
          expect(tens.frames.length).toBeGreaterThan(0);
          expect(singles).toEqual(tens);
          expect(mixed).toEqual(tens);
        }
      }
    });
  }

  it.each([
    ["timestamps, exact", (from: number) => ({ timestamp: 1_000_000 + (from * 1000) / 44_100 })],
    ["timestamps rounded to ms", (from: number) => ({ timestamp: Math.round(1_000_000 + (from * 1000) / 44_100) })],
    ["times of arrival", () => ({})],
  ])("times too, at 44,100 Hz with %s", (_, when) => {
    const data = Float32Array.from({ length: 20_000 }, (_, i) => i);
    for (const [by, size] of [
      ["samples", 500],
      ["time", 10],
    ] as const) {
      const cut = (length: number) => {
        const input: Msg[] = [];
        for (let i = 0; i < data.length; i += length) {
          input.push({ payload: data.slice(i, i + length), rate: 44_100, ...when(i) });
        }
        return frames({ by, size, hop: size, channels: [{ channel: "x" }] }, input);
      };
      const whole = cut(data.length);
      expect(whole.frames.length).toBeGreaterThan(35);
      expect(whole.windower.counts.late).toBe(0);
      for (const length of [1, 100, 1024, 4410]) expect(cut(length)).toEqual(whole);
    }
  });

  it.each(VARIANTS.filter(([, { label, trigger }]) => label === undefined && trigger?.when !== "message"))(
    "all at once, and in chunks of any size, without labels: %s",
    (_, variant) => {
      const source = recording(2, 9);
      const plain = {
        ...source,
        labels: source.labels.map(() => undefined),
        triggers: source.triggers.map(() => false),
      };
      const options: WindowOptions = {
        by: "samples",
        size: 30,
        hop: 10,
        channels: [{ channel: "c0" }, { channel: "c1" }],
        ...variant,
      };
      const whole = frames(options, messages(plain, 2, [0, LENGTH]));
      expect(whole.frames.length).toBeGreaterThan(0);
      for (const length of [1, 7, 63, 500]) {
        const cuts = Array.from({ length: Math.ceil(LENGTH / length) }, (_, i) => i * length);
        expect(frames(options, messages(plain, 2, [...cuts, LENGTH]))).toEqual(whole);
      }
    },
  );
});
