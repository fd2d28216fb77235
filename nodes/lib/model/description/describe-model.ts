import { webcrypto } from "node:crypto";
import { EdgeMlError } from "../../errors/index.js";
import type { ReadBeside } from "../onnx/index.js";
import { isTflite } from "../tflite/index.js";
import { describeOnnx } from "./describe-onnx.js";
import { describeTflite } from "./describe-tflite.js";
import type { ModelDescription } from "./description.js";
import { foreignFormat } from "./foreign-format.js";

/**
 * Says what a file is, and what is wrong with it, without running it. Any bytes end in an answer, of bounded length.
 * @param name what the model is called in the problems
 * @param beside reads the files with its weights, if there may be any
 */
export async function describeModel(
  bytes: Uint8Array,
  name = "unnamed",
  beside?: ReadBeside,
): Promise<ModelDescription> {
  const digest = await webcrypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  const sha256 = Buffer.from(digest).toString("hex");
  const problems: ModelDescription["problems"] = [];
  const problem = ({ code, message }: EdgeMlError) => {
    if (!problems.some((known) => known.message === message)) problems.push({ code, message });
  };
  const nothing = { opsets: [], inputs: [], outputs: [], operators: [] };
  const whole = { size: bytes.length, sha256 };
  try {
    const described = isTflite(bytes)
      ? await describeTflite(bytes, sha256, name, problem)
      : await describeOnnx(bytes, name, problem, beside);
    return { ...described, ...whole, problems };
  } catch (error) {
    const foreign = isTflite(bytes) ? undefined : foreignFormat(bytes);
    problem(
      foreign
        ? new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason: `it is ${foreign}` }, { cause: error })
        : EdgeMlError.from(error),
    );
    return { ...nothing, ...whole, problems };
  }
}
