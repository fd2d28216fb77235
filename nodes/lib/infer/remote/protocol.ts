/**
 * The messages of the Open Inference Protocol v2 (also called KServe v2), and of its binary tensor data extension:
 * https://github.com/kserve/open-inference-protocol, https://kserve.github.io/website (Binary Tensor Data Extension).
 */
import { endianness } from "node:os";
import { describe, EdgeMlError } from "../../errors/index.js";
import type { Shape } from "../input-shape.js";
import type { OutputTensor } from "../runner.js";
import type { HttpAnswer } from "./http-client.js";
import { binaryData, fromBinary, fromJson, inputData, jsonData, tensorType } from "./tensor-data.js";

/** A tensor as a server describes it. */
export interface ServerTensor {
  name: string;
  datatype: string;
  shape: Shape;
}

/** What a server says of a model. */
export interface ServerModel {
  name: string;
  /** The newest, when it tells its versions. */
  version: string | undefined;
  inputs: ServerTensor[];
  outputs: ServerTensor[];
}

/** What an inference brought. */
export interface InferAnswer {
  outputs: OutputTensor[];
  /** The version that computed it, when the server says so. */
  version: string | undefined;
}

/** A tensor with more numbers is refused before room is made for it. */
const MAX_NUMBERS = 4 * 1024 * 1024;
const MAX_TENSORS = 256;
const LENGTH_HEADER = "inference-header-content-length";

/** Where a model lies on a server. */
export function modelPath(name: string, version: string | undefined): string {
  const path = `/v2/models/${encodeURIComponent(name)}`;
  return version === undefined ? path : `${path}/versions/${encodeURIComponent(version)}`;
}

/**
 * Whether the server's metadata says that it takes tensors as bytes. Triton calls it "binary_tensor_data"; OpenVINO's
 * server has it, too, but lists no extensions.
 */
export function offersBinary(metadata: unknown): boolean {
  if (endianness() !== "LE") return false;
  const { name, extensions } = isObject(metadata) ? metadata : {};
  if (name === "OpenVINO Model Server") return true;
  return (
    Array.isArray(extensions) && extensions.some((each) => typeof each === "string" && /^binary_tensor/.test(each))
  );
}

/** @throws EdgeMlError EDGE_ML_SERVER_ANSWER */
export function readModel(answer: HttpAnswer, server: string): ServerModel {
  const wrong = wrongIn(server);
  const model = jsonOf(answer.body, wrong);
  const { name, versions, inputs, outputs } = model;
  const newest: unknown = Array.isArray(versions) ? versions.at(-1) : undefined;
  return {
    name: typeof name === "string" ? name : "",
    version: typeof newest === "string" || typeof newest === "number" ? String(newest) : undefined,
    inputs: readTensors(inputs, "inputs", wrong),
    outputs: readTensors(outputs, "outputs", wrong),
  };
}

function readTensors(list: unknown, field: string, wrong: Wrong): ServerTensor[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_TENSORS) {
    throw wrong(field, list, "a list of tensors");
  }
  return list.map((tensor: unknown, i) => {
    const { name, datatype, shape } = isObject(tensor) ? tensor : {};
    const at = `${field}.${i}`;
    if (typeof name !== "string" || name === "") throw wrong(`${at}.name`, name, "a name");
    if (typeof datatype !== "string") throw wrong(`${at}.datatype`, datatype, "a data type");
    if (!Array.isArray(shape) || shape.length > 16) throw wrong(`${at}.shape`, shape, "a list of sizes");
    // -1 is a size that is known only when the model runs.
    return { name, datatype, shape: shape.map((size) => (Number.isInteger(size) && size > 0 ? Number(size) : null)) };
  });
}

/** What a request for an inference is made of. */
export interface InferRequest {
  input: ServerTensor;
  rows: Float32Array;
  dims: readonly number[];
  outputs: readonly string[];
  binary: boolean;
}

/** @throws EdgeMlError EDGE_ML_SERVER_ANSWER when the server's model wants what cannot be made of a frame */
export function writeInfer(
  request: InferRequest,
  server: string,
): { headers: Record<string, string>; body: Uint8Array[] } {
  const { input, rows, dims, outputs, binary } = request;
  const { name, datatype } = input;
  const data = inputData(datatype, rows);
  if (!data) throw wrongIn(server)(`the data type of the input "${name}"`, datatype, "a type of numbers");
  if (!binary) {
    const message = {
      inputs: [{ name, datatype, shape: dims, data: jsonData(datatype, data) }],
      outputs: outputs.map((name) => ({ name })),
    };
    return { headers: { "content-type": "application/json" }, body: [Buffer.from(JSON.stringify(message))] };
  }
  const bytes = binaryData(datatype, data);
  const message = {
    inputs: [{ name, datatype, shape: dims, parameters: { binary_data_size: bytes.byteLength } }],
    outputs: outputs.map((name) => ({ name, parameters: { binary_data: true } })),
  };
  const head = Buffer.from(JSON.stringify(message));
  const headers = { "content-type": "application/octet-stream", [LENGTH_HEADER]: String(head.length) };
  return { headers, body: [head, bytes] };
}

