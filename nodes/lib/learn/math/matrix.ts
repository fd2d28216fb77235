/** A block of rows, row-major [rows, columns]. */
export interface Matrix {
  rows: number;
  columns: number;
  data: Float32Array | Float64Array;
}

/** Some rows of a matrix, copied, in the order given. */
export function takeRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const { columns } = matrix;
  const data = new Float32Array(indices.length * columns);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * columns;
    data.set(matrix.data.subarray(from, from + columns), i * columns);
  }
  return { rows: indices.length, columns, data };
}
