/** Small models for tests: an anomaly model whose score is the squared standardised distance. */
import { type Manifest, OnnxGraph, writeBundle } from "../../nodes/lib/model/index.ts";

const MEAN = [20, 0.5];
const STD = [2, 0.1];

export function anomalyManifest(overrides: Partial<Manifest> = {}): Manifest {
  return {
    format: 1,
    name: "ahu-1",
    version: "1",
    created: "2026-11-20T10:00:00.000Z",
    task: "anomaly",
    input: {
      name: "features",
      shape: [null, 2],
      names: ["supply_air_temperature mean", "cooling_valve mean"],
      channels: ["supply_air_temperature", "cooling_valve"],
      recipe: { version: 1 },
    },
    outputs: { score: "score", contributions: "contributions" },
    threshold: {
      value: 9,
      falseAlarmsPerDay: 0.1,
      framesPerDay: 8640,
      method: "quantile",
      holdOut: { frames: 200, exceedances: 0 },
    },
    training: {
      method: "distance",
      options: {},
      frames: 800,
      start: 1_700_000_000_000,
      end: 1_700_086_400_000,
      streams: ["ahu"],
      features: [
        { name: "supply_air_temperature mean", mean: MEAN[0]!, std: STD[0]! },
        { name: "cooling_valve mean", mean: MEAN[1]!, std: STD[1]! },
      ],
      holdOut: {
        share: 0.2,
        frames: 200,
        learned: 800,
        start: 1_700_069_120_000,
        end: 1_700_086_400_000,
        metrics: { median: 1.4 },
      },
      warnings: [],
    },
    madeBy: { name: "test", version: "1.0.0" },
    ...overrides,
  };
}

/** A bundle that runs: features [N, 2] → score [N], contributions [N, 2]. */
export function anomalyBundle(overrides: Partial<Manifest> = {}): Uint8Array {
  const g = new OnnxGraph("distance");
  const x = g.input("features", ["N", 2]);
  const z = g.op("Div", [g.op("Sub", [x, g.tensor([2], MEAN)]), g.tensor([2], STD)]);
  const parts = g.op("Mul", [z, z]);
  g.output("score", g.op("ReduceSum", [parts, g.ints([1])], { keepdims: 0 }), ["N"]);
  g.output("contributions", parts, ["N", 2]);
  return writeBundle(g, anomalyManifest(overrides));
}
