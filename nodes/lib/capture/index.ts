export { Capture, type CaptureCounts, type CapturedChunk, type CaptureOptions, type CaptureState } from "./capture.js";
export type { CaptureDevice } from "./capture-device.js";
export { type CaptureDevices, installedSources, listDevices } from "./devices.js";
export type { Example } from "./example-recording.js";
export { Examples, type ExampleView } from "./examples.js";
export type { SoundLevel } from "./level-watch.js";
export {
  CAPTURE_FORMATS,
  type CaptureFormat,
  type CaptureSource,
  RECORDERS,
  type RecorderCommand,
  recorderCommand,
} from "./recorder.js";
export { splitCommand } from "./split-command.js";
