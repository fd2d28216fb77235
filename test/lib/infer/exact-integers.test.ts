import * as ort from "onnxruntime-node";
import { beforeEach, expect, it, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
});

/** ONNX Runtime on a processor whose sums of products come out so; undefined for this one. */
async function optionsWith(sum?: number): Promise<ort.InferenceSession.SessionOptions> {
  const { exactIntegers } = await import("../../../nodes/lib/infer/exact-integers.ts");
  if (sum === undefined) return exactIntegers(ort);
  const run = async () => ({ sum: { data: Int32Array.of(sum) } });
  const create = async () => ({ run, release: async () => undefined });
  return exactIntegers({ ...ort, InferenceSession: { create } } as unknown as typeof ort);
}

it("asks for nothing where sums of 8-bit products are right", async () => {
  expect(await optionsWith(64 * 255 * 127)).toEqual({});
});

it("asks for exact kernels where pairs of products are cut to 16 bits", async () => {
  expect(await optionsWith(32 * 32767)).toEqual({ extra: { session: { x64quantprecision: "1" } } });
});

it("has one of both on this machine, and ONNX Runtime takes it", async () => {
  const options = await optionsWith();
  expect([undefined, "1"]).toContain((options.extra?.session as { x64quantprecision?: string })?.x64quantprecision);
});
