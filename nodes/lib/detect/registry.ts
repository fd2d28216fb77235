import { describe, EdgeMlError } from "../errors/index.js";
import { compileSettings } from "../frame/index.js";
import type { Detector } from "./detector.js";
import { cusum } from "./detectors/cusum.js";
import { ewma } from "./detectors/ewma.js";
import { halfSpaceTrees } from "./detectors/half-space-trees.js";
import { knn } from "./detectors/knn.js";
import { matrixProfile } from "./detectors/matrix-profile.js";
import { robustZ } from "./detectors/robust-z.js";
import { seasonal } from "./detectors/seasonal.js";

/** Every detector, in the order in which the dialog offers them. A new one is one file and one line here. */
export const detectors: readonly Detector[] = [
  knn,
  robustZ,
  ewma,
  cusum,
  seasonal,
  matrixProfile,
  halfSpaceTrees,
] as unknown as readonly Detector[];

const byId = new Map(detectors.map((detector) => [detector.id, { detector, read: compileSettings(detector.options) }]));

/**
 * A detector by its id, with its options checked and filled in.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function chooseDetector(id: unknown, options: object): { detector: Detector; options: Record<string, unknown> } {
  const entry = byId.get(String(id));
  if (!entry) {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field: "detector",
      got: describe(id),
      expected: `one of ${detectors.map((detector) => detector.id).join(", ")}`,
    });
  }
  return { detector: entry.detector, options: entry.read(options) as Record<string, unknown> };
}
