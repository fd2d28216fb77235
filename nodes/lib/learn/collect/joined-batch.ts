import type { FrameBatch } from "../training/request.js";

/** One batch of the frames of two: first all of one, then all of the other; the stride is that of the first. */
export function joinedBatch(first: FrameBatch, second: FrameBatch): FrameBatch {
  const streams = joinedNames(first.streams, second.streams);
  const labels = joinedNames(first.labels, second.labels);
  const data = new Float32Array(first.data.length + second.data.length);
  data.set(first.data);
  data.set(second.data, first.data.length);
  return {
    rows: first.rows + second.rows,
    columns: first.columns,
    data,
    start: joinedTimes(first.start, second.start),
    end: joinedTimes(first.end, second.end),
    stream: joinedIndexes(first.stream, second.stream, streams.second),
    streams: streams.names,
    label: joinedIndexes(first.label, second.label, labels.second),
    labels: labels.names,
    stride: first.stride,
  };
}

/** The names of both, and where those of the second are now. */
function joinedNames(first: readonly string[], second: readonly string[]): { names: string[]; second: number[] } {
  const index = new Map(first.map((name, i) => [name, i]));
  const places = second.map((name) => {
    const at = index.get(name) ?? index.size;
    index.set(name, at);
    return at;
  });
  return { names: [...index.keys()], second: places };
}

function joinedTimes(first: Float64Array, second: Float64Array): Float64Array {
  const joined = new Float64Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

function joinedIndexes(first: Int32Array, second: Int32Array, places: readonly number[]): Int32Array {
  const joined = new Int32Array(first.length + second.length);
  joined.set(first);
  joined.set(
    second.map((index) => (index < 0 ? index : places[index]!)),
    first.length,
  );
  return joined;
}
