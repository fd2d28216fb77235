import { describe, expect, it } from "vitest";
import { Cancelled, NativeGate } from "../../../../nodes/lib/learn/kernels/native-gate.ts";

describe("NativeGate", () => {
  it("is occupied while a call is under way, however many there are", async () => {
    const gate = new NativeGate();
    const seen: boolean[] = [];
    const call = () => gate.through(async () => seen.push(gate.occupied));
    await Promise.all([call(), call()]);
    expect(seen).toEqual([true, true]);
    expect(gate.occupied).toBe(false);
  });

  it("lets nobody in after a cancel from the other side, and lets out who is in", async () => {
    const inside = new NativeGate();
    const outside = new NativeGate(inside.memory);
    let leave: () => void = () => undefined;
    const run = inside.through(
      () =>
        new Promise<string>((resolve) => {
          leave = () => resolve("done");
        }),
    );
    outside.cancel();
    expect(outside.occupied).toBe(true);
    leave();
    expect(await run).toBe("done");
    expect(outside.occupied).toBe(false);
    let called = false;
    const late = inside.through(async () => {
      called = true;
    });
    await expect(late).rejects.toThrow(Cancelled);
    expect(called).toBe(false);
    expect(outside.occupied).toBe(false);
    expect(() => inside.check()).toThrow(Cancelled);
  });

  it("is left when the call fails", async () => {
    const gate = new NativeGate();
    await expect(gate.through(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(gate.occupied).toBe(false);
  });
});
