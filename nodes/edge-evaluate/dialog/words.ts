import type { Rate } from "../../lib/evaluate/wilson.js";

export type Text = (key: string, values?: Record<string, unknown>) => string;

/** 0.931 → "93.1 %" */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

/** With its confidence interval; a dash for a share of nothing. */
export function rateText(rate: Rate | undefined, text: Text): string {
  if (!rate) return "–";
  return text("picture.rate", { value: percent(rate.value), low: percent(rate.low), high: percent(rate.high) });
}

/** Three significant digits. */
export function short(number: number): string {
  return String(Number(number.toPrecision(3)));
}
