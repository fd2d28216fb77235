import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { ChunkQueue } from "../../../nodes/lib/capture/chunk-queue.ts";

it("a queue of chunks hands them over in order, a few each turn, and drops the oldest beyond its limit", async () => {
  const given: number[] = [];
  const queue = new ChunkQueue<number>(20, (chunk) => given.push(chunk));
  for (let i = 0; i < 50; i++) queue.push(i);
  expect(given).toEqual([]);
  expect(queue.dropped).toBe(30);
  await turn();
  expect(given.length).toBeLessThan(20);
  for (let i = 0; i < 5; i++) await turn();
  expect(given).toEqual(Array.from({ length: 20 }, (_, i) => 30 + i));
  queue.push(99);
  queue.clear();
  await turn();
  expect(given).not.toContain(99);
});
