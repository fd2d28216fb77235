import type { Frame, Manifest, WindowOptions } from "../../nodes/lib/index.ts";
import { library } from "./library.ts";

export const MODEL = "bench";
const CHANNELS = ["a", "b", "c", "d"];
export const WINDOW: WindowOptions = {
  by: "samples",
  size: 60,
  hop: 10,
  channels: CHANNELS.map((channel) => ({ channel })),
};
export const BLOCKS = [{ block: "flatten" }];

/** A reading of four channels, of which the first follows the others a little. */
export function reading(i: number): Record<string, number> {
  const b = Math.sin(i / 7);
  const c = Math.sin(i * 12.9898) * 0.5;
  const d = Math.cos(i / 31) + Math.sin(i * 78.233) * 0.1;
  return { a: 20 + b + 0.5 * c - d + Math.sin(i * 3.7) * 0.2, b, c, d };
}

/** The windows of the first `count` frames, and their features: 4 channels × 7 statistics. */
export function frames(count: number): { windows: Frame[]; features: Frame[] } {
  const windower = new library.Windower(WINDOW);
  const extractor = new library.FeatureExtractor(BLOCKS);
  const windows: Frame[] = [];
  for (let i = 0; windows.length < count; i++) {
    const msg = { topic: "bench", payload: reading(i), timestamp: 1_700_000_000_000 + i * 1000 };
    windower.push(library.readReading(msg, 0), (frame) => windows.push(frame));
  }
  return { windows, features: windows.map((window) => extractor.extract(window)) };
}

/** A model as edge-learn makes it: PCA on those features. */
export async function bundle(
  features: readonly Frame[],
): Promise<{ manifest: Manifest; bytes(version: string): Uint8Array }> {
  const { names, recipe } = features[0]!.info;
  const columns = names.length;
  const data = new Float32Array(features.length * columns);
  for (const [i, frame] of features.entries()) data.set(frame.data, i * columns);
  const { bytes, manifest } = await library.train({
    model: MODEL,
    task: "anomaly",
    method: "pca",
    options: {},
    holdOut: 0.3,
    holdOutBy: "time",
    folds: 0,
    falseAlarmsPerDay: 1,
    limits: { seconds: 600, megabytes: 1024 },
    names: [...names],
    channels: names.map((name) => name.split(" ")[0]!),
    recipe: structuredClone(recipe),
    frames: {
      rows: features.length,
      columns,
      data,
      start: Float64Array.from(features, ({ info }) => info.start),
      end: Float64Array.from(features, ({ info }) => info.end),
      stream: new Int32Array(features.length),
      streams: ["bench"],
      label: new Int32Array(features.length).fill(-1),
      labels: [],
      stride: 1,
    },
    seed: 1,
    madeBy: { name: "bench", version: "1" },
  });
  return { manifest, bytes: (version) => library.withManifest(bytes, { ...manifest, version }) };
}
