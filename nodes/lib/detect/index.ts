export { AnomalyDetection, type DetectCounts, type Detected } from "./anomaly-detection.js";
export type { Detector } from "./detector.js";
export { chooseDetector, detectors } from "./registry.js";
export { readSavedDetection, type SavedDetection } from "./saved-detection.js";
export type { DetectSettings, FalseAlarms } from "./settings.js";
