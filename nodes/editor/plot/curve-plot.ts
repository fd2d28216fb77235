import { type Area, gridLine, type Surface } from "./surface.js";

/** A curve in the unit square, with a point of interest on it. */
export interface CurvePlot {
  /** x and y, 0..1 each. */
  points: readonly (readonly [number, number])[];
  here: readonly [number, number] | undefined;
  /** What stands below the plot and what beside its axis. */
  xTitle: string;
  yTitle: string;
  /** In the corner. */
  note: string;
  /** Where pure chance lies: from (0, 0) to (1, 1), or level at a height. */
  chance: "diagonal" | number;
  /** In which corner there is room for the note. */
  corner: "lower right" | "lower left";
}

export function curveArea({ width, height }: { width: number; height: number }): Area {
  return { left: 38, top: 8, width: width - 46, height: height - 40 };
}

export function drawCurve(surface: Surface, plot: CurvePlot): void {
  const { context, colors, height } = surface;
  const area = curveArea(surface);
  const x = (value: number) => area.left + value * area.width;
  const y = (value: number) => area.top + (1 - value) * area.height;
  for (const place of [0, 0.5, 1]) {
    gridLine(surface, area, "x", place, String(place));
    gridLine(surface, area, "y", place, String(place));
  }
  context.fillStyle = colors.text;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillText(plot.xTitle, area.left + area.width / 2, height - 2);
  context.save();
  context.translate(2, area.top + area.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText(plot.yTitle, 0, 0);
  context.restore();

  context.strokeStyle = colors.text;
  context.globalAlpha = 0.35;
  context.setLineDash([3, 4]);
  context.beginPath();
  const level = plot.chance === "diagonal" ? undefined : plot.chance;
  context.moveTo(x(0), y(level ?? 0));
  context.lineTo(x(1), y(level ?? 1));
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
  if (plot.points.length > 0) {
    context.beginPath();
    for (const [i, [px, py]] of plot.points.entries()) {
      if (i === 0) context.moveTo(x(px), y(py));
      else context.lineTo(x(px), y(py));
    }
    context.strokeStyle = colors.normal;
    context.lineWidth = 2;
    context.stroke();
    context.lineTo(x(plot.points.at(-1)![0]), y(0));
    context.lineTo(x(plot.points[0]![0]), y(0));
    context.closePath();
    context.fillStyle = colors.normal;
    context.globalAlpha = 0.13;
    context.fill();
    context.globalAlpha = 1;
  }
  context.fillStyle = colors.text;
  context.textBaseline = "bottom";
  context.textAlign = plot.corner === "lower right" ? "right" : "left";
  context.fillText(
    plot.note,
    plot.corner === "lower right" ? area.left + area.width - 6 : area.left + 6,
    area.top + area.height - 6,
  );
  if (!plot.here) return;
  context.beginPath();
  context.arc(x(plot.here[0]), y(plot.here[1]), 5, 0, 2 * Math.PI);
  context.fillStyle = colors.faulty;
  context.fill();
  context.strokeStyle = colors.background;
  context.lineWidth = 1.5;
  context.stroke();
}
