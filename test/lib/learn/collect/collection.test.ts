import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Frame } from "../../../../nodes/lib/frame/index.ts";
import { Collection, type Keep, MAX_FRAMES } from "../../../../nodes/lib/learn/collect/collection.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-collection-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function collection(keep: Keep): Promise<Collection> {
  const one = new Collection({ base: join(folder, "n"), keep, onError: (error) => expect.fail(error.message) });
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
