import { EdgeMlError } from "../../errors/index.js";
import { zoneOffsets } from "../math/time-zone.js";
import type { Block } from "./block.js";

const VALUES = ["time of day", "weekday", "weekend", "day of year", "hour", "weekday number"] as const;
type Value = (typeof VALUES)[number];
const NAMES: Record<Value, readonly string[]> = {
  "time of day": ["time of day sin", "time of day cos"],
  weekday: ["weekday sin", "weekday cos"],
  weekend: ["weekend"],
  "day of year": ["day of year sin", "day of year cos"],
  hour: ["hour"],
  "weekday number": ["weekday number"],
};

interface TimeOfDayOptions {
  values: Value[];
  at: "start" | "middle" | "end";
  /** IANA name; empty = the machine's own. */
  timeZone: string;
}

const DAY = 86_400_000;

/**
 * When the window was, by the clock on the wall: what is normal at noon on a Monday may not be at night. A cycle is a
 * point on a circle, sin and cos of 2π times the share that is over, so that 23:59 lies beside 0:00: of the day (0:00 is
 * 0), of the week by whole days (Monday is 0), of the year by whole days (1 January is 0). weekend: 1 on Saturday and
 * Sunday; hour: 0 … 24 with its fraction; weekday number: 1 (Monday) … 7.
 */
export const timeOfDay: Block<TimeOfDayOptions> = {
  id: "time-of-day",
  version: 1,
  title: "Time of day and weekday",
  group: "calendar",
  about: "When it was: lets a model learn that nights and weekends are different. For buildings and HVAC.",
  cost: "O(1)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      values: {
        type: "array",
        items: { enum: VALUES },
        minItems: 1,
        uniqueItems: true,
        default: ["time of day", "weekday"],
        title: "Values",
      },
      at: { type: "string", enum: ["start", "middle", "end"], default: "end", title: "Of the window's" },
      timeZone: {
        type: "string",
        maxLength: 64,
        default: "",
        title: "Time zone",
        description: "For example Europe/Berlin; empty: the gateway's own.",
      },
    },
  },
  plan(_, { values, at, timeZone }) {
    const wanted = VALUES.filter((value) => values.includes(value));
    if (wanted.length === 0) {
      throw new EdgeMlError("EDGE_ML_SETTING", { field: "values", got: "empty", expected: "at least one value" });
    }
    const offsetAt = zoneOffsets(timeZone);
    const names = wanted.flatMap((value) => NAMES[value]);
    return {
      shape: [names.length],
      names,
      channels: names.map(() => undefined),
      units: names.map((name) => (name === "hour" ? "h" : "")),
      compute(_window, out, offset, { start, end }) {
        const time = at === "start" ? start : at === "end" ? end : (start + end) / 2;
        const local = time + offsetAt(time);
        const days = Math.floor(local / DAY);
        const ofDay = local / DAY - days;
        // 1 January 1970 was a Thursday.
        const weekday = (((days + 3) % 7) + 7) % 7;
        let i = offset;
        for (const value of wanted) {
          if (value === "weekend") out[i++] = weekday >= 5 ? 1 : 0;
          else if (value === "hour") out[i++] = 24 * ofDay;
          else if (value === "weekday number") out[i++] = weekday + 1;
          else {
            const share = value === "time of day" ? ofDay : value === "weekday" ? weekday / 7 : shareOfYear(days);
            out[i++] = Math.sin(2 * Math.PI * share);
            out[i++] = Math.cos(2 * Math.PI * share);
          }
        }
      },
    };
  },
};

/** @param days since 1 January 1970 */
function shareOfYear(days: number): number {
  const year = new Date(days * DAY).getUTCFullYear();
  const first = Date.UTC(year, 0, 1) / DAY;
  return (days - first) / (Date.UTC(year + 1, 0, 1) / DAY - first);
}
