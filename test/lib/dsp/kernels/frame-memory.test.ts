import { describe, expect, it } from "vitest";
import { type BlockPlan, chooseBlock } from "../../../../nodes/lib/dsp/index.ts";
import { noise } from "../../../support/pictures.ts";

const RATE = 4000;
/** 10 ms */
const STRIDE = 40;
/** Some samples more than its frames need. */
const WINDOW = 1010;

const BLOCKS: [string, string, object][] = [
  ["Log-mel", "log-mel", { frameLength: 0.02, frameStride: 0.01, fftLength: 128, highFrequency: 0, bands: 10 }],
  [
    "Log-mel, padded with zeros",
    "log-mel",
    { frameLength: 0.02, frameStride: 0.01, highFrequency: 0, padding: "zeros" },
  ],
  ["Log-mel, reflected", "log-mel", { frameLength: 0.02, frameStride: 0.01, highFrequency: 0, padding: "reflect" }],
  ["Log-mel, centred", "log-mel", { frameStride: 0.01, highFrequency: 0, alignment: "centre", coefficients: 12 }],
  ["Spectrogram", "spectrogram", {}],
  ["Spectrogram, version 3", "spectrogram", { implementation: "3" }],
  ["MFE", "mfe", { filters: 10, scale: 20000 }],
  ["MFCC", "mfcc", { frameStride: 0.01 }],
  ["MFCC, bare", "mfcc", { frameStride: 0.01, normalisationWindow: 0, preEmphasis: 0 }],
];

/** A block with its plan and the memory of each stream. */
function blockOf(id: string, options: object, channels = ["a"]) {
  const { block, recipe } = chooseBlock(id, options);
  const plan = block.plan({ samples: WINDOW, channels, rate: RATE }, recipe.options);
  return { plan, remember: () => block.remember?.(recipe.options) };
}

function run(plan: BlockPlan, window: Float32Array, position?: number, memory?: unknown): Float32Array {
  const out = new Float32Array(plan.names.length + 2).fill(-7);
  plan.compute(window, out, 1, { start: 0, end: 0, ...(position === undefined ? {} : { position }) }, memory);
  expect([out[0], out.at(-1)]).toEqual([-7, -7]);
  return out.slice(1, -1);
}

const bits = (numbers: Float32Array): string => Buffer.from(numbers.buffer).toString("base64");

/** Every window of a walk through a signal, with the memory of its stream, is what it is by itself. */
function expectSame(
  id: string,
  options: object,
  starts: readonly number[],
  channels = 1,
  signal = noise(Math.max(...starts) * channels + WINDOW * channels),
): void {
  const names = Array.from({ length: channels }, (_, i) => `c${i}`);
  const { plan, remember } = blockOf(id, options, names);
  const memory = remember();
  for (const start of starts) {
    const window = signal.slice(start * channels, (start + WINDOW) * channels);
    expect(bits(run(plan, window, start, memory)), `window at ${start}`).toBe(bits(run(plan, window)));
  }
}

/** Silence but for a click now and then. */
const clicks = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => (i % 97 === 5 ? i % 89 : 0));

const walk = (hop: number, count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => from + i * hop);

