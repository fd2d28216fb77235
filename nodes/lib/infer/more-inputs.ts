import { describe, EdgeMlError } from "../errors/index.js";
import { MAX_FRAME_LENGTH } from "../frame/index.js";
import type { PortInfo } from "../model/index.js";

/** What a model with several inputs gets beside the frame, by the name of the input. */
export type MoreInputs = ReadonlyMap<string, InputValues>;

/** Row-major; of a fixed shape, or filling the one dimension that is open. */
export type InputValues = Float64Array | readonly string[];

/** A message with values for the inputs of a model: `msg.inputs.<name>`, or `msg.<name>`. */
export interface MessageOfInputs {
  inputs?: unknown;
  [property: string]: unknown;
}

/**
 * The input that takes the frame: the first of numbers.
 * @returns undefined when all inputs are text
 */
export function frameInput<Port extends { type?: string }>(inputs: readonly Port[]): Port | undefined {
  return inputs.find(({ type }) => type !== "string");
}

/**
 * The values of a model's further inputs from the message that the frame came in. A single value is a list of one.
 * @throws EdgeMlError EDGE_ML_PAYLOAD naming the property; EDGE_ML_TOO_LARGE
 */
export function readMoreInputs(message: MessageOfInputs, names: readonly string[]): MoreInputs {
  const inputs = new Map<string, InputValues>();
  for (const name of names) {
    const field = `msg.inputs.${name}`;
    try {
      inputs.set(name, valuesOf(own(message.inputs, name) ?? own(message, name), field));
    } catch (error) {
      throw EdgeMlError.reading(error, "EDGE_ML_PAYLOAD", field);
    }
  }
  return inputs;
}

/**
 * A value for each of a model's further inputs, to try it with: zeros or empty texts, with 1 for what its shape leaves
 * open. Undefined when it has none.
 */
export function zerosFor(inputs: readonly PortInfo[]): MoreInputs | undefined {
  if (inputs.length === 0) return undefined;
  return new Map(
    inputs.map(({ name, type, shape = [] }) => {
      const length = Math.min(
        shape.reduce<number>((all, size) => all * (size ?? 1), 1),
        MAX_FRAME_LENGTH,
      );
      return [name, type === "string" ? Array.from({ length }, () => "") : new Float64Array(length)];
    }),
  );
}

function valuesOf(value: unknown, field: string): InputValues {
  const list = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)) ? value : [value];
  const source = list as ArrayLike<unknown>;
  if (source.length > MAX_FRAME_LENGTH) {
    const details = { field, got: `${source.length} values`, expected: `${MAX_FRAME_LENGTH}` };
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", details);
  }
  const texts = typeof source[0] === "string";
  const numbers = new Float64Array(texts ? 0 : source.length);
  const copy: string[] = [];
  // By index: an iterator of its own may never end.
  for (let i = 0; i < source.length; i++) {
    const each = source[i];
    if (texts && typeof each === "string") copy.push(each);
    else if (!texts && isNumeric(each) && Number.isFinite(Number(each))) numbers[i] = Number(each);
    else {
      const expected = texts ? "texts only" : "a list of finite numbers or of texts";
      throw new EdgeMlError("EDGE_ML_PAYLOAD", { field, got: describe(each), expected });
    }
  }
  return texts ? copy : numbers;
}

function isNumeric(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint";
}

function own(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null && Object.hasOwn(object, name)
    ? (object as Record<string, unknown>)[name]
    : undefined;
}
