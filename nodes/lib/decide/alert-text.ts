import type { Contribution } from "../frame/index.js";
import type { AlertEventName } from "./alert-event.js";
import type { Limit } from "./limits.js";
import type { Condition } from "./settings.js";

/** The most channels or reasons that a sentence names. */
const MAX_NAMED = 3;
const MAX_LENGTH = 64;

/** What a sentence about the condition says. */
export interface ConditionFacts {
  by: Exclude<Condition["by"], "keyword">;
  stream: string;
  score: number;
  limit: Limit;
  label?: string;
  drivers: readonly Contribution[];
  /** ms that the alert has lasted. */
  lasted: number;
  /** Of an escalation. */
  severity: string;
}

/** The sentence of an alert: "AHU-1 is unusual: supply air temperature, cooling valve (score 8.4, limit 3.1)". */
export function conditionText(event: Exclude<AlertEventName, "uncertain">, facts: ConditionFacts): string {
  switch (event) {
    case "raised":
      return found(facts);
    case "escalated":
      return `Now ${facts.severity}: ${found(facts)}`;
    case "reminder":
      return `Still so after ${duration(facts.lasted)}: ${found(facts)}`;
    case "cleared":
      return over(facts);
  }
}

function found({ by, stream, score, limit, label, drivers }: ConditionFacts): string {
  const name = humanise(stream);
  switch (by) {
    case "model":
    case "score": {
      const names = namesOf(drivers);
      const what = name === "" ? "Unusual readings" : `${name} is unusual`;
      return `${names.length === 0 ? what : `${what}: ${names.join(", ")}`} ${scoreAndLimit(score, limit)}`;
    }
    case "class":
      return `${prefix(name)}${humanise(label ?? "")} (${percent(score)} sure, limit ${percent(limit.value)})`;
    case "value": {
      const value = `${humanise(label ?? "") || "the value"} is ${number(score, 5)}`;
      return `${prefix(name)}${value}, ${limit.side} the limit of ${number(limit.value, 5)}`;
    }
  }
}

function over({ by, stream, score, limit, label, lasted }: ConditionFacts): string {
  const name = humanise(stream);
  const after = `after ${duration(lasted)}`;
  switch (by) {
    case "model":
    case "score":
      return `${name === "" ? "Readings are" : `${name} is`} normal again ${after} ${scoreAndLimit(score, limit)}`;
    case "class":
      return `${prefix(name)}no longer ${humanise(label ?? "")}, ${after}`;
    case "value": {
      const value = `${humanise(label ?? "") || "the value"} is ${number(score, 5)}`;
      return `${prefix(name)}${value}, no longer ${limit.side} the limit of ${number(limit.value, 5)}, ${after}`;
    }
  }
}

/** What a sentence about a keyword says. */
export interface KeywordFacts {
  stream: string;
  label: string;
  score?: number;
  threshold?: number;
  /** ms that the alert has lasted. */
  lasted: number;
}

/** The sentence of an alert about a keyword: "Heard “jarvis” (0.93, threshold 0.80)". */
export function keywordText(event: AlertEventName, { stream, label, score, threshold, lasted }: KeywordFacts): string {
  const word = `“${humanise(label)}”`;
  const name = prefix(humanise(stream));
  if (event === "cleared") return `${name}${word} is over, after ${duration(lasted)}`;
  const [heard, perhaps] = name === "" ? ["Heard", "Perhaps heard"] : ["heard", "perhaps heard"];
  const scores = `(${score!.toFixed(2)}, threshold ${threshold!.toFixed(2)})`;
  return `${name}${event === "uncertain" ? perhaps : heard} ${word} ${scores}`;
}

/** The sentence of an alert about a stream that gives nothing to score. */
export function dataText(event: AlertEventName, stream: string, lasted: number, reasons: readonly string[]): string {
  const name = humanise(stream) || "The sensor";
  if (event === "cleared") return `${name} gives usable data again after ${duration(lasted)}`;
  const named = reasons.slice(0, MAX_NAMED).map(reasonText);
  if (reasons.length > MAX_NAMED) named.push(`${reasons.length - MAX_NAMED} more`);
  const still = event === "reminder" ? "still " : "";
  const text = `${name} has ${still}given no usable data for ${duration(lasted)}`;
  return named.length === 0 ? text : `${text}: ${named.join(", ")}`;
}

/** The sentence of an alert that ends without its condition having ended. */
export function endedText(stream: string, why: "restarted" | "forgotten", streams: number): string {
  const name = humanise(stream);
  return why === "restarted"
    ? `${prefix(name)}the alert ended, because the time of the readings started again`
    : `${prefix(name)}the alert ended, because more than ${streams} streams are watched`;
}

/** A name for a person: "supply_air_temperature" → "supply air temperature". */
export function humanise(name: string): string {
  const text = name
    // Control characters would break the line, or worse, the terminal that shows it.
    .replace(/[\p{Cc}\u2028\u2029_]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

/** The names of the channels; an only channel says nothing by itself, and is named with the feature that weighs most in it. */
function namesOf(drivers: readonly Contribution[]): string[] {
  const [only] = drivers;
  if (drivers.length === 1 && only?.feature !== undefined) return [humanise(only.channel), humanise(only.feature)];
  return mainDrivers(drivers).map(({ channel }) => humanise(channel));
}

/** The channels worth naming: the first, and those that weigh at least a third as much. */
function mainDrivers(drivers: readonly Contribution[]): Contribution[] {
  const first = drivers[0];
  if (!first) return [];
  return drivers.slice(0, MAX_NAMED).filter(({ share }) => share > 0 && share >= first.share / 3);
}

/** A duration for a person: 90,000 ms → "1.5 min". */
export function duration(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1000, "s"],
  ];
  for (const [size, unit] of units) if (ms >= size) return `${number(ms / size, 2)} ${unit}`;
  return `${Math.round(ms)} ms`;
}

/** "missing: supply_air_temperature" → "supply air temperature missing". */
function reasonText(reason: string): string {
  const colon = reason.indexOf(":");
  const code = humanise((colon < 0 ? reason : reason.slice(0, colon)).replaceAll("-", " "));
  return colon < 0 ? code : `${humanise(reason.slice(colon + 1))} ${code}`.trim();
}

function scoreAndLimit(score: number, limit: Limit): string {
  return `(score ${number(score, 3)}, limit ${number(limit.value, 3)})`;
}

function prefix(name: string): string {
  return name === "" ? "" : `${name}: `;
}

function percent(share: number): string {
  return `${number(100 * share, 3)} %`;
}

/** With so many digits that count, but never without those before the point. */
function number(value: number, digits: number): string {
  return String(Math.abs(value) >= 10 ** (digits - 1) ? Math.round(value) : Number(value.toPrecision(digits)));
}
