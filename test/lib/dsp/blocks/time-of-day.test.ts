import { describe, expect, it } from "vitest";
import { golden } from "../../../golden/blocks/time.ts";
import { expectClose, featuresOf, planBlock } from "../../../support/blocks.ts";

const ALL = ["time of day", "weekday", "weekend", "day of year", "hour", "weekday number"];
const circle = (share: number) => [Math.sin(2 * Math.PI * share), Math.cos(2 * Math.PI * share)];

describe("Time of day and weekday", () => {
  it.each(golden.times)("agrees with Python's calendar: $zone at $time", (one) => {
    const plan = planBlock("time-of-day", { values: ALL, timeZone: one.zone }, { samples: 1 });
    expectClose(
      featuresOf(plan, [0], { start: 0, end: one.time }),
      [...circle(one.day), ...circle(one.week), one.weekend, ...circle(one.year), one.hour, one.weekday],
      1e-6,
      1e-6,
    );
  });

  it("does not depend on the windows before", () => {
    const plan = planBlock("time-of-day", { values: ["hour"], timeZone: "Europe/Berlin" }, { samples: 1 });
    const hour = (iso: string) => featuresOf(plan, [0], { start: 0, end: Date.parse(iso) })[0];
    // The clock goes forward at 1:00 UTC, and back in October.
    expect(["00:59:00", "01:00:00", "00:59:00"].map((time) => Math.floor(hour(`2026-03-29T${time}Z`)!))).toEqual([
      1, 3, 1,
    ]);
    expect(["00:59:00", "01:00:00"].map((time) => Math.floor(hour(`2026-10-25T${time}Z`)!))).toEqual([2, 2]);
  });

  it.each([
    ["start", 1],
    ["middle", 2],
    ["end", 3],
  ])("of the window's %s", (at, hour) => {
    const plan = planBlock("time-of-day", { values: ["hour"], at, timeZone: "UTC" }, { samples: 1 });
    expect(featuresOf(plan, [0], { start: 3_600_000, end: 3 * 3_600_000 })).toEqual([hour]);
  });

  it("has no channel, and looks at no sample", () => {
    const plan = planBlock("time-of-day", { timeZone: "UTC" }, { samples: 2, channels: 2 });
    expect(plan.names).toEqual(["time of day sin", "time of day cos", "weekday sin", "weekday cos"]);
    expect(plan.channels).toEqual([undefined, undefined, undefined, undefined]);
    expect(featuresOf(plan, new Array(4).fill(Number.NaN)).every(Number.isFinite)).toBe(true);
  });

  it("empty is the machine's own zone", () => {
    const plan = planBlock("time-of-day", { values: ["hour"] }, { samples: 1 });
    const now = new Date(2026, 5, 1, 14, 30);
    expect(featuresOf(plan, [0], { start: 0, end: now.getTime() })).toEqual([14.5]);
  });

  it("a zone that does not exist is refused", () => {
    expect(() => planBlock("time-of-day", { timeZone: "Mars/Olympus" }, { samples: 1 })).toThrow(/Europe\/Berlin/);
  });
});
