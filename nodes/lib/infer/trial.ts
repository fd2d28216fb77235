import { EdgeMlError } from "../errors/index.js";
import { MAX_FRAME_LENGTH } from "../frame/index.js";
import type { Manifest, PortInfo } from "../model/index.js";
import { frameLength, shapeText } from "./input-shape.js";
import type { Interpreter } from "./interpreter.js";
import { type MoreInputs, zerosFor } from "./more-inputs.js";
import type { OutputTensor, Runner, RunOutput } from "./runner.js";

/** What trying a model showed. */
export interface Trial {
  /** Numbers in one frame, or undefined when the file leaves it open; such a model cannot be tried. */
  length: number | undefined;
  medianMs: number | undefined;
  /** A batch gives the same as its frames one by one. */
  batches: boolean;
  /** What it gave for each frame that it was tried on. */
  singles: readonly RunOutput[];
}

/** A model that has not answered by then never will. */
const PATIENCE_MS = 60_000;
const WARM_UP_RUNS = 3;
const TIMED_RUNS = 9;
/** Enough was measured of a slow model after this. */
const TIMED_MS = 300;
/** Kernels for batches may add up in another order. */
const TOLERANCE = 1e-4;

/**
 * Runs a model on zeros and on the mean of what it was trained on.
 * @param moreInputs those beside the one that takes the frame
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID
 */
export async function tryModel(
  name: string,
  runner: Runner,
  manifest: Manifest | undefined,
  moreInputs: readonly PortInfo[] = [],
): Promise<Trial> {
  const length = manifest ? declaredLength(name, runner, manifest) : frameLength(runner.inputShape);
  const untried: Trial = { length, medianMs: undefined, batches: false, singles: [] };
  if (length === undefined) return untried;
  if (length > MAX_FRAME_LENGTH) {
    throw invalid(name, `a frame for it is ${length} numbers, more than a message may hold`);
  }
  const more = zerosFor(moreInputs);
  const rows = [new Float32Array(length), meanOf(manifest, length)];
  const singles: RunOutput[] = [];
  try {
    for (const row of rows) singles.push(await attempt(name, () => runner.run(row, 1, undefined, more)));
  } catch (error) {
    // A text that it does not know, or a shape that depends on another input: only its frames will show.
    if (more) return untried;
    throw error;
  }
  const medianMs = await measure(name, runner, rows[1]!, more);
  // Each frame has its own further inputs: such frames run one by one.
  return { length, medianMs, batches: !more && (await batches(runner, rows, singles)), singles };
}

/**
 * What it gave when it was tried must be finite and of the declared shape.
 * @param each for every frame, as one of our own models must; one from elsewhere may have no result for zeros (a norm, a
 *   logarithm)
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID
 */
export async function tryResults(
  name: string,
  { singles }: Trial,
  interpreter: Interpreter,
  each: boolean,
): Promise<void> {
  let failure: unknown;
  for (const { outputs } of singles) {
    try {
      await attempt(name, () => interpreter.result(outputs, 0, 1));
      if (!each) return;
    } catch (error) {
      if (each) throw error;
      failure = error;
    }
  }
  if (failure) throw failure;
}

function declaredLength(name: string, runner: Runner, { input }: Manifest): number {
  const length = frameLength(input.shape);
  if (length === undefined)
    throw invalid(name, `its manifest leaves the size of a frame open (${shapeText(input.shape)})`);
  if (input.names.length !== input.shape.at(-1) && input.names.length !== length) {
    throw invalid(name, `its manifest names ${input.names.length} features, but a frame has ${length}`);
  }
  const own = frameLength(runner.inputShape);
  if (own !== undefined && own !== length) {
    throw invalid(name, `it takes ${shapeText(runner.inputShape)}, but its manifest says ${shapeText(input.shape)}`);
  }
  return length;
}

function meanOf(manifest: Manifest | undefined, length: number): Float32Array {
  const features = manifest?.training.features;
  if (features?.length === length) return Float32Array.from(features, ({ mean }) => mean);
  return new Float32Array(length).fill(1);
}

/** The median ms of some runs, after some that only warm up. */
export async function measure(name: string, runner: Runner, row: Float32Array, more?: MoreInputs): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + TIMED_MS;
  for (let i = 0; i < WARM_UP_RUNS + TIMED_RUNS; i++) {
    const { ms } = await attempt(name, () => runner.run(row, 1, undefined, more));
    if (i >= WARM_UP_RUNS || performance.now() > end) times.push(ms);
    if (performance.now() > end) break;
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1]!;
}

/** Many models have a fixed batch of 1, and some mix the rows of a batch: those get their frames one by one. */
async function batches(runner: Runner, rows: Float32Array[], singles: RunOutput[]): Promise<boolean> {
  if (runner.inputShape[0] !== null || runner.inputShape.length < 2) return false;
  const both = new Float32Array(rows.flatMap((row) => [...row]));
  let batch: RunOutput;
  try {
    batch = await runner.run(both, rows.length);
  } catch {
    return false;
  }
  return batch.outputs.every((output, i) => {
    if (output.shape[0] !== rows.length) return false;
    const length = output.data.length / rows.length;
    return singles.every(({ outputs }, row) => {
      const single = outputs[i]!;
      return single.data.length === length && alike(output.data.slice(row * length, (row + 1) * length), single.data);
    });
  });
}

function alike(a: OutputTensor["data"], b: OutputTensor["data"]): boolean {
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    if (Object.is(x, y)) continue;
    if (typeof x !== "number" || typeof y !== "number") return false;
    if (!(Math.abs(x - y) <= TOLERANCE * Math.max(1, Math.abs(x), Math.abs(y)))) return false;
  }
  return true;
}

/**
 * What goes wrong in a trial is the model's fault.
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID
 */
export async function attempt<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(invalid(name, `it did not answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work(), patience]);
  } catch (error) {
    const cause = EdgeMlError.from(error);
    if (cause.code === "EDGE_ML_MODEL_INVALID") throw cause;
    throw invalid(name, `it failed when it was tried: ${String(cause.details.reason ?? cause.message)}`, cause);
  } finally {
    clearTimeout(timer);
  }
}

function invalid(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause });
}
