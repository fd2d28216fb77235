import { expect, it } from "vitest";
import { RecentFrames } from "../../../nodes/lib/infer/recent-frames.ts";
import { featureInfo } from "../../support/infer-models.ts";

const frame = (first: number, length = 4) => ({ data: new Float32Array(length).fill(first), info: featureInfo() });
const firsts = (recent: RecentFrames) => recent.list().map(({ data }) => data[0]);

it("remembers the last 64, oldest first", () => {
  const recent = new RecentFrames();
  expect(recent.list()).toEqual([]);
  for (let i = 0; i < 200; i++) recent.add(frame(i));
  expect(firsts(recent)).toEqual(Array.from({ length: 64 }, (_, i) => 136 + i));
});

it("remembers copies: what senders do to their arrays later changes nothing, nor does what comes change a list", () => {
  const recent = new RecentFrames();
  const sent = frame(1);
  recent.add(sent);
  sent.data.fill(9);
  const list = recent.list();
  for (let i = 0; i < 64; i++) recent.add(frame(2));
  expect([...list[0]!.data]).toEqual([1, 1, 1, 1]);
});

it("holds at most 4 MiB of numbers, whatever their lengths", () => {
  const recent = new RecentFrames();
  const quarter = 256 * 1024;
  for (let i = 0; i < 10; i++) recent.add(frame(i, quarter));
  expect(firsts(recent)).toEqual([6, 7, 8, 9]);
  recent.add(frame(10, 4));
  expect(firsts(recent)).toEqual([7, 8, 9, 10]);
  // Larger than all that may be held: it is not remembered, and nothing goes for it.
  recent.add(frame(11, 4 * quarter + 1));
  expect(firsts(recent)).toEqual([7, 8, 9, 10]);
});

it("counts what came beside a frame for a model's further inputs", () => {
  const recent = new RecentFrames();
  const more = new Map([["weather", new Float64Array(128 * 1024)]]);
  for (let i = 0; i < 10; i++) recent.add(frame(i), more);
  expect(firsts(recent)).toEqual([7, 8, 9]);
  expect(recent.list()[0]!.more).toBe(more);
  recent.add(frame(10), new Map([["words", Array.from({ length: 1024 }, () => "x".repeat(1024))]]));
  expect(firsts(recent)).toEqual([9, 10]);
});
