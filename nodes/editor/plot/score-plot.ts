import type { Moment } from "../../lib/evaluate/moment.js";
import { linearScale, numberText, placeOf, type Scale, ticks, timeTicks } from "./scale.js";
import { type Area, gridLine, type Surface } from "./surface.js";

/** Scores over time with the labelled stretches, and a threshold across. */
export interface ScorePlot {
  moments: readonly Moment[];
  scale: Scale;
  threshold: number;
  /** Whether the threshold has the keyboard. */
  focused: boolean;
}

export function scoreArea({ width, height }: { width: number; height: number }): Area {
  return { left: 40, top: 8, width: width - 50, height: height - 30 };
}

export function drawScores(surface: Surface, { moments, scale, threshold, focused }: ScorePlot): void {
  const { context, colors } = surface;
  const area = scoreArea(surface);
  const time = timeAxis(moments);
  for (const value of ticks(scale, 4)) gridLine(surface, area, "y", placeOf(scale, value), numberText(value));
  if (time.isTime) {
    for (const { time: at, text } of timeTicks(time.scale, Math.floor(area.width / 70))) {
      gridLine(surface, area, "x", placeOf(time.scale, at), text);
    }
  } else {
    for (const value of ticks(time.scale, 5)) {
      if (Number.isInteger(value)) gridLine(surface, area, "x", placeOf(time.scale, value), String(value));
    }
  }
  const columns = columnsOf(moments, time, scale, Math.max(1, Math.floor(area.width)));
  // The stretches in which something was wrong, from top to bottom.
  context.fillStyle = colors.faulty;
  context.globalAlpha = 0.16;
  for (const [from, to] of stretches(moments, time, area.width)) {
    context.fillRect(area.left + from, area.top, Math.max(2, to - from), area.height);
  }
  context.globalAlpha = 1;
  const y = (place: number) => area.top + (1 - place) * area.height;
  for (const truth of ["unknown", "normal", "faulty"] as const) {
    context.fillStyle = colors[truth];
    const { low, high } = columns[truth];
    for (let x = 0; x < low.length; x++) {
      if (Number.isNaN(low[x]!)) continue;
      const [top, bottom] = [y(high[x]!), y(low[x]!)];
      context.fillRect(area.left + x - 0.5, top - 1, 2, Math.max(2, bottom - top + 2));
    }
  }
  drawThreshold(surface, area, y(placeOf(scale, threshold)), numberText(threshold), focused);
}

/** A line with a handle that says the value. */
function drawThreshold({ context, colors }: Surface, area: Area, y: number, text: string, focused: boolean): void {
  context.strokeStyle = colors.text;
  context.lineWidth = focused ? 2.5 : 1.5;
  context.beginPath();
  context.moveTo(area.left, y);
  context.lineTo(area.left + area.width, y);
  context.stroke();
  const width = context.measureText(text).width + 14;
  const left = area.left + area.width - width;
  const top = Math.min(Math.max(y - 9, area.top), area.top + area.height - 18);
  context.fillStyle = colors.text;
  context.beginPath();
  context.roundRect(left, top, width, 18, 9);
  context.fill();
  context.fillStyle = colors.background;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, left + width / 2, top + 9.5);
}

interface TimeAxis {
  scale: Scale;
  isTime: boolean;
}

/** Time, as long as it runs forward; where a recording was played several times, one result after the other. */
function timeAxis(moments: readonly Moment[]): TimeAxis {
  let forward = true;
  for (let i = 1; i < moments.length && forward; i++) forward = moments[i]!.time >= moments[i - 1]!.time - 60_000;
  if (!forward || moments.length < 2) return { scale: linearScale(0, Math.max(1, moments.length - 1)), isTime: false };
  let [low, high] = [moments[0]!.time, moments[0]!.time];
  for (const { time } of moments) {
    low = Math.min(low, time);
    high = Math.max(high, time);
  }
  return { scale: linearScale(low, high), isTime: true };
}

const truths = ["normal", "faulty", "unknown"] as const;

/** Of each truth the lowest and the highest place in each column of pixels; NaN where there is none. */
function columnsOf(moments: readonly Moment[], time: TimeAxis, scale: Scale, width: number) {
  const empty = () => ({
    low: new Float64Array(width).fill(Number.NaN),
    high: new Float64Array(width).fill(Number.NaN),
  });
  const columns = { normal: empty(), faulty: empty(), unknown: empty() } satisfies Record<
    (typeof truths)[number],
    unknown
  >;
  for (const [i, moment] of moments.entries()) {
    if (moment.score === undefined) continue;
    const { low, high } = columns[moment.truth];
    const x = Math.min(width - 1, Math.floor(placeOf(time.scale, time.isTime ? moment.time : i) * width));
    const place = placeOf(scale, moment.score);
    if (!(low[x]! <= place)) low[x] = place;
    if (!(high[x]! >= place)) high[x] = place;
  }
  return columns;
}

/** From where to where something was wrong, in pixels; of all streams together. */
function stretches(moments: readonly Moment[], time: TimeAxis, width: number): [number, number][] {
  const found: [number, number][] = [];
  const open = new Map<string, [number, number]>();
  for (const [i, moment] of moments.entries()) {
    const x = placeOf(time.scale, time.isTime ? moment.time : i) * width;
    const stretch = open.get(moment.stream);
    if (moment.truth === "normal") open.delete(moment.stream);
    else if (moment.truth === "faulty" && stretch) stretch[1] = x;
    else if (moment.truth === "faulty") {
      const begun: [number, number] = [x, x];
      found.push(begun);
      open.set(moment.stream, begun);
    }
  }
  return found;
}
