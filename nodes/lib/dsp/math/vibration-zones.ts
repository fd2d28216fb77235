/** Where the zones A, B, C and D of a machine meet: vibration velocity in mm/s RMS. */
export type ZoneLimits = readonly [ab: number, bc: number, cd: number];

/**
 * The zone boundaries for vibration of non-rotating parts, 10 Hz (2 Hz for slow machines) to 1000 Hz.
 * ISO 10816-3:2009, tables A.1 and A.2: group 1 is 300 kW to 50 MW or a shaft height from 315 mm, group 2 is 15 kW to
 * 300 kW or 160 mm to 315 mm. (ISO 20816-3:2022 follows it; it is said to judge zones A and B as one.) ISO 10816-1:1995,
 * table B.1: class I small machines to 15 kW, class II to 75 kW (to 300 kW on special foundations), class III large on
 * rigid and class IV large on soft foundations.
 */
export const VIBRATION_ZONES = {
  "ISO 10816-3 group 1, rigid": [2.3, 4.5, 7.1],
  "ISO 10816-3 group 1, flexible": [3.5, 7.1, 11],
  "ISO 10816-3 group 2, rigid": [1.4, 2.8, 4.5],
  "ISO 10816-3 group 2, flexible": [2.3, 4.5, 7.1],
  "ISO 10816-1 class I": [0.71, 1.8, 4.5],
  "ISO 10816-1 class II": [1.12, 2.8, 7.1],
  "ISO 10816-1 class III": [1.8, 4.5, 11.2],
  "ISO 10816-1 class IV": [2.8, 7.1, 18],
} as const satisfies Record<string, ZoneLimits>;

/**
 * The zone of a velocity.
 * @param velocity mm/s RMS
 * @returns 1 (A: new), 2 (B: fine for long operation), 3 (C: not for long), 4 (D: does damage); a velocity on a boundary is
 * still in the better zone; NaN for NaN
 */
export function zoneOf(velocity: number, [ab, bc, cd]: ZoneLimits): number {
  if (Number.isNaN(velocity)) return Number.NaN;
  if (velocity <= ab) return 1;
  if (velocity <= bc) return 2;
  return velocity <= cd ? 3 : 4;
}
