import { getHeapStatistics } from "node:v8";
import { EdgeMlError } from "../../errors/index.js";
import type { FrameBatch } from "./request.js";

const MEGABYTE = 2 ** 20;

/** What a training thread holds before it has any frames. */
const BASE_MEGABYTES = 32;

/**
 * Bytes for each number of the frames that every method needs: the frames themselves, their training part and hold-out,
 * and the standardised features in float64 and float32.
 */
const BYTES_PER_NUMBER = 4 + 4 + 8 + 4;

/**
 * Checks, before a training starts, that it can keep within its limit: this much any method takes.
 * @throws EdgeMlError EDGE_ML_LEARN_MEMORY
 */
export function checkMemoryNeeded({ rows, columns }: Pick<FrameBatch, "rows" | "columns">, megabytes: number): void {
  const least = BASE_MEGABYTES + (rows * columns * BYTES_PER_NUMBER) / MEGABYTE;
  if (least <= megabytes) return;
  const reason = `${rows} frames of ${columns} numbers take at least ${Math.ceil(least)} MB, and the limit is ${megabytes} MB`;
  throw new EdgeMlError("EDGE_ML_LEARN_MEMORY", { reason });
}

/** How often the memory is looked at, in ms: looking takes 5 µs. */
const INTERVAL = 50;

/**
 * A check of what this thread holds: V8's own limit of a thread counts objects, not the numbers in typed arrays.
 * @returns to be called often; throws EdgeMlError EDGE_ML_LEARN_MEMORY
 */
export function memoryWatch(megabytes: number): () => void {
  let next = 0;
  return () => {
    const now = performance.now();
    if (now < next) return;
    next = now + INTERVAL;
    const { used_heap_size, external_memory } = getHeapStatistics();
    const held = (used_heap_size + external_memory) / MEGABYTE;
    if (held > megabytes) throw outOfMemory(`it holds ${Math.ceil(held)} MB, and the limit is ${megabytes} MB`);
  };
}

export function outOfMemory(reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_LEARN_MEMORY", { reason }, { cause });
}

/** Whether this says that memory could not be had: V8's word for a thread's heap or an array, or ONNX Runtime's. */
export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ((error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY") return true;
  if (error instanceof RangeError) return /allocation failed|invalid (typed )?array length/i.test(error.message);
  return error.cause !== undefined && /bad_alloc|Failed to allocate memory/.test(String(error.cause));
}
