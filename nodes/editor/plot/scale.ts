/** Where a value lies on an axis: 0 at its beginning, 1 at its end. */
export interface Scale {
  kind: "linear" | "log";
  low: number;
  high: number;
}

/** From the smallest to the largest value, with a little room; all values must be finite. */
export function linearScale(low: number, high: number, room = 0): Scale {
  // A single value stands in the middle.
  const span = high - low || Math.abs(high) || 1;
  if (high === low) return { kind: "linear", low: low - span / 2, high: high + span / 2 };
  return { kind: "linear", low: low - room * span, high: high + room * span };
}

/** Scores of which few are far above all others are seen on a logarithmic axis only. @param values finite */
export function scoreScale(values: readonly number[], include: number | undefined): Scale {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return linearScale(0, Math.max(1, 2 * (include ?? 0)));
  const [least, middle, most] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
  const low = Math.min(least, include ?? least);
  const high = Math.max(most, include ?? most);
  const positive = sorted.find((value) => value > 0);
  if (least < 0 || positive === undefined || middle <= 0 || most / middle < 50) return linearScale(low, high, 0.04);
  const bottom = Math.max(positive, middle / 1000);
  return {
    kind: "log",
    low: Math.min(bottom, include !== undefined && include > 0 ? include : bottom) / 1.15,
    high: high * 1.15,
  };
}

/** Beyond the ends values lie on them. */
export function placeOf({ kind, low, high }: Scale, value: number): number {
  const place =
    kind === "linear" ? (value - low) / (high - low) : Math.log(Math.max(value, low) / low) / Math.log(high / low);
  return Math.min(Math.max(place, 0), 1);
}

export function valueAt({ kind, low, high }: Scale, place: number): number {
  const inside = Math.min(Math.max(place, 0), 1);
  return kind === "linear" ? low + inside * (high - low) : low * (high / low) ** inside;
}

/** Round values to write beside an axis, about so many. */
export function ticks(scale: Scale, count: number): number[] {
  return scale.kind === "log" ? decades(scale, count) : even(scale, count);
}

function even({ low, high }: Scale, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  // The round step nearest to it.
  const share = rough / magnitude;
  const step = magnitude * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
  const found: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high && found.length < 50; i++) {
    found.push(Number((i * step).toPrecision(12)));
  }
  return found;
}

function decades({ low, high }: Scale, count: number): number[] {
  const [from, to] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  if (to < from) return even({ kind: "linear", low, high }, count);
  const step = Math.max(1, Math.ceil((to - from + 1) / count));
  const found: number[] = [];
  for (let power = from; power <= to; power += step) found.push(Number(`1e${power}`));
  return found;
}

/** ms; the steps of a time axis. */
const STEPS = [1, 5, 15, 30]
  .map((s) => 1000 * s)
  .concat([1, 5, 15, 30].map((min) => 60_000 * min))
  .concat([1, 3, 6, 12].map((h) => 3_600_000 * h))
  .concat([1, 2, 7, 14, 30, 90, 180, 365, 1825, 3650, 36_500].map((day) => 86_400_000 * day));

/** Round moments of local time, about so many, with a text for each. */
export function timeTicks({ low, high }: Scale, count: number): { time: number; text: string }[] {
  const step = STEPS.find((each) => (high - low) / each <= count) ?? STEPS.at(-1)!;
  const offset = 60_000 * new Date(low).getTimezoneOffset();
  const found: { time: number; text: string }[] = [];
  for (let i = Math.ceil((low - offset) / step); i * step + offset <= high && found.length < 50; i++) {
    const time = i * step + offset;
    found.push({ time, text: timeText(time, step) });
  }
  return found;
}

function timeText(time: number, step: number): string {
  const date = new Date(time);
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  if (step >= 86_400_000) return day;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (step < 60_000) return `${clock}:${two(date.getSeconds())}`;
  return clock === "00:00" ? day.slice(5) : clock;
}

/** A number for an axis: 12000 → "12k". */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toExponential(0);
  for (const [unit, letter] of [
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (size >= unit) return `${Number((value / unit).toPrecision(3))}${letter}`;
  }
  return String(Number(value.toPrecision(3)));
}