/**
 * The wished outputs, in their order.
 * @throws EdgeMlError EDGE_ML_SERVER_ANSWER
 */
export function readInfer({ headers, body }: HttpAnswer, outputs: readonly string[], server: string): InferAnswer {
  const wrong = wrongIn(server);
  const length = headers[LENGTH_HEADER] === undefined ? body.length : Number(headers[LENGTH_HEADER]);
  if (!Number.isInteger(length) || length < 0 || length > body.length) {
    throw wrong("the header Inference-Header-Content-Length", headers[LENGTH_HEADER], `at most ${body.length}`);
  }
  const message = jsonOf(body.subarray(0, length), wrong);
  if (!Array.isArray(message.outputs) || message.outputs.length > MAX_TENSORS) {
    throw wrong("outputs", message.outputs, "a list of tensors");
  }
  const found = new Map<string, OutputTensor>();
  let at = length;
  message.outputs.forEach((tensor: unknown, i) => {
    const { name, datatype, shape, data, parameters } = isObject(tensor) ? tensor : {};
    const field = `outputs.${i}`;
    if (typeof name !== "string" || found.has(name)) throw wrong(`${field}.name`, name, "a name of its own");
    if (typeof datatype !== "string" || tensorType(datatype) === undefined) {
      throw wrong(`${field}.datatype`, datatype, "a data type of the protocol");
    }
    const count = countOf(shape);
    if (count === undefined) throw wrong(`${field}.shape`, shape, `sizes of at most ${MAX_NUMBERS} numbers`);
    const size = isObject(parameters) ? parameters.binary_data_size : undefined;
    let values: OutputTensor["data"] | undefined;
    if (size === undefined) values = fromJson(datatype, data, count);
    else {
      if (!Number.isInteger(size) || Number(size) < 0 || at + Number(size) > body.length) {
        throw wrong(`${field}.parameters.binary_data_size`, size, `at most ${body.length - at}`);
      }
      values = fromBinary(datatype, body.subarray(at, at + Number(size)), count);
      at += Number(size);
    }
    if (!values) throw wrong(`${field}.data`, size === undefined ? data : `${size} bytes`, `${count} of ${datatype}`);
    found.set(name, { name, shape: shape as number[], data: values });
  });
  const { model_version: version } = message;
  return {
    outputs: outputs.map((name) => {
      const output = found.get(name);
      if (!output) throw wrong(`the output "${name}"`, undefined, `there; it gave ${[...found.keys()].join(", ")}`);
      return output;
    }),
    version: typeof version === "string" && version !== "" ? version.slice(0, 64) : undefined,
  };
}

/** How many numbers a shape has room for; undefined when it is no shape, or one of too many. */
function countOf(shape: unknown): number | undefined {
  if (!Array.isArray(shape) || shape.length > 16) return undefined;
  let count = 1;
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0) return undefined;
    count *= size;
    if (count > MAX_NUMBERS) return undefined;
  }
  return count;
}

/** What a server says of an error, when it says it as the protocol wants. */
export function errorText({ body }: HttpAnswer): string {
  let text = body.subarray(0, 2000).toString("utf8");
  try {
    const { error, detail } = JSON.parse(text) as { error?: unknown; detail?: unknown };
    text = typeof error === "string" ? error : typeof detail === "string" ? detail : "";
  } catch {
    // A page of a gateway, most likely: nothing that helps.
    if (text.trimStart().startsWith("<")) text = "";
  }
  const line = text
    .trim()
    .split("\n", 1)[0]!
    .replace(/[.\s]+$/, "");
  return line.length > 200 ? `${line.slice(0, 200)}…` : line || "it does not say why";
}

type Wrong = (field: string, got: unknown, expected: string) => EdgeMlError;

function wrongIn(server: string): Wrong {
  return (field, got, expected) =>
    new EdgeMlError("EDGE_ML_SERVER_ANSWER", { server, field, got: describe(got), expected });
}

function jsonOf(bytes: Uint8Array, wrong: Wrong): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    throw wrong("it", "no JSON", "JSON of the Open Inference Protocol v2");
  }
  if (!isObject(value)) throw wrong("it", value, "an object");
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
