import { drawScatter } from "../../editor/plot/scatter-plot.js";
import { surfaceOf } from "../../editor/plot/surface.js";
import type { ValuePicture } from "../picture.js";
import { short, type Text } from "./words.js";

/** Predicted values against the true ones, and how far they are apart. */
export function valuePanel(panel: JQuery, { points, metrics, name }: ValuePicture, text: Text): void {
  const words = (key: string, values?: Record<string, unknown>) => text(`picture.${key}`, values);
  const canvas = $('<canvas class="edge-scatter" role="img">').attr("aria-label", words("scatter"));
  const shown: [string, string][] = [
    ["count", String(metrics?.count ?? 0)],
    ["rmse", metrics ? short(metrics.rmse) : "–"],
    ["mae", metrics ? short(metrics.mae) : "–"],
    ["bias", metrics ? short(metrics.bias) : "–"],
    ["r2", metrics?.r2 === undefined ? "–" : short(metrics.r2)],
  ];
  panel
    .empty()
    .append(
      $('<div class="edge-evaluation edge-side">').append(
        canvas,
        $('<dl class="edge-metrics">').append(
          shown.flatMap(([key, value]) => [
            $("<dt>").text(words(`metric.${key}`)),
            $("<dd>").attr("data-metric", key).text(value),
          ]),
        ),
      ),
    );
  const surface = surfaceOf(canvas[0] as HTMLCanvasElement);
  const of = name === undefined || name === "" ? "" : ` (${name})`;
  if (surface) drawScatter(surface, { points, xTitle: words("truth") + of, yTitle: words("predicted") });
}
