import { type AlertInterval, byDay, detection, isDetected, median, rocAuc } from "../../../nodes/lib/evaluate/index.ts";
import type { Method } from "../methods.ts";
import type { Outcome, Played } from "../play/index.ts";
import type { Unit } from "./split.ts";

/** Wished false alarms per day of minutes, and what the table calls it. */
export interface Wish {
  falseAlarmsPerDay: number;
  title: string;
}

/** More than this share of a day's minutes above the threshold: the day is detected (as in the reference). */
export const DAY_SHARE = 0.1;

/** One day of the test part. */
export interface DayRow {
  date: string;
  faulty: boolean;
  minutes: number;
  /** Share of its minutes above the threshold. */
  exceeding: number;
  detected: boolean;
  /** Raised on this day, or one from before that stood all day: that is not news, so it has no delay. */
  alert: "raised" | "stood" | null;
  /** Minutes from the day's first scored one to the alert that was raised. */
  alertAfter: number | null;
}

/** One line of the table, and one row of --json. */
export interface Row {
  unit: string;
  method: string;
  thresholdFor: string;
  threshold: number;
  trainingFrames: number;
  /** By minute, of scored minutes. */
  auc: number;
  minutes: number;
  unscoredMinutes: number;
  faultDays: number;
  detectedDays: number;
  alertedDays: number;
  /** Of these, with an alert that stood from the day before. */
  stoodDays: number;
  /** Fault-free days of the test; null when there are none that are whole. */
  normalDays: number | null;
  falseDays: number | null;
  falseAlertDays: number | null;
  /** Minutes, of the fault days on which an alert was raised; null without any. */
  medianDelay: number | null;
  readingsPerSecond: number;
  peakMemoryMB: number;
  nodeRed: string;
  node: string;
  warnings: string[];
  /** What edge-alert said, in its own words. */
  alerts: string[];
  days: DayRow[];
}

/** @param outcome of one round */
export function score(unit: Unit, method: Method, wish: Wish, outcome: Outcome): Row {
  const [round] = outcome.rounds;
  const { rows, seconds, unscored, alerts, warnings, threshold, trainingFrames } = round!;
  const results = round!.results.map(momentOf);
  const intervals = alertIntervals(results);
  const days = byDay(results).map((day): DayRow => {
    const found = detection(day, intervals);
    return {
      date: day.date,
      faulty: day.faulty,
      minutes: day.moments,
      exceeding: day.exceeding / day.moments,
      detected: isDetected(day, DAY_SHARE),
      alert: found?.kind ?? null,
      alertAfter: found?.kind === "raised" ? found.delay / 60_000 : null,
    };
  });
  const faulty = days.filter((day) => day.faulty);
  const normal = unit.faultFreeDays ? days.filter((day) => !day.faulty) : undefined;
  const alerted = (list: DayRow[]) => list.filter(({ alert }) => alert !== null);
  const delays = faulty.map(({ alertAfter }) => alertAfter).filter((delay) => delay !== null);
  return {
    unit: unit.name,
    method: method.title,
    thresholdFor: wish.title,
    threshold: threshold!,
    trainingFrames,
    auc: rocAuc(
      results.map((result) => result.score),
      results.map((result) => result.faulty),
    ),
    minutes: results.length,
    unscoredMinutes: unscored,
    faultDays: faulty.length,
    detectedDays: faulty.filter(({ detected }) => detected).length,
    alertedDays: alerted(faulty).length,
    stoodDays: faulty.filter(({ alert }) => alert === "stood").length,
    normalDays: normal?.length ?? null,
    falseDays: normal?.filter(({ detected }) => detected).length ?? null,
    falseAlertDays: normal ? alerted(normal).length : null,
    medianDelay: delays.length > 0 ? median(delays) : null,
    readingsPerSecond: Math.round(rows / seconds),
    peakMemoryMB: Math.round(outcome.peakMemory / 1024 / 1024),
    nodeRed: outcome.nodeRed,
    node: outcome.node,
    warnings,
    alerts,
    days,
  };
}

interface Moment {
  time: number;
  faulty: boolean;
  score: number;
  exceeds: boolean;
  alert: boolean;
}

function momentOf({ time, truth, score, exceeds, alert }: Played): Moment {
  return { time, faulty: truth === "1", score: score!, exceeds: exceeds!, alert: alert! };
}

/** When an alert stood: from the result that raised it to the one that cleared it. */
function alertIntervals(results: readonly Moment[]): AlertInterval[] {
  const intervals: AlertInterval[] = [];
  let open: AlertInterval | undefined;
  for (const { time, alert } of results) {
    if (alert && !open) {
      open = { raised: time };
      intervals.push(open);
    } else if (!alert && open) {
      open.cleared = time;
      open = undefined;
    }
  }
  return intervals;
}
