/** What holds for every block of the registry, whatever it computes: a new block is tested here by being in the list. */
import { describe, expect, it } from "vitest";
import { type BlockPlan, blocks, chooseBlock } from "../../../../nodes/lib/dsp/index.ts";
import { EdgeMlError } from "../../../../nodes/lib/errors/index.ts";

interface Shape {
  samples: number;
  columns: number;
  rate: number | undefined;
}

const shapes: Shape[] = [1, 2, 3, 16, 64, 1000].flatMap((samples) =>
  [1, 3].flatMap((columns) => [undefined, 1, 100, 16_000].map((rate) => ({ samples, columns, rate }))),
);
// A second of sound.
shapes.push({ samples: 16_000, columns: 1, rate: 16_000 }, { samples: 16_000, columns: 2, rate: undefined });
const describeShape = ({ samples, columns, rate }: Shape) => `${samples} × ${columns} at ${rate ?? "no"} Hz`;
const moment = { start: 1_700_000_000_000, end: 1_700_000_010_000 };

/** The plan with the defaults, or undefined when the block refuses the window with a coded error. */
function plan(id: string, { samples, columns, rate }: Shape): BlockPlan | undefined {
  const { block, recipe } = chooseBlock(id, {});
  const channels = Array.from({ length: columns }, (_, i) => `c${i}`);
  try {
    return block.plan({ samples, channels, ...(rate === undefined ? {} : { rate }) }, recipe.options);
  } catch (error) {
    expect(error).toBeInstanceOf(EdgeMlError);
    expect((error as EdgeMlError).code).toMatch(/^EDGE_ML_(WINDOW|SETTING)$/);
    return undefined;
  }
}

function compute(made: BlockPlan, window: Float32Array): Float32Array {
  const out = new Float32Array(made.names.length + 4).fill(-7);
  made.compute(window, out, 2, moment);
  expect([out[0], out[1], out.at(-1), out.at(-2)], "written beside its own place").toEqual([-7, -7, -7, -7]);
  return out.slice(2, -2);
}

/** Bit for bit; many times faster than asking the test framework. */
const same = (a: Float32Array, b: Float32Array) => Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;

/** A number for each sample and channel. */
const signal = ({ samples, columns }: Shape, at: (i: number, c: number) => number) =>
  Float32Array.from({ length: samples * columns }, (_, k) => at(Math.floor(k / columns), k % columns));

const noise = (i: number, c: number) => ((Math.sin((i + 1) * 12.9898 + c * 78.233) * 43758.5453) % 1) * 2;

const finite: [string, (i: number, c: number) => number][] = [
  ["noise", noise],
  ["zeros", () => 0],
  ["a constant", () => 0.1],
  ["a large offset", (i, c) => 1e7 + noise(i, c)],
  ["a constant large offset", () => 1e7],
  ["denormals", (i) => (i % 3) * 1e-42],
  ["a saturated square", (i) => (i % 20 < 10 ? 1 : -1)],
  ["saturated PCM", (i) => (i % 7 < 3 ? 32767 : -32768)],
  ["one impulse", (i) => (i === 3 ? 1000 : 0)],
  ["a ramp", (i) => i],
];

/** The windows that a block takes with its defaults. */
const taken = (id: string) => shapes.filter((shape) => plan(id, shape) !== undefined);

