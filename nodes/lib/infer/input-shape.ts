/** A dimension that is known only when the model runs is null. */
export type Shape = readonly (number | null)[];

/**
 * How a frame of rows and columns (samples × channels, frames × bins) lies in a model's input where its shape fits both
 * ways: rows first, as Keras has it, or columns first, as PyTorch's convolutions do.
 */
export type InputOrder = "rows" | "columns";

/**
 * The dimensions of the input tensor for a batch of frames, or undefined when frames of this length do not fit.
 * The first dimension is the batch, unless the model takes exactly one frame in all of its dimensions (for example [49, 10]
 * or [1, 3, 32, 32]). Dimensions of 1 may stand anywhere among those of the frame.
 * @param length numbers in one frame
 */
export function inputDims(
  shape: Shape,
  count: number,
  length: number,
  frameShape?: readonly number[],
  order: InputOrder = "rows",
): number[] | undefined {
  // [batch, features], which nearly all models take: this is asked twice for each frame.
  if (shape.length === 2 && shape[0] === null && (shape[1] === length || shape[1] === null)) return [count, length];
  if (!shape.includes(null) && product(shape) === length) {
    return count === 1 && fitOf(shape, frameShape) !== "none" ? (shape as number[]).slice() : undefined;
  }
  const [batch, ...rest] = shape;
  if (batch === undefined || (batch !== null && batch !== count)) return undefined;
  const filled = fill(rest, length, frameShape, order);
  if (filled) return [count, ...filled];
  // A single open dimension that is not the batch: [features].
  return shape.length === 1 && batch === null && count === 1 ? [length] : undefined;
}

/** Whether the rows and columns of a frame must be exchanged to lie in this input. */
export function isTurned(shape: Shape, frameShape: readonly number[] | undefined, order: InputOrder = "rows"): boolean {
  if (frameShape?.length !== 2 || frameShape[0] === 1 || frameShape[1] === 1) return false;
  const whole = !shape.includes(null) && product(shape) === product(frameShape);
  const fit = fitOf(whole ? shape : shape.slice(1), frameShape);
  return fit === "turned" || (fit === "both" && order === "columns");
}

/** How a frame of rows and columns fits dimensions, those of 1 aside; "free" when they are not two, as in a flat input. */
function fitOf(
  dims: Shape,
  frameShape: readonly number[] | undefined,
): "free" | "straight" | "turned" | "both" | "none" {
  const wide = dims.filter((size) => size !== 1);
  if (frameShape?.length !== 2 || wide.length !== 2) return "free";
  const fits = (rows: number, columns: number) =>
    (wide[0] === null || wide[0] === rows) && (wide[1] === null || wide[1] === columns);
  const straight = fits(frameShape[0]!, frameShape[1]!);
  const turned = fits(frameShape[1]!, frameShape[0]!);
  if (straight) return turned ? "both" : "straight";
  return turned ? "turned" : "none";
}

/** How many numbers a model takes in one frame, or undefined when its file does not say. */
export function frameLength(shape: Shape): number | undefined {
  const rest = shape.length > 1 && (shape[0] === null || shape[0] === 1) ? shape.slice(1) : shape;
  return rest.includes(null) ? undefined : product(rest);
}

function fill(
  rest: Shape,
  length: number,
  frameShape: readonly number[] | undefined,
  order: InputOrder,
): number[] | undefined {
  if (rest.length === 0) return undefined;
  const fit = fitOf(rest, frameShape);
  if (fit === "none") return undefined;
  const known = product(rest);
  const open = rest.filter((size) => size === null).length;
  if (open === 0) return known === length ? (rest as number[]) : undefined;
  if (open === 1) {
    const size = length / known;
    return Number.isInteger(size) ? rest.map((each) => each ?? size) : undefined;
  }
  if (fit !== "free") {
    const sizes = [...frameShape!];
    if (fit === "turned" || (fit === "both" && order === "columns")) sizes.reverse();
    return rest.map((size) => (size === 1 ? 1 : sizes.shift()!));
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
