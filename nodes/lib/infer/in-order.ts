import { type InputOrder, isTurned, type Shape } from "./input-shape.js";

/**
 * Frames as they must lie in a model's input: as they are, or a copy with rows and columns exchanged.
 * @param rows row-major, `count` frames one after the other
 */
export function inOrder(
  rows: Float32Array,
  count: number,
  shape: Shape,
  frameShape: readonly number[] | undefined,
  order: InputOrder | undefined,
): Float32Array {
  return isTurned(shape, frameShape, order) ? turn(rows, count, frameShape!) : rows;
}

/** Rows and columns of each frame exchanged. */
function turn(rows: Float32Array, count: number, [height, width]: readonly number[]): Float32Array {
  const turned = new Float32Array(rows.length);
  let at = 0;
  for (let frame = 0; frame < count; frame++) {
    const start = frame * height! * width!;
    for (let column = 0; column < width!; column++) {
      for (let row = 0; row < height!; row++) turned[at++] = rows[start + row * width! + column]!;
    }
  }
  return turned;
}
