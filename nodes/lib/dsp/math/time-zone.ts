import { IANAZone, SystemZone, type Zone } from "luxon";
import { EdgeMlError } from "../../errors/index.js";

/** All zones change their offset at a whole quarter of an hour. */
const QUARTER = 900_000;

/**
 * The offset of a time zone from UTC, by the time in ms since 1970; asked of the calendar only once for each quarter of
 * an hour.
 * @param name IANA name; empty = the machine's own
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function zoneOffsets(name: string): (time: number) => number {
  const zone = zoneOf(name.trim());
  let quarter = Number.NaN;
  let offset = 0;
  return (time) => {
    const now = Math.floor(time / QUARTER);
    if (now !== quarter) {
      quarter = now;
      offset = zone.offset(now * QUARTER) * 60_000;
    }
    return offset;
  };
}

function zoneOf(name: string): Zone {
  if (name === "") return SystemZone.instance;
  const zone = IANAZone.create(name);
  if (zone.isValid) return zone;
  throw new EdgeMlError("EDGE_ML_SETTING", {
    field: "timeZone",
    got: `"${name}"`,
    expected: "a time zone such as Europe/Berlin, or empty",
  });
}
