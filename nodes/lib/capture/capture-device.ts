import type { SystemSource } from "./recorder.js";

/** A device that can be recorded from. */
export interface CaptureDevice {
  source: SystemSource;
  /** As the source names it. */
  device: string;
  /** In words. */
  title: string;
  /** It records what is played, not a microphone. */
  isMonitor: boolean;
}

const MAX_TITLE = 120;

export function captureDevice(source: SystemSource, device: string, title: string, isMonitor: boolean): CaptureDevice {
  return { source, device, title: title.trim().slice(0, MAX_TITLE) || device, isMonitor };
}
