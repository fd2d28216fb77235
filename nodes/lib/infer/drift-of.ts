import { DriftMonitor } from "../drift/index.js";
import type { LoadedModel } from "./load-model.js";

/** Watches the frames of a model for drift; undefined when it does not say what it learned from. */
export function driftOf({ manifest }: LoadedModel): DriftMonitor | undefined {
  if (!manifest) return undefined;
  const { window } = manifest.input.recipe;
  const { frames, stride = 1, features } = manifest.training;
  // Windows at events come as they come.
  const hop = window && !window.trigger ? { hop: { by: window.by, size: window.hop } } : {};
  return DriftMonitor.of({ frames, stride, features, ...hop });
}
