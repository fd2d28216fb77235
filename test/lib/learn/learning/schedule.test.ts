import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LearningSettings } from "../../../../nodes/lib/learn/index.ts";
import { add, event, held, instant, learning, requests, saved } from "./support.ts";

const HOUR = 3_600_000;
const NOW = 1.7e12;
const hourly: Partial<LearningSettings> = { again: { by: "time", every: HOUR } };

beforeEach(() => {
  // Files need the real ones.
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "setTimeout", "clearTimeout"] });
});
afterEach(() => vi.useRealTimers());

async function learned(settings = hourly) {
  const one = learning(settings, instant);
  await one.ready;
  const first = event(one, "learned");
  add(one, 0, 30);
  await first;
  return one;
}

describe("learning again every hour", () => {
  it("learns from the latest frames when the hour is over, whatever number there is", async () => {
    const one = await learned();
    expect(one).toMatchObject({ phase: "collecting", next: NOW + HOUR, progress: { timed: true } });
    add(one, 30, 40);
    await vi.advanceTimersByTimeAsync(HOUR - 1);
    expect(saved).toHaveLength(1);
    const second = event(one, "learned");
    await vi.advanceTimersByTimeAsync(1);
    await second;
    const { start, rows } = requests[1]!.frames;
    expect([rows, start[0]]).toEqual([30, 10_000]);
    expect(one.next).toBe(NOW + 2 * HOUR);
    await one.close(true);
  });

  it("makes no other version of what has not changed", async () => {
    const one = await learned();
    await vi.advanceTimersByTimeAsync(3 * HOUR);
    expect(saved).toHaveLength(1);
    expect(one.next).toBe(NOW + 4 * HOUR);
    add(one, 30, 31);
    const second = event(one, "learned");
    await vi.advanceTimersByTimeAsync(HOUR);
    await second;
    await one.close(true);
  });

  it("does once after a restart what was missed", async () => {
    const one = await learned();
    add(one, 30, 35);
    await one.close(false);
    vi.setSystemTime(NOW + 10 * HOUR);
    const after = learning(hourly, instant);
    await event(after, "learned");
    expect(saved).toHaveLength(2);
    expect(after.next).toBe(NOW + 11 * HOUR);
    await vi.advanceTimersByTimeAsync(5 * HOUR);
    expect(saved).toHaveLength(2);
    await after.close(true);
  });

  it("keeps its time over a restart, and a shorter hour counts at once", async () => {
    const one = await learned();
    add(one, 30, 35);
    await one.close(false);
    vi.setSystemTime(NOW + HOUR / 2);
    const after = learning(hourly, instant);
    await after.ready;
    expect(after.next).toBe(NOW + HOUR);
    await after.close(false);
    const sooner = learning({ again: { by: "time", every: 60_000 } }, instant);
    await sooner.ready;
    expect(sooner.next).toBe(NOW + HOUR / 2 + 60_000);
    await sooner.close(true);
  });

  it("takes the interval up when a flow that learned once is to learn again", async () => {
    const one = await learned({});
    expect(one).toMatchObject({ phase: "learned", next: undefined });
    await one.close(false);
    const again = learning(hourly, instant);
    await again.ready;
    expect(again).toMatchObject({ phase: "collecting", next: NOW + HOUR });
    await again.close(true);
  });

  it("waits for weeks, which is longer than a timer can", async () => {
    const month = 30 * 24 * HOUR;
    const one = await learned({ again: { by: "time", every: month } });
    add(one, 30, 31);
    await vi.advanceTimersByTimeAsync(month - 1);
    expect(saved).toHaveLength(1);
    const second = event(one, "learned");
    await vi.advanceTimersByTimeAsync(1);
    await second;
    await one.close(true);
  });

  it("tries again at the next hour after a training that failed", async () => {
    const one = await learned();
    await one.close(false);
    const slow = held();
    const after = learning(hourly, slow.start);
    await after.ready;
    add(after, 30, 31);
    await vi.advanceTimersByTimeAsync(HOUR);
    const problem = event(after, "problem");
    slow.end(new Error("no"));
    await problem;
    expect(after).toMatchObject({ phase: "failed", problem: { code: "EDGE_ML_INTERNAL" } });
    add(after, 31, 32);
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(requests).toHaveLength(3);
    await after.close(true);
  });

  it("goes on when a training takes longer than the interval", async () => {
    const slow = held();
    const one = learning(hourly, slow.start);
    await one.ready;
    add(one, 0, 30);
    add(one, 30, 31);
    await vi.advanceTimersByTimeAsync(2.5 * HOUR);
    expect(requests).toHaveLength(1);
    expect(one.next).toBe(NOW + 3 * HOUR);
    await one.close(true);
  });

  it("is not called off by stop and start, but by reset", async () => {
    const one = await learned();
    await one.command("stop");
    add(one, 30, 35);
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(saved).toHaveLength(1);
    await one.command("start");
    expect(one.next).toBe(NOW + 2 * HOUR);
    await one.command("reset");
    expect(one).toMatchObject({ next: undefined, phase: "collecting", collected: 0 });
    await one.close(true);
  });
});

describe("the end of a recording that is played", () => {
  it("learns from all that came, once", async () => {
    const one = learning({ amount: { told: true } }, instant);
    await one.ready;
    add(one, 0, 50);
    await one.ended();
    expect(requests[0]!.frames.rows).toBe(50);
    await one.ended();
    expect(saved).toHaveLength(1);
    await one.close(true);
  });

  it("says when it was too little", async () => {
    const one = learning({ amount: { told: true } }, instant);
    await one.ready;
    add(one, 0, 5);
    await expect(one.ended()).rejects.toMatchObject({ code: "EDGE_ML_LEARN_TOO_FEW" });
    await one.close(true);
  });
});
