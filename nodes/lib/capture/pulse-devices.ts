import { type CaptureDevice, captureDevice } from "./capture-device.js";

/** Devices in the output of `pactl -f json list sources`, or of `pactl list short sources` where it has no JSON yet. */
export function pulseDevices(output: string): CaptureDevice[] {
  const devices = output.trimStart().startsWith("[") ? fromJson(output) : fromLines(output);
  // What is played comes after the microphones.
  return devices.toSorted((a, b) => Number(a.isMonitor) - Number(b.isMonitor));
}

function fromJson(output: string): CaptureDevice[] {
  let sources: unknown;
  try {
    sources = JSON.parse(output);
  } catch {
    return [];
  }
  if (!Array.isArray(sources)) return [];
  return sources.flatMap((source: { name?: unknown; description?: unknown; properties?: Record<string, unknown> }) => {
    const name = source?.name;
    if (typeof name !== "string" || name === "") return [];
    const title = typeof source.description === "string" ? source.description : name;
    return captureDevice("pulse", name, title, source.properties?.["device.class"] === "monitor");
  });
}

/** Number, name, driver, format and state, with tabs between them. */
function fromLines(output: string): CaptureDevice[] {
  return output.split("\n").flatMap((line) => {
    const name = line.split("\t")[1];
    return name === undefined || name === "" ? [] : captureDevice("pulse", name, name, name.endsWith(".monitor"));
  });
}
