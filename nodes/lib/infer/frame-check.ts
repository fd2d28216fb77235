import { types } from "node:util";
import { describe, EdgeMlError } from "../errors/index.js";
import { addReason, type Frame, type FrameInfo, type Quality, reason } from "../frame/index.js";
import type { Manifest } from "../model/index.js";
import { placeOf, type Recipe, recipeDifference, type WindowRecipe } from "../recipe/index.js";
import { inputDims, type Shape, shapeText } from "./input-shape.js";

/**
 * Whether frames are what a model was made for. It looks at every frame, since nothing about a message can be relied
 * on: also an object that was fine before may have been changed. Only those parts of a recipe that cannot change (ours are
 * frozen through and through), are known again by their reference. The names cost a comparison of references each.
 */
export class FrameCheck {
  readonly #name: string;
  readonly #shape: Shape;
  readonly #manifest: Manifest | undefined;
  /** The names that passed last, as they came: the same text objects come again, and compare by reference. */
  #names: readonly string[];
  /** The parts that passed last, if nothing in them can ever change: to walk them costs more than the rest of the check. */
  #window: WindowRecipe | undefined;
  #features: Recipe["features"];
  #filters: Recipe["filters"];
  #embedding: Recipe["embedding"];

  /** @param name what the model is called in errors */
  constructor(name: string, manifest: Manifest | undefined, shape: Shape) {
    this.#name = name;
    this.#manifest = manifest;
    this.#shape = shape;
    this.#names = manifest?.input.names ?? [];
  }

  /** @throws EdgeMlError EDGE_ML_RECIPE_MISMATCH naming the first field that differs; EDGE_ML_FRAME */
  check({ data, info }: Frame): void {
    if (this.#manifest) {
      try {
        this.#checkRecipe(info.recipe, this.#manifest.input.recipe);
      } catch (error) {
        throw EdgeMlError.reading(error, "EDGE_ML_FRAME", "msg.frame.recipe");
      }
      if (info.kind === "features") this.#checkNames(info, this.#manifest.input.names);
      else this.#checkChannels(info, data.length, this.#manifest.input.channels);
    }
    if (!inputDims(this.#shape, 1, data.length, info.shape)) {
      throw this.#mismatch("msg.frame.shape", info.shape.join(" × "), shapeText(this.#shape));
    }
  }

  #checkRecipe(got: Recipe, expected: Recipe): void {
    if (expected.window !== undefined && expected.features === undefined && got.features !== undefined) {
      throw this.#mismatch("features", describe(got.features), "windows as they are, without feature blocks");
    }
    const { window, features, filters, embedding } = got;
    if (
      window !== undefined &&
      window === this.#window &&
      features === this.#features &&
      filters === this.#filters &&
      embedding === this.#embedding
    ) {
      return;
    }
    const difference = sameRecipe(got, expected) ? undefined : recipeDifference(got, expected);
    if (difference) {
      throw this.#mismatch(difference.field, describe(difference.got), describe(difference.expected));
    }
    if ([window, features, filters, embedding].every(unchangeable)) {
      this.#window = window;
      this.#features = features;
      this.#filters = filters;
      this.#embedding = embedding;
    }
  }

  #checkNames({ names, shape }: FrameInfo, expected: readonly string[]): void {
    if (sameNames(names, this.#names)) return;
    // A matrix names its columns, and the model each number: "mel 3 [7]" is column "mel 3" in row 7.
    const matrix = shape.length > 1 && names.length < expected.length;
    if (!matrix && names.length !== expected.length) {
      throw this.#mismatch("msg.frame.names", `${names.length} features`, `${expected.length} features`);
    }
    for (let i = 0; i < expected.length; i++) {
      const at = i % names.length;
      const got = matrix ? `${names[at]} [${Math.floor(i / names.length)}]` : names[at];
      if (got !== expected[i]) throw this.#mismatch(`msg.frame.names.${at}`, describe(got), describe(expected[i]));
    }
    this.#names = [...names];
  }

  /** A model that learned from windows: number i of a frame is of channel i modulo their number. */
  #checkChannels({ names }: FrameInfo, length: number, expected: readonly (string | null)[]): void {
    if (length !== expected.length) {
      throw this.#mismatch("msg.payload", `${length} numbers`, `${expected.length} numbers`);
    }
    for (let i = 0; i < length; i++) {
      const channel = expected[i] ?? null;
      if (channel !== null && channel !== names[i % names.length]) {
        const at = i % names.length;
        throw this.#mismatch(`msg.frame.names.${at}`, describe(names[at]), describe(channel));
      }
    }
  }

  #mismatch(field: string, got: string, expected: string): EdgeMlError {
    return new EdgeMlError("EDGE_ML_RECIPE_MISMATCH", {
      name: this.#name,
      field,
      got,
      expected,
      place: placeOf(field),
    });
  }
}

/**
 * The quality of a frame that must not be scored, or undefined when it may: what the frame says of itself, and no frame
 * with NaN or Infinity in it, whatever it says.
 */
export function badQuality({ data, info }: Frame): Quality | undefined {
  if (!info.quality.ok) return info.quality;
  // One NaN makes the sum NaN, and so does Infinity times 0: no branch per number.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]! * 0;
  if (sum === 0) return undefined;
  const reasons = [...info.quality.reasons];
  let missing = 0;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i]!)) continue;
    missing++;
    addReason(reasons, reason("not-a-number", info.names[i % info.names.length]));
  }
  return { ok: false, reasons, missing: Math.max(missing, info.quality.missing), filled: info.quality.filled };
}

/** Whether the parts that a model names are the same; the hop may differ. False is looked at again, field by field. */
function sameRecipe(got: Recipe, expected: Recipe): boolean {
  const { window, features, filters, embedding } = expected;
  return (
    (window === undefined || sameWindow(got.window, window)) &&
    (features === undefined || sameJson(got.features, features)) &&
    ((features === undefined && filters === undefined) || sameJson(got.filters ?? [], filters ?? [])) &&
    ((features === undefined && embedding === undefined) || sameJson(got.embedding, embedding))
  );
}

/** The hop says how often a window was made, not what is in it. */
function sameWindow(got: WindowRecipe | undefined, expected: WindowRecipe): boolean {
  return sameJson(got, expected, "hop");
}

function sameJson(got: unknown, expected: unknown, except?: string): boolean {
  if (got === expected) return true;
  if (typeof got !== "object" || typeof expected !== "object" || got === null || expected === null) return false;
  let count = 0;
  for (const key in expected) {
    if (key === except) continue;
    if (!Object.hasOwn(got, key) || !sameJson((got as Json)[key], (expected as Json)[key])) return false;
    count++;
  }
  for (const key in got) if (key !== except) count--;
  return count === 0;
}

type Json = Record<string, unknown>;

/**
 * Whether a value is plain data, frozen at every depth. Not so: a getter or a proxy, which may answer otherwise the next
 * time, and anything with a prototype of its own. Objects of another realm are not known again, only compared again.
 */
function unchangeable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  if (types.isProxy(value) || !Object.isFrozen(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (property) => "value" in property && unchangeable(property.value),
  );
}

function sameNames(got: readonly string[], expected: readonly string[]): boolean {
  if (got.length !== expected.length) return false;
  for (let i = 0; i < got.length; i++) if (got[i] !== expected[i]) return false;
  return true;
}
