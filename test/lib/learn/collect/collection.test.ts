import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Frame } from "../../../../nodes/lib/frame/index.ts";
import { Collection, type Keep, MAX_FRAMES } from "../../../../nodes/lib/learn/collect/collection.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-collection-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function collection(keep: Keep, isApart?: (label: string | undefined) => boolean): Promise<Collection> {
  const one = new Collection({
    base: join(folder, "n"),
    keep,
    ...(isApart ? { isApart } : {}),
    onError: (error) => expect.fail(error.message),
  });
  await one.load();
  return one;
}

function frame(i: number): Frame {
  return {
    data: Float32Array.of(i),
    info: {
      kind: "features",
      shape: [1],
      names: ["a"],
      stream: "s",
      seq: i,
      start: i,
      end: i,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: { version: 1 },
    },
  };
}

const BALANCED: [title: string, keep: Keep][] = [
  ["thinned", { balanced: true }],
  ["the latest", { balanced: true, latest: MAX_FRAMES }],
  ["the latest of each label", { balanced: true, latest: MAX_FRAMES, each: 500 }],
];
it.each(BALANCED)("a label that came long ago is still there after a restart: %s", async (_, keep) => {
  const one = await collection(keep);
  for (let i = 0; i < 300; i++) one.add(frame(i), "rare", "m");
  for (let i = 300; i < 70_000; i++) one.add(frame(i), "often", "m");
  expect(one.counts[0]).toEqual({ label: "rare", count: 300 });
  const before = one.batch();
  await one.flush();
  const again = await collection(keep);
  expect(again.batch()).toEqual(before);
  expect(again.counts).toEqual(one.counts);
  expect(one.dropped).toBe(keep.latest === undefined ? 70_000 - one.count : 0);
  // Frames that came behind the last one that was kept are in no journal.
  expect(one.dropped - again.dropped).toBeLessThan(before.stride);
  await again.clear();
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});

it("frames that must follow each other are never thinned out", async () => {
  const one = await collection({ consecutive: true });
  for (let i = 0; i < 45_000; i++) one.add(frame(i), undefined, "m");
  await one.flush();
  const { start, stride } = (await collection({ consecutive: true })).batch();
  expect(stride).toBe(1);
  expect([start.length, start[0], start.at(-1)]).toEqual([20_000, 25_000, 44_999]);
});

describe("frames that are kept apart", () => {
  const isFault = (label: string | undefined) => label !== undefined;

  it("stand behind the others, which they do not touch", async () => {
    const one = await collection({ latest: 100 }, isFault);
    for (let i = 0; i < 100; i++) one.add(frame(i), i % 10 === 3 ? "leak" : undefined, "m");
    expect(one).toMatchObject({ count: 90, limit: 100, span: 99, dropped: 0, counts: [] });
    expect(one.apart).toEqual([{ label: "leak", count: 10 }]);
    const { rows, data, label, labels, streams } = one.batch();
    expect([rows, labels, streams]).toEqual([100, ["leak"], ["s"]]);
    expect([...label]).toEqual([...new Array(90).fill(-1), ...new Array(10).fill(0)]);
    expect([...data.subarray(88)]).toEqual([98, 99, 3, 13, 23, 33, 43, 53, 63, 73, 83, 93]);
    // Of the others only the latest are asked for.
    expect(one.batch(5).rows).toBe(5 + 10);
  });

  const KEPT: [title: string, keep: Keep, most: number][] = [
    ["thinned", {}, MAX_FRAMES / 10],
    ["the latest", { latest: MAX_FRAMES }, MAX_FRAMES / 10],
    ["the latest few", { latest: 1000 }, 100],
  ];
  it.each(KEPT)("are at most a tenth, and there again after a restart: %s", async (_, keep, most) => {
    const one = await collection(keep, isFault);
    for (let i = 0; i < 30; i++) one.add(frame(i), "rare", "m");
    for (let i = 30; i < 70_000; i++) one.add(frame(i), i % 2 === 0 ? "often" : undefined, "m");
    expect(one.apart[0]).toEqual({ label: "rare", count: 30 });
    const often = one.apart[1]!.count;
    expect(often + 30).toBeLessThanOrEqual(most);
    expect(often + 30).toBeGreaterThan(most / 2);
    const before = one.batch();
    await one.flush();
    const again = await collection(keep, isFault);
    expect(again.batch()).toEqual(before);
    expect(again.apart).toEqual(one.apart);
    // What is on disk is bounded, too.
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(100 * 2 * 1.1 * MAX_FRAMES);
    await again.clear();
    expect([again.count, again.apart]).toEqual([0, []]);
  });

  it("may come first", async () => {
    const one = await collection({}, isFault);
    one.add(frame(0), "leak", "m");
    expect([one.count, one.limit]).toEqual([0, MAX_FRAMES]);
    expect(() => one.add({ ...frame(1), info: { ...frame(1).info, names: ["b"] } }, undefined, "m")).toThrow(
      expect.objectContaining({ code: "EDGE_ML_RECIPE_MISMATCH" }),
    );
  });
});
