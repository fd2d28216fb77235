import { median } from "../../../bench/lib/measure.ts";
import type { ManifestTriggers } from "../../../nodes/lib/model/manifest.ts";
import { bestOf, peaks, type ScoreLine, smoothed, thresholdFor } from "./curve.ts";
import { type Interval, rateInterval, shareInterval } from "./intervals.ts";
import { type Matched, match } from "./match.ts";
import type { Track } from "./track.ts";

/** What the flow made of a track. */
export interface HeardTrack {
  track: Track;
  triggers: { label: string; time: number }[];
  /** Label by label. */
  scores: ScoreLine[];
  /** That went to the network. */
  windows: number;
}

/** How often a keyword was missed. */
export interface MissRow {
  kind: "misses";
  keyword: string;
  condition: string;
  threshold: number;
  words: number;
  missed: number;
  interval: Interval;
  /** ms after the word's end, of those that were heard; null: none was. */
  latency: number | null;
  /** ms: of 95 %. */
  latency95: number | null;
  /** Words that were told more than once. */
  again: number;
  /** Recordings of other words, and those of them in which this keyword was told. */
  others: number;
  confused: number;
  confusedInterval: Interval;
}

/** How often something was told where there was nothing. */
export interface FalseAlarmRow {
  kind: "false alarms";
  source: string;
  hours: number;
  /** By keyword. */
  alarms: Record<string, number>;
  all: number;
  /** Per hour, of all keywords together. */
  rate: number;
  interval: Interval;
}

/** Another threshold, that is chosen on the very recordings that it is reported on. */
export interface CurveRow {
  kind: "curve";
  keyword: string;
  perHour: number;
  threshold: number;
  hours: number;
  alarms: number;
  /** By condition: missed, of all. */
  misses: Record<string, { missed: number; words: number }>;
}

/** What the sound gate of edge-window saves, and costs. */
export interface GateRow {
  kind: "gate";
  heard: string;
  hours: number;
  /** Windows that went to the network, with the gate and without it. */
  windows: number;
  all: number;
  /** By keyword, of the words in it: missed with the gate and without it. */
  misses: Record<string, { gated: number; open: number; words: number }>;
}

export function gateRow(
  heard: string,
  { open, gated }: { open: HeardTrack; gated: HeardTrack },
  { labels }: ManifestTriggers,
  rate: number,
): GateRow {
  const missed = ({ track, triggers }: HeardTrack, keyword: string) =>
    match(track.words, triggers, rate).words.filter(
      ({ word, latency }) => word.word === keyword && latency === undefined,
    ).length;
  const misses = labels.flatMap(({ label }) => {
    const words = open.track.words.filter(({ word }) => word === label).length;
    return words > 0 ? [[label, { gated: missed(gated, label), open: missed(open, label), words }] as const] : [];
  });
  return {
    kind: "gate",
    heard,
    hours: open.track.samples / rate / 3600,
    windows: gated.windows,
    all: open.windows,
    misses: Object.fromEntries(misses),
  };
}

export function missRows(
  heard: readonly { condition: string; heard: HeardTrack }[],
  { labels }: ManifestTriggers,
  rate: number,
): MissRow[] {
  const rows: MissRow[] = [];
  for (const { label: keyword, threshold } of labels) {
    for (const { condition, heard: one } of heard) {
      const { words } = match(one.track.words, one.triggers, rate);
      const row = missRow(keyword, condition, threshold, words);
      if (row) rows.push(row);
    }
  }
  return rows;
}

function missRow(keyword: string, condition: string, threshold: number, words: Matched["words"]): MissRow | undefined {
  const own = words.filter(({ word }) => word.word === keyword);
  if (own.length === 0) return undefined;
  const others = words.filter(({ word }) => word.word !== keyword);
  const missed = own.filter(({ latency }) => latency === undefined).length;
  const confused = others.filter((each) => each.others.includes(keyword)).length;
  const latencies = own.flatMap(({ latency }) => (latency === undefined ? [] : latency * 1000)).sort((a, b) => a - b);
  return {
    kind: "misses",
    keyword,
    condition,
    threshold,
    words: own.length,
    missed,
    interval: shareInterval(missed, own.length),
    latency: latencies.length > 0 ? median(latencies) : null,
    latency95: latencies[Math.ceil(0.95 * latencies.length) - 1] ?? null,
    again: own.filter(({ again }) => again > 0).length,
    others: others.length,
    confused,
    confusedInterval: shareInterval(confused, others.length),
  };
}

export function falseAlarmRow(
  source: string,
  heard: readonly HeardTrack[],
  { labels }: ManifestTriggers,
  rate: number,
): FalseAlarmRow {
  const hours = heard.reduce((sum, { track }) => sum + track.samples / rate / 3600, 0);
  const triggers = heard.flatMap((each) => each.triggers);
  const alarms = Object.fromEntries(
    labels.map(({ label }) => [label, triggers.filter((trigger) => trigger.label === label).length]),
  );
  const all = triggers.length;
  return { kind: "false alarms", source, hours, alarms, all, rate: all / hours, interval: rateInterval(all, hours) };
}

/**
 * What a threshold would give that is chosen for `perHour` false alarms of each keyword, on the recordings it is reported on.
 * @param quiet without any keyword
 */
export function curveRows(
  words: readonly { condition: string; heard: HeardTrack }[],
  quiet: readonly HeardTrack[],
  { labels, smoothing }: ManifestTriggers,
  rate: number,
  rates: readonly number[],
): CurveRow[] {
  const hours = quiet.reduce((sum, { track }) => sum + track.samples / rate / 3600, 0);
  return labels.flatMap(({ label: keyword }, i) => {
    const line = ({ scores }: HeardTrack) => smoothed(scores[i]!, smoothing);
    const falsePeaks = quiet.flatMap((one) => peaks(line(one))).sort((a, b) => b - a);
    const best = words.map(({ condition, heard }) => {
      const own = heard.track.words.filter(({ word }) => word === keyword);
      return { condition, scores: bestOf(own, line(heard), rate) };
    });
    if (best.every(({ scores }) => scores.length === 0)) return [];
    return rates.map((perHour): CurveRow => {
      const threshold = thresholdFor(falsePeaks, hours, perHour);
      const misses = best.map(({ condition, scores }) => {
        const missed = scores.filter((score) => score < threshold).length;
        return [condition, { missed, words: scores.length }] as const;
      });
      const alarms = falsePeaks.filter((peak) => peak >= threshold).length;
      return { kind: "curve", keyword, perHour, threshold, hours, alarms, misses: Object.fromEntries(misses) };
    });
  });
}

/**
 * The same counts as the flow's own, worked out from its scores: how far both agree says whether the curve can be
 * believed. (A flow tells only one of two keywords that come at once.)
 */
export function recount(heard: readonly HeardTrack[], { labels, smoothing }: ManifestTriggers): Record<string, number> {
  return Object.fromEntries(
    labels.map(({ label, threshold }, i) => [
      label,
      heard.reduce(
        (sum, one) => sum + peaks(smoothed(one.scores[i]!, smoothing)).filter((p) => p >= threshold).length,
        0,
      ),
    ]),
  );
}
