import type { Reading, WindowOptions } from "../nodes/lib/index.ts";
import type { Bench, Row, Table } from "./lib/bench.ts";
import { rowsOf } from "./lib/bench.ts";
import { library } from "./lib/library.ts";
import { type Case, compare, memory } from "./lib/measure.ts";

const { Windower, readReading } = library;
let kept = 0;
const keep = (frame: { data: Float32Array }) => {
  kept += frame.data.length;
};

/** Readings of one value go into one windower, already parsed: the library's own share. */
function parsed(name: string, options: WindowOptions, streams = 1, step = 1): Case {
  const windower = new Windower({ maxStreams: streams, ...options });
  const values = Float64Array.of(0);
  const readings: Reading[] = Array.from({ length: streams }, (_, i) => ({
    stream: `s${i}`,
    time: 0,
    timed: true,
    values: { kind: "plain", values },
  }));
  let time = 0;
  return {
    name,
    run(count) {
      for (let i = 0; i < count; i++) {
        const reading = readings[i % streams]!;
        time += step;
        reading.time = time;
        values[0] = time % 1013;
        windower.push(reading, keep);
      }
    },
  };
}

/** Messages as they come, made anew for each reading. */
function messages(name: string, options: WindowOptions, payload: (i: number) => unknown, more: object = {}): Case {
  const windower = new Windower(options);
  let time = 0;
  return {
    name,
    run(count) {
      for (let i = 0; i < count; i++) {
        time += 1000;
        windower.push(readReading({ topic: "s", payload: payload(i), timestamp: time, ...more }, 0), keep);
      }
    },
  };
}

async function perReading(): Promise<Table> {
  const options: WindowOptions = { by: "samples", size: 1000, hop: 100 };
  const values = new Float32Array(1000).map((_, i) => i);
  const chunk = messages("chunk", options, () => values, { rate: 1000 });
  const results = await compare([
    parsed("one value, parsed already", options),
    parsed("one value, windows of 60 s every 10 s by time", { by: "time", size: 60_000, hop: 10_000 }),
    messages("one value, from the message", options, (i) => i % 1013),
    messages("four channels, from the message", options, (i) => ({ a: i, b: 2, c: i % 7, d: 4 })),
    {
      name: "one of a chunk of 1,000 values",
      run: (count) => chunk.run(Math.ceil(count / 1000)),
    },
  ]);
  return {
    title: "A reading into its window (library; 1,000 samples, a window every 100)",
    rows: rowsOf(results, "one value, parsed already"),
  };
}

async function byLength(): Promise<Table> {
  const lengths = [10, 100, 1000, 10_000];
  const name = (length: number) => `windows of ${length.toLocaleString("en-US")} samples`;
  const results = await compare(
    lengths.map((length) => parsed(name(length), { by: "samples", size: length, hop: length })),
  );
  return {
    title: "A reading into its window, by the window's length (library; one window after the other)",
    rows: rowsOf(results, name(10)),
  };
}

async function byStreams(): Promise<Table> {
  const name = (streams: number) => `${streams.toLocaleString("en-US")} streams, in turn`;
  const numbers = [1, 100, 1000];
  const results = await compare(
    numbers.map((streams) => parsed(name(streams), { by: "samples", size: 60, hop: 60 }, streams)),
    { ms: 150 },
  );
  const first = results.get(name(1))!;
  const rows = [...results].map(([what, us]): Row => {
    const row: Row = { what, value: 1e6 / us, unit: "readings/s" };
    if (what !== name(1)) row.ratio = { to: name(1), times: first / us };
    return row;
  });
  return { title: "Readings per second, by the number of streams (library; windows of 60 samples)", rows };
}

/** What a setting adds to a reading's cost; the same values for all, 10 ms apart. */
async function bySetting(): Promise<Table> {
  const plain: WindowOptions = { by: "samples", size: 1000, hop: 100, channels: [{ channel: "s0" }] };
  const trigger = { when: "above", channel: "", value: 500, high: 0, preRoll: 100 } as const;
  const resample = { rate: 100, limit: 1000 };
  const settings: [string, WindowOptions][] = [
    ["none", plain],
    ["a channel that may be stuck", { ...plain, channels: [{ channel: "s0", stuck: 100 }] }],
    ["a gate", { ...plain, gate: { channel: "s0", is: ">=", value: 0, settle: 0 } }],
    ["hold", { ...plain, gap: { policy: "hold", limit: 5 } }],
    ["interpolate", { ...plain, gap: { policy: "interpolate", limit: 5 } }],
    ["the label of most samples", { ...plain, label: { by: "majority", share: 1 } }],
    ["windows at events", { ...plain, trigger }],
    ["resampling onto a grid of the same rate", { ...plain, resample }],
    ["resampling to a quarter", { ...plain, resample: { ...resample, rate: 25 } }],
    ["joined topics (one)", { ...plain, align: { method: "asof", clock: "s0", limit: 1000 } }],
  ];
  const results = await compare(settings.map(([name, options]) => parsed(name, options, 1, 10)));
  return { title: "A reading into its window, by what is set (library)", rows: rowsOf(results, "none") };
}

function perStream(): Table {
  const streams = 1000;
  const rows = [1, 60, 1000].map((size): Row => {
    const before = memory();
    const windower = new Windower({ by: "samples", size, hop: size });
    for (let s = 0; s < streams; s++) {
      const topic = `stream-${size}-${s}`;
      for (let i = 0; i < size; i++) {
        windower.push(readReading({ topic, payload: { a: i, b: 2, c: 3, d: 4 }, timestamp: i }, 0), keep);
      }
    }
    const value = (memory() - before) / windower.streams;
    return {
      what: `a full window of ${size.toLocaleString("en-US")} × 4 values`,
      value,
      unit: "bytes",
      ratio: { to: "the values themselves", times: value / (size * 4 * 4) },
    };
  });
  return { title: `Memory per stream (library; ${streams.toLocaleString("en-US")} streams)`, rows };
}

export const bench: Bench = {
  title: "edge-window's library",
  async run() {
    // First, while nothing else has been allocated.
    const memoryTable = perStream();
    const tables = [await perReading(), await byLength(), await byStreams(), await bySetting(), memoryTable];
    if (kept === 0) throw new Error("No window was made");
    return tables;
  },
};
