/** Writes ours.onnx again: `npx tsx test/golden/onnx/write.ts`; then let reference.py check it. */
import { writeFileSync } from "node:fs";
import { encodeModel } from "../../../nodes/lib/model/onnx/index.ts";
import { goldenGraph } from "./graph.ts";

const bytes = encodeModel(goldenGraph(), {
  producerName: "golden",
  producerVersion: "1.2.3",
  metadata: [["edge_ml.note", "20 °C, größer"]],
});
writeFileSync(new URL("ours.onnx", import.meta.url), bytes);