describe.each(BLOCKS)("streaming %s is the batch result, bit for bit", (_, id, options) => {
  it.each([
    ["one stride", walk(STRIDE, 60)],
    ["two strides", walk(2 * STRIDE, 30)],
    ["seven strides", walk(7 * STRIDE, 12)],
    ["all frames but one", walk(23 * STRIDE, 6)],
    ["the whole window", walk(WINDOW, 5)],
    ["further than the window", walk(2 * WINDOW, 5)],
    ["no multiple of the stride", walk(STRIDE + 7, 12)],
    ["different hops", [0, 40, 80, 81, 121, 161, 400, 440, 480, 560, 1560, 1600, 1640, 1640, 1600, 1640, 1680, 1720]],
    ["gaps", [0, 40, 80, 5080, 5120, 5160, 9000, 9040, 9080]],
    ["backwards", walk(STRIDE, 10).reverse()],
  ])("hop: %s", (_, starts) => {
    expectSame(id, options, starts);
    // Where nearly all samples are alike, the witnesses hide nothing.
    expectSame(id, options, starts, 1, clicks(Math.max(...starts) + WINDOW));
  });

  it("several channels", () => {
    expectSame(id, options, walk(STRIDE, 30), 2);
    expectSame(id, options, walk(3 * STRIDE, 12), 3);
  });

  it("NaN, Infinity and silence on the way", () => {
    const signal = noise(60 * STRIDE + WINDOW);
    signal[1500] = Number.NaN;
    signal[1900] = Number.POSITIVE_INFINITY;
    signal.fill(0, 2200, 2900);
    expectSame(id, options, walk(STRIDE, 60), 1, signal);
  });

  it("two streams in turn, each with its memory", () => {
    const { plan, remember } = blockOf(id, options);
    const streams = [1, 2].map((seed) => ({ signal: noise(3000, seed), memory: remember() }));
    for (const start of walk(STRIDE, 20)) {
      for (const { signal, memory } of streams) {
        const window = signal.slice(start, start + WINDOW);
        expect(bits(run(plan, window, start, memory))).toBe(bits(run(plan, window)));
      }
    }
  });

  it("another plan of the same shape, or of another, in between", () => {
    const one = blockOf(id, options);
    const two = blockOf(id, { ...options, scale: 3 });
    const wide = blockOf(id, options, ["a", "b"]);
    const memory = one.remember();
    const signal = noise(8000);
    for (const [i, start] of walk(STRIDE, 40).entries()) {
      const { plan } = [one, one, one, two, two, two, wide, wide, wide, wide][i % 10]!;
      const width = plan.channels.at(-1) === "b" ? 2 : 1;
      const window = signal.slice(start * width, (start + WINDOW) * width);
      expect(bits(run(plan, window, start, memory))).toBe(bits(run(plan, window)));
    }
  });

  it("windows without a position, or a nonsensical one", () => {
    const { plan, remember } = blockOf(id, options);
    const memory = remember();
    const signal = noise(3000);
    const positions = [0, 40, 80, undefined, 160, 200, Number.NaN, 280, 320, Number.POSITIVE_INFINITY, 400, 440, 1e300];
    for (const [i, position] of positions.entries()) {
      const window = signal.slice(i * 40, i * 40 + WINDOW);
      expect(bits(run(plan, window, position, memory))).toBe(bits(run(plan, window)));
    }
  });

  it("samples that something changed on the way", () => {
    const { plan, remember } = blockOf(id, options);
    const memory = remember();
    const signal = noise(4000);
    for (const [i, start] of walk(STRIDE, 30).entries()) {
      const window = signal.slice(start, start + WINDOW).map((x) => (i % 7 === 6 ? x * 1.5 : x));
      expect(bits(run(plan, window, start, memory))).toBe(bits(run(plan, window)));
    }
  });
});

it("frames that are taken over are not computed again, and a changed witness has all of them computed", () => {
  const { plan, remember } = blockOf("log-mel", BLOCKS[0]![2]);
  const signal = noise(3000);
  const changes: boolean[] = [];
  // The first frame is the only one that has the first 40 samples; one of its 80 is its witness.
  for (let changed = 0; changed < 40; changed++) {
    const memory = remember();
    for (const start of walk(STRIDE, 3)) run(plan, signal.slice(start, start + WINDOW), start, memory);
    const window = signal.slice(3 * STRIDE, 3 * STRIDE + WINDOW);
    const before = bits(run(plan, window));
    window[changed] = 1000;
    changes.push(bits(run(plan, window, 3 * STRIDE, memory)) !== before);
  }
  expect(changes.filter((change) => change).length).toBe(1);
});
