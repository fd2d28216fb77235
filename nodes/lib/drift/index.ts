export { type FeatureBins, summariseFeatures } from "./bins.js";
export { type DriftingFeature, DriftMonitor, type DriftReport, type TrainingSummary } from "./drift-monitor.js";
export type { DriftLevel } from "./stability.js";
