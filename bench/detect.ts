import type { Bench, Row, Table } from "./lib/bench.ts";
import { rowsOf } from "./lib/bench.ts";
import { library } from "./lib/library.ts";
import { type Case, compare, memory } from "./lib/measure.ts";

const { AnomalyDetection, detectors, readReading } = library;

let scored = 0;

function detection(detector: string, options: object = {}, streams = 10_000) {
  return new AnomalyDetection({
    detector,
    options,
    channels: [],
    falseAlarms: { count: 1, in: { ms: 86_400_000 } },
    pause: 0,
    stuck: 0,
    forget: 0,
    streams,
  });
}

/** Noise on a daily cycle, as cheap as it can be made: what is measured is the detector. */
const values = Array.from({ length: 4096 }, (_, i) => Math.sin(i / 45) + Math.sin(12.9898 * i * i) / 3);

/** Readings as they come, from the message to the result, after the warm-up. */
function readings(
  name: string,
  detector: string,
  options: object,
  warmUp: number,
  payload: (i: number) => unknown,
): Case {
  const one = detection(detector, options);
  let i = 0;
  const push = () => {
    i++;
    // Every 5 minutes.
    scored += one.push(readReading({ topic: "s", payload: payload(i), timestamp: i * 300_000 }, 0)).length;
  };
  while (i < warmUp) push();
  return {
    name,
    run(count) {
      for (let n = 0; n < count; n++) push();
    },
  };
}

const single = (i: number) => values[i & 4095];
const WARM = 5000;

async function perReading(): Promise<Table> {
  const results = await compare(detectors.map(({ id, title }) => readings(title, id, {}, WARM, single)));
  const fastest = Math.min(...results.values());
  const rows = [...results].map(([what, us]): Row => {
    const row: Row = { what, value: 1e6 / us, unit: "readings/s" };
    if (us !== fastest) row.ratio = { to: "the fastest", times: fastest / us };
    return row;
  });
  return { title: "A reading of one channel, from the message to the result, at the defaults (library)", rows };
}

/** How a reading's cost grows with the option that says how much is remembered. */
async function byWindow(
  detector: string,
  option: string,
  sizes: readonly number[],
  more: Record<string, number> = {},
): Promise<Table> {
  const { title } = detectors.find(({ id }) => id === detector)!;
  const name = (size: number) => `${option} ${size.toLocaleString("en-US")}`;
  const results = await compare(
    sizes.map((size) => readings(name(size), detector, { ...more, [option]: size }, Math.max(WARM, 2 * size), single)),
  );
  return { title: `${title}: a reading, by its ${option} (library)`, rows: rowsOf(results, name(sizes[0]!)) };
}

async function byChannels(): Promise<Table> {
  const numbers = [1, 4, 16];
  const name = (count: number) => `${count} ${count === 1 ? "channel" : "channels"}`;
  const results = await compare(
    numbers.map((count) =>
      readings(name(count), "robust-z", {}, WARM, (i) =>
        Object.fromEntries(Array.from({ length: count }, (_, c) => [`c${c}`, values[(i + 97 * c) & 4095]])),
      ),
    ),
  );
  return { title: "Distance from the median: a reading, by its channels (library)", rows: rowsOf(results, name(1)) };
}

function perStream(): Table {
  const streams = 50;
  const rows = detectors.map(({ id, title }): Row => {
    const before = memory();
    const one = detection(id);
    for (let s = 0; s < streams; s++) {
      for (let i = 0; i < 2500; i++) {
        scored += one.push(readReading({ topic: `${id}-${s}`, payload: single(i), timestamp: i * 300_000 }, 0)).length;
      }
    }
    const value = (memory() - before) / streams;
    // Still used, so still in memory.
    if (one.counts.scored === 0) throw new Error(`${id} scored nothing`);
    return { what: title, value, unit: "bytes" };
  });
  return { title: `Memory of a stream with one channel (library; ${streams} streams, 2,500 readings each)`, rows };
}

export const bench: Bench = {
  title: "edge-detect's library",
  async run() {
    // First, while nothing else has been allocated.
    const memoryTable = perStream();
    const tables = [
      await perReading(),
      await byWindow("robust-z", "window", [100, 1000, 10_000]),
      await byWindow("ewma", "spread", [100, 1000, 10_000]),
      await byWindow("knn", "history", [500, 2000, 8000]),
      await byWindow("knn", "length", [8, 16, 64]),
      await byWindow("matrix-profile", "history", [500, 2000, 8000]),
      await byWindow("half-space-trees", "window", [100, 1000, 10_000]),
      await byChannels(),
      memoryTable,
    ];
    if (scored === 0) throw new Error("Nothing was scored");
    return tables;
  },
};
