import type { Manifest } from "../../../nodes/lib/index.ts";
import { percent, table } from "../table.ts";
import type { CurveRow, FalseAlarmRow, GateRow, MissRow } from "./figures.ts";
import type { Interval } from "./intervals.ts";

const shares = ({ low, high }: Interval) => `${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)} %`;
const rates = ({ low, high }: Interval) => `${low.toFixed(2)} – ${high.toFixed(2)}`;
const milliseconds = (value: number | null) => (value === null ? "–" : `${Math.round(value)} ms`);

export function missTable(rows: readonly MissRow[]): string {
  const header = [
    "keyword",
    "threshold",
    "beside it",
    "words",
    "missed",
    "",
    "95 %",
    "after its end",
    "95 % within",
    "twice",
    "other words",
    "told in",
    "95 %",
  ]; // prettier-ignore
  const cells = groups(rows, ({ keyword }) => keyword).flatMap((group, i) => [
    ...(i > 0 ? [[]] : []),
    ...group.map((row) => [
      row.keyword,
      row.threshold.toFixed(2),
      row.condition,
      `${row.words}`,
      `${row.missed}`,
      percent(row.missed / row.words),
      shares(row.interval),
      milliseconds(row.latency),
      milliseconds(row.latency95),
      `${row.again}`,
      `${row.others}`,
      `${row.confused}`,
      shares(row.confusedInterval),
    ]),
  ]);
  return table(header, cells);
}

export function falseAlarmTable(rows: readonly FalseAlarmRow[], keywords: readonly string[]): string {
  const header = ["heard without keyword", "hours", ...keywords, "all", "per hour", "95 %"];
  const cells = rows.map(({ source, hours, alarms, all, rate, interval }) => [
    source,
    hours.toFixed(hours < 0.1 ? 3 : 2),
    ...keywords.map((keyword) => `${alarms[keyword] ?? 0}`),
    `${all}`,
    rate.toFixed(2),
    rates(interval),
  ]);
  return table(header, cells);
}

export function curveTable(rows: readonly CurveRow[], conditions: readonly string[]): string {
  const header = [
    "keyword",
    "at most per hour",
    "threshold",
    "false alarms",
    ...conditions.map((name) => `missed, ${name}`),
  ];
  const cells = groups(rows, ({ keyword }) => keyword).flatMap((group, i) => [
    ...(i > 0 ? [[]] : []),
    ...group.map(({ keyword, perHour, threshold, hours, alarms, misses }) => [
      keyword,
      `${perHour}`,
      threshold.toFixed(3),
      `${alarms} in ${hours.toFixed(2)} h`,
      ...conditions.map((name) => {
        const one = misses[name];
        return one ? `${one.missed}/${one.words} (${percent(one.missed / one.words)})` : "–";
      }),
    ]),
  ]);
  return table(header, cells);
}

export function gateTable(rows: readonly GateRow[], keywords: readonly string[]): string {
  const header = [
    "with the sound gate",
    "hours",
    "windows to the network",
    ...keywords.map((each) => `missed, ${each}`),
  ];
  const cells = rows.map(({ heard, hours, windows, all, misses }) => [
    heard,
    hours.toFixed(2),
    percent(windows / all),
    ...keywords.map((keyword) => {
      const one = misses[keyword];
      return one ? `${one.gated}/${one.words} (without it ${one.open})` : "–";
    }),
  ]);
  return table(header, cells);
}

function groups<T>(rows: readonly T[], key: (row: T) => string): T[][] {
  const byKey = new Map<string, T[]>();
  for (const row of rows) byKey.set(key(row), [...(byKey.get(key(row)) ?? []), row]);
  return [...byKey.values()];
}

/** How the numbers came about, and what others say of theirs. */
export function notes({ triggers }: Manifest): string[] {
  const { smoothing, hop, falseAlarmsPerHour } = triggers!;
  return [
    `Thresholds: the bundle's own, chosen on other recordings for ${falseAlarmsPerHour} false alarms per hour of all keywords`,
    `together; each is held against the mean of ${smoothing} scores, ${hop} ms apart. Intervals: Clopper and Pearson's of shares,`,
    "Garwood's of rates (Poisson), 95 %. They know of chance only: few speakers, one noise and quiet rooms are no more than that.",
    "Words: each recording as it is, behind 2.8 s of another person's speech as loud as the word, half a second of pause before",
    "it, 1.5 s after it. SNR: mean power of the word's speech (10 ms frames within 25 dB of its loud ones, and 6 dB above its",
    "quiet ones) over the mean power of the noise under it. Babble: six test speakers at once. A word is heard when its keyword",
    "is told between its beginning and 1 s after its end; told twice: again in that time. Its end is that of its last frame of",
    "speech. The delay is in the sound's time; a microphone adds the length of its chunks.",
  ];
}

/** What others say of themselves. None of it was measured here. */
export const PUBLISHED = [
  'openWakeWord aims at under 5 % misses at under 0.5 false alarms per hour and model; its "alexa" about 4 % at 0.4 to 0.5, by',
  "  itself: the same crowd-sourced recordings of that word (all of them, none learned from), in noise of homes (DEMAND) at 10 dB",
  "  and in recorded rooms; false alarms over some hours of a dinner party (DiPCo).",
  'microWakeWord: 2 % misses at 0.12 and 0.19 false alarms per hour, by itself: "Okay Nabu" spoken by a synthesiser; false alarms',
  "  in LibriSpeech with DEMAND, and at that dinner party.",
  "Porcupine: 2.7 % misses at 1 false alarm in 10 h, by its maker: the mean of these six keywords, all recordings, at 10 dB in",
  "  DEMAND, thresholds chosen on the same sounds, which are speech for a fifth of the time. There Snowboy misses 31.9 %,",
  "  PocketSphinx 52.0 %.",
];
