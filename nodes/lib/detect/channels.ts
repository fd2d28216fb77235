import { EdgeMlError } from "../errors/index.js";
import { interleaved, type Reading, unnamedChannels } from "../frame/index.js";

/** More numbers than this without names may be channels or samples: nobody can tell. */
const MAX_UNNAMED = 16;
/** The most moments of one message: each is scored while the event loop waits. */
const MAX_MOMENTS = 10_000;

/**
 * The channels of a stream's first reading: the names that came with a number or without a value (a dead sensor is a
 * channel; a text is none). Undefined when the reading has no number: the next one may.
 * @throws EdgeMlError EDGE_ML_PAYLOAD when it cannot be told whether the numbers are channels or samples
 */
export function channelsOf({ values, rate, channels }: Reading): string[] | undefined {
  if (values.values.length === 0) throw wrongLength(0, "at least one number");
  if (values.values.every((value) => Number.isNaN(value))) return undefined;
  if (values.kind === "named") {
    const texts = new Set(values.texts);
    return values.names.filter((name) => !texts.has(name));
  }
  const count = values.values.length;
  if (channels !== undefined) return unnamedChannels(channels);
  if (rate !== undefined || count === 1) return unnamedChannels(1);
  if (count <= MAX_UNNAMED) return unnamedChannels(count);
  throw new EdgeMlError("EDGE_ML_PAYLOAD", {
    field: "msg.payload",
    got: `${count} numbers without names`,
    expected: `a chunk with msg.rate, or at most ${MAX_UNNAMED} values of one moment; or name the channels in the node`,
  });
}

/**
 * The values of a reading by channel and moment, row-major [moments, channels]; NaN where a channel did not come.
 * @throws EdgeMlError EDGE_ML_PAYLOAD when numbers without names are not a whole number of moments, or of other
 * channels; EDGE_ML_TOO_LARGE
 */
export function momentsOf(reading: Reading, channels: readonly string[]): Float64Array {
  const { values } = reading;
  if (values.kind === "named") {
    const row = new Float64Array(channels.length).fill(Number.NaN);
    for (let c = 0; c < channels.length; c++) {
      // In most readings the names stand where they stood in the first.
      const at = values.names[c] === channels[c] ? c : values.names.indexOf(channels[c]!);
      if (at >= 0) row[c] = values.values[at]!;
    }
    return row;
  }
  const moments = interleaved(reading, channels.length);
  const count = moments.length;
  if (count === 0 || count % channels.length !== 0) {
    const one = channels.length === 1;
    throw wrongLength(
      count,
      one ? "at least one number" : `${channels.length} numbers (${shown(channels)}) or a multiple`,
    );
  }
  if (count / channels.length > MAX_MOMENTS) {
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
      field: "msg.payload",
      got: `${count / channels.length} samples`,
      expected: `${MAX_MOMENTS} samples`,
    });
  }
  return Float64Array.from(moments);
}

function wrongLength(count: number, expected: string): EdgeMlError {
  const got = count === 0 ? "empty" : `${count} numbers`;
  return new EdgeMlError("EDGE_ML_PAYLOAD", { field: "msg.payload", got, expected });
}

function shown(channels: readonly string[]): string {
  const list = channels.slice(0, 4).join(", ");
  return channels.length > 4 ? `${list}, …` : list;
}
