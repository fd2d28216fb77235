/** Pictures of numbers on a canvas: bars, or a map of cells. */

/** Bars of one unit share a scale, so that a small unit is not lost beside a large one. NaN leaves its place empty. */
export interface Bars {
  kind: "bars";
  values: readonly number[];
  units: readonly string[];
}

/** Time from left to right, the first bin at the bottom; row-major [frames, bins]. NaN leaves its place empty. */
export interface CellMap {
  kind: "map";
  values: readonly number[];
  frames: number;
  bins: number;
}

export type Picture = Bars | CellMap;

export interface Size {
  width: number;
  height: number;
}

/** CSS colours. */
export interface Colors {
  bar: string;
  axis: string;
}

export function draw(context: CanvasRenderingContext2D, picture: Picture, size: Size, colors: Colors): void {
  context.clearRect(0, 0, size.width, size.height);
  if (picture.kind === "bars") drawBars(context, picture, size, colors);
  else drawMap(context, picture, size);
}

function drawBars(context: CanvasRenderingContext2D, bars: Bars, { width, height }: Size, colors: Colors): void {
  const heights = relativeHeights(bars);
  let top = 0;
  let bottom = 0;
  for (const each of heights) {
    if (each > top) top = each;
    if (each < bottom) bottom = each;
  }
  const span = top - bottom || 1;
  const zero = (height - 1) * (top === bottom ? 1 : top / span);
  const step = width / heights.length;
  // A gap between bars only where there is room for it; never thinner than can be seen.
  const thick = Math.max(1, step > 4 ? step - Math.min(8, step / 4) : step);
  context.fillStyle = colors.bar;
  for (let i = 0; i < heights.length; i++) {
    const tall = (heights[i]! / span) * (height - 1);
    if (!Number.isFinite(tall)) continue;
    const x = i * step + (step - thick) / 2;
    // What is not 0 can be seen.
    const shown = tall === 0 ? 0 : Math.sign(tall) * Math.max(1, Math.abs(tall));
    context.fillRect(x, shown > 0 ? zero - shown : zero, thick, Math.abs(shown));
  }
  context.fillStyle = colors.axis;
  context.fillRect(0, Math.round(zero), width, 1);
}

/** Each value as a share of the largest magnitude of its unit: −1 … 1, NaN for what is no number. */
export function relativeHeights({ values, units }: Bars): number[] {
  const largest = new Map<string, number>();
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (Number.isFinite(size) && size > (largest.get(units[i]!) ?? 0)) largest.set(units[i]!, size);
  }
  return values.map((value, i) =>
    value === 0 ? 0 : Number.isFinite(value) ? value / largest.get(units[i]!)! : Number.NaN,
  );
}

function drawMap(context: CanvasRenderingContext2D, { values, frames, bins }: CellMap, { width, height }: Size): void {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const span = high - low || 1;
  for (let frame = 0; frame < frames; frame++) {
    // Whole pixels: no seams between cells.
    const left = Math.floor((frame * width) / frames);
    const right = Math.floor(((frame + 1) * width) / frames);
    for (let bin = 0; bin < bins; bin++) {
      const value = values[frame * bins + bin]!;
      if (!Number.isFinite(value)) continue;
      const top = Math.floor(((bins - 1 - bin) * height) / bins);
      const bottom = Math.floor(((bins - bin) * height) / bins);
      context.fillStyle = heat((value - low) / span);
      context.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    }
  }
}

/** Which value lies under a point, or undefined outside. */
export function indexAt(picture: Picture, { width, height }: Size, x: number, y: number): number | undefined {
  if (x < 0 || y < 0 || x >= width || y >= height || picture.values.length === 0) return undefined;
  if (picture.kind === "bars") return Math.floor((x / width) * picture.values.length);
  const { frames, bins } = picture;
  return Math.floor((x / width) * frames) * bins + (bins - 1 - Math.floor((y / height) * bins));
}

/** Dark to light, growing evenly for the eye and for the colour-blind: five colours of viridis (Smith and van der Walt, 2015). */
const HEAT: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

/** @param share 0 … 1 */
export function heat(share: number): string {
  const place = Math.min(Math.max(share, 0), 1) * (HEAT.length - 1);
  const below = Math.min(Math.floor(place), HEAT.length - 2);
  const part = place - below;
  const mixed = HEAT[below]!.map((value, i) => Math.round(value + part * (HEAT[below + 1]![i]! - value)));
  return `rgb(${mixed.join(", ")})`;
}
