import { linearScale, numberText, placeOf, ticks } from "./scale.js";
import { type Area, gridLine, type Surface } from "./surface.js";

/** Predicted values against the true ones: what is right lies on the line. */
export interface ScatterPlot {
  /** [predicted, truth]; finite. */
  points: readonly (readonly [number, number])[];
  xTitle: string;
  yTitle: string;
}

export function drawScatter(surface: Surface, { points, xTitle, yTitle }: ScatterPlot): void {
  const { context, colors, width, height } = surface;
  const area: Area = { left: 58, top: 8, width: width - 72, height: height - 46 };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [predicted, truth] of points) {
    low = Math.min(low, predicted, truth);
    high = Math.max(high, predicted, truth);
  }
  const scale = points.length > 0 ? linearScale(low, high, 0.04) : linearScale(0, 1);
  for (const value of ticks(scale, 4)) {
    gridLine(surface, area, "x", placeOf(scale, value), numberText(value));
    gridLine(surface, area, "y", placeOf(scale, value), numberText(value));
  }
  context.fillStyle = colors.text;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillText(xTitle, area.left + area.width / 2, height - 2);
  context.save();
  context.translate(2, area.top + area.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText(yTitle, 0, 0);
  context.restore();
  context.strokeStyle = colors.text;
  context.globalAlpha = 0.5;
  context.beginPath();
  context.moveTo(area.left, area.top + area.height);
  context.lineTo(area.left + area.width, area.top);
  context.stroke();
  context.fillStyle = colors.normal;
  context.globalAlpha = points.length > 500 ? 0.35 : 0.7;
  for (const [predicted, truth] of points) {
    context.beginPath();
    context.arc(
      area.left + placeOf(scale, truth) * area.width,
      area.top + (1 - placeOf(scale, predicted)) * area.height,
      2.5,
      0,
      2 * Math.PI,
    );
    context.fill();
  }
  context.globalAlpha = 1;
}