describe.each(blocks.map((block) => [block.id, block] as const))("%s", (id, block) => {
  const properties = block.options.properties as Record<string, { title?: string; default?: unknown }>;

  it("describes itself", () => {
    expect([block.title, block.about, block.cost].filter((text) => text.trim() === "")).toEqual([]);
    expect(Number.isInteger(block.version) && block.version >= 1).toBe(true);
    expect(block.options.additionalProperties).toBe(false);
    const bare = Object.entries(properties).filter(([, { title, default: value }]) => !title || value === undefined);
    expect(bare.map(([name]) => name)).toEqual([]);
    for (const [name, others] of Object.entries(block.when ?? {})) {
      expect(Object.keys(properties)).toEqual(expect.arrayContaining([name, ...Object.keys(others)]));
    }
    const recorded = Object.keys(chooseBlock(id, {}).recipe.options);
    expect([...recorded, ...(block.later ?? [])].sort()).toEqual(Object.keys(properties).sort());
  });

  it("takes some window with its defaults", () => {
    expect(taken(id)).not.toEqual([]);
  });

  it.each(shapes.map((shape) => [describeShape(shape), shape] as const))(
    "%s: refused, or its lists fit",
    (_, shape) => {
      const made = plan(id, shape);
      if (made === undefined) return;
      const length = made.shape.reduce((product, size) => product * size, 1);
      expect(length).toBeGreaterThan(0);
      expect([made.names.length, made.channels.length, made.units.length]).toEqual([length, length, length]);
      expect(new Set(made.names).size).toBe(length);
      if (made.axis) expect([made.shape.length, made.axis.names.length]).toEqual([2, made.shape[1]]);
      const known = new Set([undefined, ...Array.from({ length: shape.columns }, (_, i) => `c${i}`)]);
      expect(made.channels.filter((channel) => !known.has(channel))).toEqual([]);
    },
  );

  it.each(finite)("%s gives finite numbers, the same each time, and stays as it is", (_, at) => {
    for (const shape of taken(id)) {
      const made = plan(id, shape)!;
      const window = signal(shape, at);
      const before = window.slice();
      const features = compute(made, window);
      const wrong = [...features].findIndex((value) => !Number.isFinite(value));
      expect(wrong, `${describeShape(shape)}: ${made.names[wrong]} is ${features[wrong]}`).toBe(-1);
      expect(same(compute(made, window), features), "the same each time").toBe(true);
      expect(same(window, before), "the window as it was").toBe(true);
    }
  });

  const spoiled: [string, (i: number, c: number) => number][] = [
    ["NaN", () => Number.NaN],
    ["Infinity", () => Number.POSITIVE_INFINITY],
  ];
  it.each(spoiled)("one %s in a channel leaves the others alone", (_, bad) => {
    for (const shape of taken(id)) {
      const made = plan(id, shape)!;
      const good = compute(made, signal(shape, noise));
      const middle = shape.samples >> 1;
      const features = compute(
        made,
        signal(shape, (i, c) => (c === 0 && i === middle ? bad(i, c) : noise(i, c))),
      );
      const changed = features.findIndex(
        (value, i) => made.channels[i] !== undefined && made.channels[i] !== "c0" && !Object.is(value, good[i]),
      );
      expect(made.names[changed], describeShape(shape)).toBeUndefined();
      // And nothing of it is carried on into the next window.
      expect(same(compute(made, signal(shape, noise)), good), "the next window").toBe(true);
    }
  });

  it("a window of nothing but NaN gives no numbers of its samples", () => {
    for (const shape of taken(id)) {
      const made = plan(id, shape)!;
      const features = compute(
        made,
        signal(shape, () => Number.NaN),
      );
      const invented = features.findIndex((value, i) => made.channels[i] !== undefined && !Number.isNaN(value));
      expect(made.names[invented], describeShape(shape)).toBeUndefined();
    }
  });

  it("500 channels are taken or refused", () => {
    const shape = { samples: 64, columns: 500, rate: 100 };
    const made = plan(id, shape);
    if (made !== undefined) expect(compute(made, signal(shape, noise))).toHaveLength(made.names.length);
  });
});

describe("the registry", () => {
  it("names each block once", () => {
    expect(new Set(blocks.map(({ id }) => id)).size).toBe(blocks.length);
  });

  it.each([undefined, null, "fft9", "__proto__", "toString", {}])("refuses %j", (id) => {
    expect(() => chooseBlock(id, {})).toThrow(expect.objectContaining({ code: "EDGE_ML_SETTING" }));
  });
});
