import { float, OnnxGraph } from "../../model/index.js";
import {
  type ClusterOptions,
  type Clusters,
  cluster as clusterHere,
  MAX_ITERATIONS,
  TOLERANCE,
} from "../math/cluster.js";
import type { Random } from "../math/random.js";
import { draw, type Shape, squaredDistance, trialsFor } from "../math/seed-centres.js";
import { hasKernels, type Kernel, type KernelTensor, kernelOf } from "./kernel.js";

/** Below so many products a kernel costs more than it saves. */
const FEW = 200_000;

/** What float32 leaves of the distance between two equal rows, as a share of their squared lengths. */
const ROUNDING = 1e-6;

interface Rows {
  data: Float64Array;
  shape: Shape;
  /** The same in float32, for the kernels: [rows, columns]. */
  tensor: KernelTensor;
}

/**
 * k-means on ONNX Runtime where it pays and where there is one: the same algorithm as in math/cluster.ts, with all
 * distances from one matrix product. In float32 a row between two centres may go to the farther one by a hair; the
 * centres are means in float64, and the distances told are exact.
 */
export async function cluster(
  data: Float64Array,
  shape: Shape,
  options: ClusterOptions,
  random: Random,
  progress: (share: number) => void,
): Promise<Clusters> {
  if (shape.rows * shape.columns * options.clusters < FEW || !(await hasKernels())) {
    return clusterHere(data, shape, options, random, progress);
  }
  const [seeding, assigning] = [await kernelOf(seedGraph), await kernelOf(assignGraph)];
  const tensor = assigning.tensor([shape.rows, shape.columns], Float32Array.from(data));
  const rows: Rows = { data, shape, tensor };
  let best: Clusters | undefined;
  for (let restart = 0; restart < options.restarts; restart++) {
    const tell = (part: number) => progress((restart + part) / options.restarts);
    const seeds = await seed(seeding, rows, options.clusters, random, (part) => tell(part / 4));
    const found = await lloyd(assigning, rows, seeds, (part) => tell(1 / 4 + (3 / 4) * part));
    if (!best || found.inertia < best.inertia) best = found;
  }
  return best!;
}

/** For each row and each candidate: the squared distance to the nearest centre, were the candidate one, too. */
function seedGraph(): OnnxGraph {
  const g = new OnnxGraph("k-means++");
  const product = g.op(
    "Gemm",
    [g.input("x", ["N", "F"]), g.input("candidates", ["T", "F"]), g.input("lengths", ["T"])],
    { transB: 1, alpha: float(-2) },
  );
  const squares = g.op("Max", [g.op("Add", [product, g.input("rowLengths", ["N", 1])]), g.scalar(0)]);
  g.output("squares", g.op("Min", [squares, g.input("nearest", ["N", 1])]), ["N", "T"]);
  return g;
}

/** The nearest centre of each row: |x|² − 2xc + |c|² is least where xc − |c|²/2 is greatest. */
function assignGraph(): OnnxGraph {
  const g = new OnnxGraph("k-means");
  const closeness = g.op(
    "Gemm",
    [g.input("x", ["N", "F"]), g.input("centres", ["K", "F"]), g.input("offsets", ["K"])],
    {
      transB: 1,
    },
  );
  const nearest = g.op("ArgMax", [closeness], { axis: 1, keepdims: 0 });
  g.output("nearest", g.op("Cast", [nearest], { to: INT32 }), ["N"], "int32");
  return g;
}

/** TensorProto.DataType.INT32 */
const INT32 = 6;

/** Greedy k-means++, as seedCentres. */
async function seed(
  kernel: Kernel,
  { data, shape, tensor }: Rows,
  clusters: number,
  random: Random,
  progress: (share: number) => void,
): Promise<Float64Array> {
  const { rows, columns } = shape;
  const trials = trialsFor(clusters);
  const lengths = new Float32Array(rows);
  for (let row = 0; row < rows; row++) lengths[row] = (1 - ROUNDING) * squareOf(data, row * columns, columns);
  const rowLengths = kernel.tensor([rows, 1], lengths);
  const nearest = new Float32Array(rows);
  const picks: number[] = [];
  let candidates = [Math.min(rows - 1, Math.floor(random() * rows))];
  let total = Number.POSITIVE_INFINITY;
  nearest.fill(3e38);
  // At 0, every different row is a centre already.
  while (picks.length < clusters && total > 0) {
    const count = candidates.length;
    const block = new Float32Array(count * columns);
    const offsets = new Float32Array(count);
    candidates.forEach((row, i) => {
      block.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
      offsets[i] = lengths[row]!;
    });
    const output = await kernel.run({
      x: tensor,
      candidates: kernel.tensor([count, columns], block),
      lengths: kernel.tensor([count], offsets),
      rowLengths,
      nearest: kernel.tensor([rows, 1], nearest),
    });
    const squares = output.squares!.data as Float32Array;
    const left = new Float64Array(count);
    for (let at = 0; at < squares.length; ) for (let i = 0; i < count; i++, at++) left[i]! += squares[at]!;
    const winner = left.indexOf(Math.min(...left));
    picks.push(candidates[winner]!);
    total = left[winner]!;
    for (let row = 0; row < rows; row++) nearest[row] = squares[row * count + winner]!;
    nearest[candidates[winner]!] = 0;
    candidates = Array.from({ length: trials }, () => draw(nearest, random() * total)).filter((row) => row >= 0);
    if (candidates.length === 0) break;
    progress(picks.length / clusters);
  }
  const centres = new Float64Array(picks.length * columns);
  picks.forEach((row, k) => {
    centres.set(data.subarray(row * columns, (row + 1) * columns), k * columns);
  });
  return centres;
}

