import type { Recipe } from "./recipe.js";

export interface RecipeDifference {
  /** Dotted path, for example `window.size`. */
  field: string;
  got: unknown;
  expected: unknown;
}

/** Fields that say how often a frame was made, not what is in it. */
const NOT_COMPARED = new Set(["window.hop"]);
/**
 * Not compared with a recipe that has none: older ones do not have the rate, and a limit on pauses leaves windows out, but
 * changes none.
 */
const COMPARED_WHERE_KNOWN = new Set(["window.rate", "window.gapLimit"]);

/**
 * The first field in which two recipes give different numbers, or undefined when they are alike.
 * A part that `expected` does not have (a model from elsewhere) is not compared.
 */
export function recipeDifference(got: Recipe, expected: Recipe): RecipeDifference | undefined {
  if (expected.window !== undefined) {
    const found = firstDifference(got.window, expected.window, "window");
    if (found) return found;
  }
  // Features made without a filter are others than those made with one.
  if (expected.filters !== undefined || expected.features !== undefined) {
    const found = firstDifference(got.filters ?? [], expected.filters ?? [], "filters");
    if (found) return found;
  }
  if (expected.features !== undefined) {
    const found = firstDifference(got.features, expected.features, "features");
    if (found) return found;
  }
  // The layer of a network is something else than what went into the network.
  if (expected.embedding === undefined && expected.features === undefined) return undefined;
  return firstDifference(got.embedding, expected.embedding, "embedding");
}

function firstDifference(got: unknown, expected: unknown, field: string): RecipeDifference | undefined {
  if (NOT_COMPARED.has(field) || Object.is(got, expected)) return undefined;
  if (expected === undefined && COMPARED_WHERE_KNOWN.has(field)) return undefined;
  if (!isObject(got) || !isObject(expected)) return { field, got, expected };
  for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
    const found = firstDifference(own(got, key), own(expected, key), `${field}.${key}`);
    if (found) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
