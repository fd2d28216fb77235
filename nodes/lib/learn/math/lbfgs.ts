/** A function's value and gradient at a point. */
export interface Slope {
  value: number;
  gradient: Float64Array;
}

export interface Minimum {
  point: Float64Array;
  value: number;
  iterations: number;
  /** Whether the gradient became small enough. */
  converged: boolean;
}

export interface LbfgsOptions {
  /** The largest entry of the gradient at which it has converged. */
  tolerance: number;
  maxIterations: number;
}

/** Steps and changes of the gradient that are remembered. */
const MEMORY = 10;

/** Of the weak Wolfe conditions: how much of the promised descent, and how much flatter, a step has to bring. */
const DESCENT = 1e-4;
const CURVATURE = 0.9;

const MAX_TRIALS = 30;

/**
 * Minimises a smooth function: limited-memory BFGS (Nocedal, Mathematics of Computation 35 (1980) 773–782) with a weak
 * Wolfe line search by bisection (Lewis & Overton, Mathematical Programming 141 (2013) 135–163).
 */
export async function lbfgs(
  slopeAt: (point: Float64Array) => Promise<Slope>,
  start: Float64Array,
  { tolerance, maxIterations }: LbfgsOptions,
  progress: (share: number) => void,
): Promise<Minimum> {
  let point = start;
  let here = await slopeAt(point);
  const memory: { step: Float64Array; change: Float64Array; scale: number }[] = [];
  for (let iteration = 0; ; iteration++) {
    const converged = here.gradient.every((entry) => Math.abs(entry) <= tolerance);
    if (converged || iteration === maxIterations) return { point, value: here.value, iterations: iteration, converged };
    const direction = descentDirection(here.gradient, memory);
    const found = await wolfe(slopeAt, point, here, direction);
    // No step goes down: as low as the arithmetic allows.
    if (!found) return { point, value: here.value, iterations: iteration, converged: false };
    const step = found.point.map((value, i) => value - point[i]!);
    const change = found.slope.gradient.map((value, i) => value - here.gradient[i]!);
    const product = dot(step, change);
    if (product > 1e-12 * dot(change, change)) {
      memory.push({ step, change, scale: 1 / product });
      if (memory.length > MEMORY) memory.shift();
    }
    point = found.point;
    here = found.slope;
    progress(iteration / maxIterations);
  }
}

/** The two loops: −H times the gradient, H being what the memory tells of the inverse Hessian. */
function descentDirection(
  gradient: Float64Array,
  memory: readonly { step: Float64Array; change: Float64Array; scale: number }[],
): Float64Array {
  const direction = gradient.map((entry) => -entry);
  const factors = new Float64Array(memory.length);
  for (let i = memory.length - 1; i >= 0; i--) {
    const { step, change, scale } = memory[i]!;
    factors[i] = scale * dot(step, direction);
    addTimes(direction, -factors[i]!, change);
  }
  const last = memory.at(-1);
  // The first step is of length 1 at most.
  const size = last
    ? 1 / (last.scale * dot(last.change, last.change))
    : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
  for (let i = 0; i < direction.length; i++) direction[i]! *= size;
  memory.forEach(({ step, change, scale }, i) => {
    addTimes(direction, factors[i]! - scale * dot(change, direction), step);
  });
  return direction;
}

async function wolfe(
  slopeAt: (point: Float64Array) => Promise<Slope>,
  from: Float64Array,
  here: Slope,
  direction: Float64Array,
): Promise<{ point: Float64Array; slope: Slope } | undefined> {
  const descent = dot(here.gradient, direction);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let length = 1;
  let lower: { point: Float64Array; slope: Slope } | undefined;
  for (let trial = 0; trial < MAX_TRIALS; trial++) {
    const point = from.map((value, i) => value + length * direction[i]!);
    const slope = await slopeAt(point);
    if (!(slope.value <= here.value + DESCENT * length * descent)) high = length;
    else {
      lower = { point, slope };
      if (dot(slope.gradient, direction) >= CURVATURE * descent) return lower;
      low = length;
    }
    length = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2;
  }
  return lower;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTimes(to: Float64Array, factor: number, what: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * what[i]!;
}
