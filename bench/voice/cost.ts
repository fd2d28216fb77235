import type { Row } from "../lib/bench.ts";
import { median } from "../lib/measure.ts";

/** µs: what passed, and what the processor worked (all threads of the process). */
export interface Cost {
  wall: number;
  cpu: number;
}

/** A way of listening to so many microphones. */
export interface Listener {
  name: string;
  streams: number;
  /** So many hops of each. @returns what it took by its own clock; else it is measured from here */
  listen(hops: number): Promise<Cost | undefined>;
}

const REPEATS = 7;
/** µs of one repeat, about. */
const LENGTH = 300_000;

/** Of each listener, the medians of one hop of one microphone; they take turns. */
export async function costs(listeners: readonly Listener[]): Promise<Map<Listener, Cost>> {
  const hops = new Map<Listener, number>();
  const found = new Map<Listener, Cost[]>();
  for (const one of listeners) {
    await costOf(one, 20);
    const each = (await costOf(one, 50)).cpu / 50;
    hops.set(one, Math.max(20, Math.min(20_000, Math.round(LENGTH / each))));
    found.set(one, []);
  }
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const one of listeners) {
      const count = hops.get(one)!;
      const { wall, cpu } = await costOf(one, count);
      const steps = count * one.streams;
      found.get(one)!.push({ wall: wall / steps, cpu: cpu / steps });
    }
  }
  return new Map(
    [...found].map(([one, list]) => [
      one,
      { wall: median(list.map(({ wall }) => wall)), cpu: median(list.map(({ cpu }) => cpu)) },
    ]),
  );
}

async function costOf(one: Listener, hops: number): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  const own = await one.listen(hops);
  if (own) return own;
  const { user, system } = process.cpuUsage(cpu);
  return { wall: Number(process.hrtime.bigint() - start) / 1000, cpu: user + system };
}

/**
 * The share of a core that a listener takes: what the processor works for a hop of all its microphones, of the hop's
 * length, each beside the one named.
 * @param hop ms
 */
export function shareRows(
  results: ReadonlyMap<Listener, Cost>,
  hop: number,
  to?: (one: Listener) => Listener | undefined,
): Row[] {
  return [...results].map(([one, { cpu, wall }]) => {
    const share = (cpu * one.streams) / (hop * 10);
    const times = (1000 * hop) / (wall * one.streams);
    const row: Row = { what: `${one.name} (${Math.round(times)} × real time)`, value: share, unit: "%" };
    const other = to?.(one);
    if (other && other !== one) {
      row.ratio = { to: other.name, times: cpu / results.get(other)!.cpu };
    }
    return row;
  });
}