async function lloyd(
  kernel: Kernel,
  { data, shape, tensor }: Rows,
  centres: Float64Array,
  progress: (share: number) => void,
): Promise<Clusters> {
  const { columns } = shape;
  const count = centres.length / columns;
  const assign = async (): Promise<Int32Array> => {
    const output = await kernel.run({
      x: tensor,
      centres: kernel.tensor([count, columns], Float32Array.from(centres)),
      offsets: kernel.tensor(
        [count],
        Float32Array.from({ length: count }, (_, k) => -squareOf(centres, k * columns, columns) / 2),
      ),
    });
    return output.nearest!.data as Int32Array;
  };
  const members: Members = {
    nearest: new Int32Array(shape.rows).fill(-1),
    counts: new Int32Array(count),
    sums: new Float64Array(centres.length),
  };
  let first = Number.NaN;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const changed = moveRows(data, columns, members, await assign());
    progress(iteration / MAX_ITERATIONS);
    if (changed === 0) return finish(data, shape, centres, members.nearest);
    const moved = moveCentres(data, columns, centres, members);
    if (Number.isNaN(first)) first = moved;
    if (moved <= TOLERANCE * first) break;
  }
  return finish(data, shape, centres, await assign());
}

/** Which rows belong to which centre, kept up to date: after a few rounds hardly any of them change. */
interface Members {
  /** The centre of each row; −1 before there is one. */
  nearest: Int32Array;
  /** Rows of each centre, and their sum, [centres] and [centres, columns]. */
  counts: Int32Array;
  sums: Float64Array;
}

/** @returns how many rows belong to another centre now */
function moveRows(data: Float64Array, columns: number, members: Members, next: Int32Array): number {
  let changed = 0;
  for (let row = 0; row < next.length; row++) {
    const own = members.nearest[row]!;
    if (own === next[row]) continue;
    moveRow(data, columns, members, row, next[row]!);
    changed++;
  }
  return changed;
}

function moveRow(data: Float64Array, columns: number, members: Members, row: number, to: number): void {
  const { nearest, counts, sums } = members;
  const from = nearest[row]!;
  nearest[row] = to;
  counts[to]!++;
  if (from >= 0) counts[from]!--;
  for (let i = 0; i < columns; i++) {
    const value = data[row * columns + i]!;
    sums[to * columns + i]! += value;
    if (from >= 0) sums[from * columns + i]! -= value;
  }
}

/** Puts every centre at the mean of its rows, and one without rows at the row that is farthest out; returns the sum of the squared moves. */
function moveCentres(data: Float64Array, columns: number, centres: Float64Array, members: Members): number {
  const { counts, sums } = members;
  for (let k = 0; k < counts.length; k++) {
    if (counts[k] !== 0) continue;
    const far = farthest(data, columns, centres, members);
    if (far >= 0) moveRow(data, columns, members, far, k);
  }
  let moved = 0;
  for (let k = 0, at = 0; k < counts.length; k++) {
    for (let i = 0; i < columns; i++, at++) {
      if (counts[k] === 0) continue;
      const mean = sums[at]! / counts[k]!;
      moved += (mean - centres[at]!) ** 2;
      centres[at] = mean;
    }
  }
  return moved;
}

/** The row farthest from its centre, of a cluster that can spare it; −1 without one. */
function farthest(data: Float64Array, columns: number, centres: Float64Array, { nearest, counts }: Members): number {
  let far = -1;
  let most = 0;
  for (let row = 0; row < nearest.length; row++) {
    const own = nearest[row]!;
    if (counts[own]! < 2) continue;
    const square = squaredDistance(data, row * columns, centres, own * columns, columns);
    if (square > most) {
      far = row;
      most = square;
    }
  }
  return far;
}

function finish(data: Float64Array, { rows, columns }: Shape, centres: Float64Array, nearest: Int32Array): Clusters {
  const distances = new Float64Array(rows);
  let inertia = 0;
  for (let row = 0; row < rows; row++) {
    const square = squaredDistance(data, row * columns, centres, nearest[row]! * columns, columns);
    distances[row] = Math.sqrt(square);
    inertia += square;
  }
  return { centres, count: centres.length / columns, nearest, distances, inertia };
}

function squareOf(data: Float64Array, from: number, columns: number): number {
  let sum = 0;
  for (let at = from; at < from + columns; at++) sum += data[at]! * data[at]!;
  return sum;
}
