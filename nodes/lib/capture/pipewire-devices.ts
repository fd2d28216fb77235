import { type CaptureDevice, captureDevice } from "./capture-device.js";

interface PipeWireObject {
  type?: unknown;
  info?: { props?: Record<string, unknown> };
}

/** Microphones in the output of `pw-dump`: nodes of the class Audio/Source. */
export function pipewireDevices(output: string): CaptureDevice[] {
  let objects: unknown;
  try {
    objects = JSON.parse(output);
  } catch {
    return [];
  }
  if (!Array.isArray(objects)) return [];
  return objects.flatMap((object: PipeWireObject | null) => {
    const props = object?.info?.props;
    const name = props?.["node.name"];
    if (object?.type !== "PipeWire:Interface:Node" || typeof name !== "string") return [];
    if (!/^Audio\/(Source|Duplex)/.test(String(props?.["media.class"]))) return [];
    const title = props?.["node.description"] ?? props?.["node.nick"] ?? name;
    return captureDevice("pipewire", name, String(title), false);
  });
}
