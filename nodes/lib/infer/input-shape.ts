/** A dimension that is known only when the model runs is null. */
export type Shape = readonly (number | null)[];

/**
 * The dimensions of the input tensor for a batch of frames, or undefined when frames of this length do not fit.
 * The first dimension is the batch, unless the model takes exactly one frame in all of its dimensions (for example [49, 10]
 * or [1, 3, 32, 32]).
 * @param length numbers in one frame
 */
export function inputDims(
  shape: Shape,
  count: number,
  length: number,
  frameShape?: readonly number[],
): number[] | undefined {
  // [batch, features], which nearly all models take: this is asked twice for each frame.
  if (shape.length === 2 && shape[0] === null && (shape[1] === length || shape[1] === null)) return [count, length];
  if (!shape.includes(null) && product(shape) === length) return count === 1 ? (shape as number[]).slice() : undefined;
  const [batch, ...rest] = shape;
  if (batch === undefined || (batch !== null && batch !== count)) return undefined;
  const filled = fill(rest, length, frameShape);
  if (filled) return [count, ...filled];
  // A single open dimension that is not the batch: [features].
  return shape.length === 1 && batch === null && count === 1 ? [length] : undefined;
}

/** How many numbers a model takes in one frame, or undefined when its file does not say. */
export function frameLength(shape: Shape): number | undefined {
  const rest = shape.length > 1 && (shape[0] === null || shape[0] === 1) ? shape.slice(1) : shape;
  return rest.includes(null) ? undefined : product(rest);
}

function fill(rest: Shape, length: number, frameShape: readonly number[] | undefined): number[] | undefined {
  if (rest.length === 0) return undefined;
  const known = product(rest);
  const open = rest.filter((size) => size === null).length;
  if (open === 0) return known === length ? (rest as number[]) : undefined;
  if (open === 1) {
    const size = length / known;
    return Number.isInteger(size) ? rest.map((each) => each ?? size) : undefined;
  }
  const fits = frameShape?.length === rest.length && rest.every((size, i) => size === null || size === frameShape[i]);
  return fits ? [...frameShape] : undefined;
}

function product(sizes: Shape): number {
  return sizes.reduce<number>((all, size) => all * (size ?? 1), 1);
}

/** A shape in words: "any × 24". */
export function shapeText(shape: Shape): string {
  return shape.length === 0 ? "one number" : shape.map((size) => size ?? "any").join(" × ");
}
