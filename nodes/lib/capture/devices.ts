import { alsaConfigured, alsaHardware } from "./alsa-devices.js";
import type { CaptureDevice } from "./capture-device.js";
import { isInstalled } from "./installed.js";
import { pipewireDevices } from "./pipewire-devices.js";
import { pulseDevices } from "./pulse-devices.js";
import { RECORDERS, type SystemSource } from "./recorder.js";
import { runTool } from "./run-tool.js";

export interface CaptureDevices {
  devices: CaptureDevice[];
  /** Which of the programs that record are installed. */
  installed: SystemSource[];
}

const MAX_DEVICES = 200;

/** What can be recorded from on this machine. Never rejects: a sound server that does not answer has no devices. */
export async function listDevices(): Promise<CaptureDevices> {
  const [alsa, pulse, pipewire, installed] = await Promise.all([
    alsaDevices(),
    runTool("pactl", ["-f", "json", "list", "sources"]).then(
      async (json) => json ?? (await runTool("pactl", ["list", "short", "sources"])) ?? "",
    ),
    runTool("pw-dump", []),
    installedSources(),
  ]);
  const devices = [...alsa, ...pulseDevices(pulse), ...pipewireDevices(pipewire ?? "")];
  return { devices: devices.slice(0, MAX_DEVICES), installed };
}

/** Sources whose program is installed. */
export async function installedSources(): Promise<SystemSource[]> {
  const sources = Object.keys(RECORDERS) as SystemSource[];
  const found = await Promise.all(sources.map((source) => isInstalled(RECORDERS[source].program)));
  return sources.filter((_, i) => found[i]);
}

/**
 * Whether PipeWire has a microphone of this name; undefined when it does not say. To be asked before one is recorded from:
 * pw-record says nothing when it is not there, and waits.
 */
export async function hasPipewireDevice(device: string): Promise<boolean | undefined> {
  const output = await runTool("pw-dump", []);
  return output === undefined ? undefined : pipewireDevices(output).some((each) => each.device === device);
}

async function alsaDevices(): Promise<CaptureDevice[]> {
  const [hardware, configured] = await Promise.all([runTool("arecord", ["-l"]), runTool("arecord", ["-L"])]);
  return [...alsaHardware(hardware ?? ""), ...alsaConfigured(configured ?? "")];
}
