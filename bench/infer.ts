import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type * as Onnx from "onnxruntime-node";
import { BLOCKS, bundle, frames, MODEL } from "./lib/anomaly-model.ts";
import { type Bench, rowsOf } from "./lib/bench.ts";
import { library } from "./lib/library.ts";
import { compare } from "./lib/measure.ts";

const onnx = createRequire(import.meta.url)("onnxruntime-node") as typeof Onnx;

export const bench: Bench = {
  title: "features and inference, the library",
  async run() {
    const { windows, features } = frames(1000);
    const model = bundle(features);
    const bytes = model.bytes("1");
    const { manifest } = model;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const loaded = await library.loadModel({ name: MODEL, version: "1", sha256, bytes, manifest });
    const inference = new library.Inference({ limit: 100, policy: "oldest" });
    inference.use(loaded);
    const session = await onnx.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
    const extractor = new library.FeatureExtractor(BLOCKS);
    const at = <T>(list: readonly T[], i: number): T => list[i % list.length]!;

    const results = await compare([
      {
        name: "session.run",
        async run(count) {
          for (let i = 0; i < count; i++) {
            const { data } = at(features, i);
            await session.run({ features: new onnx.Tensor("float32", data, [1, data.length]) });
          }
        },
      },
      {
        name: "Inference: checks, session.run, result with contributions",
        async run(count) {
          for (let i = 0; i < count; i++) await inference.infer(at(features, i));
        },
      },
      {
        name: "Inference, 64 frames waiting at a time",
        async run(count) {
          for (let i = 0; i < count; i += 64) {
            await Promise.all(Array.from({ length: 64 }, (_, j) => inference.infer(at(features, i + j))));
          }
        },
      },
      {
        name: "Flatten of a window of 60 × 4",
        run(count) {
          for (let i = 0; i < count; i++) extractor.extract(at(windows, i));
        },
      },
    ]);
    await inference.close();
    const bare = results.get("session.run")!;
    const [whole] = [...results].filter(([name]) => name.startsWith("Inference: ")).map(([, us]) => us);
    return [
      {
        title: `A frame of ${features[0]!.data.length} features through a ${manifest.training.method} model (library)`,
        rows: [
          ...rowsOf(results, "session.run"),
          { what: "on top of the bare run, one frame at a time", value: whole! - bare, unit: "µs" },
        ],
        notes: [`session.run is ONNX Runtime's own, on the same model in the same process, one thread.`],
      },
    ];
  },
};
