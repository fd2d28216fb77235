export { type AlertInterval, type Detection, detection, type Stretch } from "./alerts.js";
export { type Confusion, confusion, type Rates, rates } from "./confusion.js";
export { byDay, type Day, isDetected, type ScoredMoment } from "./days.js";
export {
  type NabFileScore,
  type NabOutcome,
  type NabProfile,
  type NabSeries,
  nabBestThreshold,
  nabProbation,
  nabProfiles,
  nabScore,
} from "./nab.js";
export { median, percentile, percentiles } from "./percentile.js";
export { rocAuc } from "./roc.js";
