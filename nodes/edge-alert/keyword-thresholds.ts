import { labelList } from "./config.js";

/** Thresholds as they are typed: one for all, and those of single words, 0..1 each. */
export interface KeywordThresholds {
  all?: number;
  own: Map<string, number>;
}

/** "0.8", "jarvis 0.8, snowboy 0.65", or both: "0.7, jarvis 0.8". Undefined when a part is none, or comes twice. */
export function parseThresholds(text: string): KeywordThresholds | undefined {
  const thresholds: KeywordThresholds = { own: new Map() };
  for (const part of labelList(text)) {
    const [, label, number] = /^(?:(\S.*)\s+)?(\d*\.?\d+)$/.exec(part) ?? [];
    const threshold = Number(number);
    if (!(threshold >= 0 && threshold <= 1)) return undefined;
    const name = label?.trim();
    if (name === undefined ? thresholds.all !== undefined : thresholds.own.has(name)) return undefined;
    if (name === undefined) thresholds.all = threshold;
    else thresholds.own.set(name, threshold);
  }
  return thresholds;
}
