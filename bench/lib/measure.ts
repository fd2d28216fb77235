/** A way of doing something `count` times. */
export interface Case {
  name: string;
  /** A promise is waited for. A number, or a promise of one, is the microseconds that it took by its own clock. */
  run(count: number): unknown;
}

export interface Options {
  /** Of each case; the median counts. */
  repeats?: number;
  /** How long one repeat takes, about. */
  ms?: number;
  /** The most times in one repeat. */
  most?: number;
}

/**
 * Microseconds each case takes once: the median over repeats. The cases take turns, so that what slows the machine down
 * for a while slows all of them.
 */
export async function compare(cases: readonly Case[], options: Options = {}): Promise<Map<string, number>> {
  const { repeats = 9, ms = 60, most = 1_000_000 } = options;
  const counts = new Map<Case, number>();
  const times = new Map<Case, number[]>();
  for (const one of cases) {
    counts.set(one, await countFor(one, ms, most));
    times.set(one, []);
  }
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const one of cases) {
      const count = counts.get(one)!;
      times.get(one)!.push((await time(one, count)) / count);
    }
  }
  return new Map(cases.map((one) => [one.name, median(times.get(one)!)]));
}

export function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const middle = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[middle]! : (ordered[middle - 1]! + ordered[middle]!) / 2;
}

/** Bytes in use after a collection: the heap, and what typed arrays hold beside it. */
export function memory(): number {
  if (!globalThis.gc) throw new Error("Run with --expose-gc");
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Warms the case up, and finds how many times fill one repeat. */
async function countFor(one: Case, ms: number, most: number): Promise<number> {
  let count = 1;
  for (;;) {
    const took = (await time(one, count)) / 1000;
    if (count >= most) return most;
    if (took >= ms / 2) return Math.max(1, Math.min(most, Math.round((count * ms) / took)));
    count = Math.min(most, count * 2);
  }
}

async function time(one: Case, count: number): Promise<number> {
  const start = process.hrtime.bigint();
  const own = await one.run(count);
  return typeof own === "number" ? own : Number(process.hrtime.bigint() - start) / 1000;
}
