/** Maps and sequences among the outputs: see test/golden/infer/make_maps.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readModelInfo, withPlainOutputs } from "../../../nodes/lib/model/index.ts";
import { runModel } from "../../support/run-model.ts";
import { ROOT } from "../../support/runtime.ts";

const models: Record<string, string> = JSON.parse(readFileSync(join(ROOT, "test/golden/infer/maps.json"), "utf8"));
const bytesOf = (name: string) => new Uint8Array(Buffer.from(models[name]!, "base64"));
const tensorsOf = async (name: string) => {
  const [result] = await runModel({ model: bytesOf(name), task: "tensors" }, [[0.25, 0.75]]);
  return result?.kind === "tensors" ? result.tensors : [];
};

describe("an output that is no tensor", () => {
  it("of a ZipMap becomes the probabilities, also in a file without standard operators", async () => {
    expect(await tensorsOf("zipmap")).toEqual([{ name: "map", shape: [1, 2], data: [0.25, 0.75] }]);
    expect(await runModel({ model: bytesOf("zipmap") }, [[0.25, 0.75]])).toMatchObject([
      { kind: "class", label: "bad", confidence: 0.75, scores: [{ label: "good" }, { label: "bad" }] },
    ]);
  });

  it("may be handed on, and more than once", async () => {
    expect(await runModel({ model: bytesOf("zipmap-handed-on") }, [[0.75, 0.25]])).toMatchObject([
      { label: "3", scores: [{ label: "3" }, { label: "7" }] },
    ]);
    expect((await tensorsOf("zipmap-twice")).map(({ name, data }) => [name, ...data])).toEqual([
      ["y", 0.25, 0.75],
      ["map", 0.25, 0.75],
      ["handed", 0.25, 0.75],
    ]);
  });

  it("is left out when there are others", async () => {
    expect(await tensorsOf("sequence-beside")).toEqual([{ name: "y", shape: [1, 2], data: [0.25, 0.75] }]);
  });

  it("is refused when there is nothing else", async () => {
    await expect(tensorsOf("sequence-alone")).rejects.toMatchObject({
      code: "EDGE_ML_MODEL_INVALID",
      message: expect.stringMatching(/its outputs are of kind sequence, not tensors; export it with tensors/),
    });
  });

  it("ends on every file that is cut off or damaged, with a model or a coded error", () => {
    const whole = bytesOf("zipmap-twice");
    for (let i = 0; i < whole.length; i++) {
      const damaged = Uint8Array.from(whole);
      damaged[i] = damaged[i]! ^ 0xff;
      for (const bytes of [whole.slice(0, i), damaged]) {
        try {
          readModelInfo(withPlainOutputs(bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: "EDGE_ML_MODEL_INVALID" });
        }
      }
    }
  });
});
