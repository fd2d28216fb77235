import { describe, EdgeMlError } from "../errors/index.js";
import { decodePcm, foreignSound, isWav, wavHeaderOf, wavSamples } from "../sound/index.js";

/** What a sensor gave, from the message of any node. */
export interface Reading {
  stream: string;
  /** ms since 1970: of the sample, or of a chunk's first sample. */
  time: number;
  /** False when the message had no timestamp and the arrival time was taken. */
  timed: boolean;
  /** Hz, when the message is a chunk that says it. */
  rate?: number;
  /** How many channels are interleaved in numbers without names, when the message says it. */
  channels?: number;
  label?: string;
  /** True when a window shall begin here, where windows begin at events. */
  trigger?: true;
  values: Values;
}

export type Values =
  /** Values of one moment, by channel name. What is not a finite number is NaN, never 0. */
  | {
      kind: "named";
      names: readonly string[];
      values: Float64Array;
      /** Names whose value is a text or another thing that is no number, and not merely a missing one. */
      texts?: readonly string[];
    }
  /**
   * Numbers without names: one number, or many. The receiver knows its channels (`interleaved`): as many numbers as
   * channels are one moment, more are a chunk of interleaved samples.
   */
  | { kind: "plain"; values: Float64Array | Float32Array };

/** The most numbers in one message: an hour of 16 kHz audio is 57.6 million. */
export const MAX_READING_LENGTH = 64 * 1024 * 1024;
export const MAX_CHANNELS = 512;
export const MAX_NAME_LENGTH = 128;

/** The properties of a message that are read. */
interface ReadingMessage {
  payload?: unknown;
  topic?: unknown;
  timestamp?: unknown;
  rate?: unknown;
  channels?: unknown;
  label?: unknown;
  trigger?: unknown;
}

/**
 * Reads a message as forgivingly as can be done without inventing numbers: a number, a numeric text, an array or typed
 * array (of any realm), a Buffer of a WAV file or of 16-bit little-endian PCM (scaled to -1..1), or an object of numbers
 * by channel. What a WAV file says of its rate and channels counts, also where the message says something else: that may
 * have been left over from another payload. Booleans count as 0 and 1. Anything else in place of a number (text, null, NaN, Infinity) becomes NaN, for the
 * window's quality to tell.
 * @param now ms since 1970, the arrival time
 * @throws EdgeMlError EDGE_ML_PAYLOAD, EDGE_ML_SOUND, EDGE_ML_TOO_LARGE
 */
export function readReading(msg: ReadingMessage, now: number): Reading {
  try {
    return read(msg, now);
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_PAYLOAD", "msg.payload");
  }
}

function read(msg: ReadingMessage, now: number): Reading {
  const time = readTime(msg.timestamp);
  const { payload } = msg;
  // Bytes first: all that is looked at of the usual message.
  const bytes = ArrayBuffer.isView(payload) && payload instanceof Uint8Array ? payload : undefined;
  const wav = bytes !== undefined && isWav(bytes) ? readWav(bytes) : undefined;
  const reading: Reading = {
    stream: streamOf(msg.topic),
    time: time ?? now,
    timed: time !== undefined,
    values: wav === undefined ? readValues(payload) : wav.values,
  };
  const rate = wav?.rate ?? readRate(msg.rate);
  if (rate !== undefined) reading.rate = rate;
  const channels = wav?.channels ?? readChannels(msg.channels, reading.values);
  if (channels !== undefined) reading.channels = channels;
  const label = labelOf(msg.label);
  if (label !== undefined) reading.label = label;
  if (msg.trigger === true) reading.trigger = true;
  return reading;
}

/** The name of the stream a message belongs to; messages without a topic are one stream, named "". */
export function streamOf(topic: unknown): string {
  if (topic === undefined || topic === null) return "";
  if (typeof topic === "string") return topic.length > MAX_NAME_LENGTH ? topic.slice(0, MAX_NAME_LENGTH) : topic;
  if (typeof topic === "number" || typeof topic === "boolean") return String(topic);
  throw new EdgeMlError("EDGE_ML_PAYLOAD", { field: "msg.topic", got: describe(topic), expected: "a text" });
}

/** A number, or NaN for everything that is none. Numeric text counts, with blanks around it. */
export function toNumber(value: unknown): number {
  if (typeof value === "number") return Number.isFinite(value) ? value : Number.NaN;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" && value.trim() !== "") {
    const number = Number(value);
    return Number.isFinite(number) ? number : Number.NaN;
  }
  if (typeof value === "bigint") return Number(value);
  return Number.NaN;
}

function labelOf(label: unknown): string | undefined {
  if (label === undefined || label === null || label === "") return undefined;
  if (typeof label === "string") return label.slice(0, MAX_NAME_LENGTH);
  if (typeof label === "number" || typeof label === "boolean") return String(label);
  throw new EdgeMlError("EDGE_ML_PAYLOAD", { field: "msg.label", got: describe(label), expected: "a text" });
}

/** Beyond what a Date can hold, no calendar arithmetic works. */
const MAX_TIME = 8.64e15;

function readTime(timestamp: unknown): number | undefined {
  if (timestamp === undefined || timestamp === null || timestamp === "") return undefined;
  // The usual one first: the look at the tag below costs more than all the rest of a single-value message.
  if (typeof timestamp === "number" && Math.abs(timestamp) <= MAX_TIME) return timestamp;
  const time =
    Object.prototype.toString.call(timestamp) === "[object Date]"
      ? (timestamp as Date).getTime()
      : typeof timestamp === "string" && Number.isNaN(Number(timestamp))
        ? Date.parse(timestamp)
        : toNumber(timestamp);
  if (Number.isFinite(time) && Math.abs(time) <= MAX_TIME) return time;
  throw new EdgeMlError("EDGE_ML_PAYLOAD", {
    field: "msg.timestamp",
    got: describe(timestamp),
    expected: "a time in milliseconds since 1970",
  });
}

function readRate(rate: unknown): number | undefined {
  if (rate === undefined || rate === null || rate === "") return undefined;
  const hertz = toNumber(rate);
  if (hertz > 0) return hertz;
  throw new EdgeMlError("EDGE_ML_PAYLOAD", {
    field: "msg.rate",
    got: describe(rate),
    expected: "a number above 0 (Hz)",
  });
}

/** How many channels numbers without names have, when the message says so; of what has names, nobody asks. */
function readChannels(said: unknown, values: Values): number | undefined {
  if (said === undefined || said === null || said === "" || values.kind === "named") return undefined;
  const count = values.values.length;
  if (count === 1) return undefined;
  const channels = toNumber(said);
  if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) {
    const expected = `a whole number from 1 to ${MAX_CHANNELS}`;
    throw new EdgeMlError("EDGE_ML_PAYLOAD", { field: "msg.channels", got: describe(said), expected });
  }
  if (count % channels === 0) return channels;
  throw new EdgeMlError("EDGE_ML_PAYLOAD", {
    field: "msg.payload",
    got: `${count} numbers`,
    expected: `a multiple of the ${channels} that msg.channels says`,
  });
}

/** The samples of a WAV file, with what its header says of them. */
function readWav(payload: Uint8Array): { values: Values; rate: number; channels: number } {
  const header = wavHeaderOf(payload, "msg.payload");
  const { rate, channels, frames } = header;
  limit("msg.payload", frames * channels, MAX_READING_LENGTH, "samples");
  return { values: { kind: "plain", values: wavSamples(payload, header) }, rate, channels };
}

function readValues(payload: unknown): Values {
  if (typeof payload === "object" && payload !== null) {
    if (Buffer.isBuffer(payload)) return { kind: "plain", values: pcm16(payload) };
    if (Array.isArray(payload)) {
      limit("msg.payload", payload.length, MAX_READING_LENGTH, "numbers");
      // By index: an iterator of its own may never end.
      const values = new Float64Array(payload.length);
      for (let i = 0; i < values.length; i++) values[i] = toNumber(payload[i]);
      return { kind: "plain", values };
    }
    if (ArrayBuffer.isView(payload)) return { kind: "plain", values: fromView(payload) };
    const tag = Object.prototype.toString.call(payload);
    if (tag === "[object Object]") return named(payload as Record<string, unknown>);
  } else if (typeof payload === "number" || typeof payload === "boolean" || typeof payload === "string") {
    // "unavailable", "off-line": the sensor speaks, and has no value. That is a missing value, not a wrong message.
    return { kind: "plain", values: single(toNumber(payload)) };
  } else if (payload === null) {
    return { kind: "plain", values: single(Number.NaN) };
  }
  throw new EdgeMlError("EDGE_ML_PAYLOAD", {
    field: "msg.payload",
    got: describe(payload),
    expected: "a number, an array of numbers, or an object of numbers by channel name",
  });
}

/** Float64Array.of() walks its arguments as a list, at several times the cost. */
function single(value: number): Float64Array {
  const values = new Float64Array(1);
  values[0] = value;
  return values;
}

function named(payload: Record<string, unknown>): Values {
  const names = Object.keys(payload);
  limit("msg.payload", names.length, MAX_CHANNELS, "channels");
  if (names.length === 0) {
    throw new EdgeMlError("EDGE_ML_PAYLOAD", {
      field: "msg.payload",
      got: "an empty object",
      expected: "an object of numbers by channel name",
    });
  }
  const values = new Float64Array(names.length);
  let texts: string[] | undefined;
  for (let i = 0; i < names.length; i++) {
    const value = payload[names[i]!];
    const number = toNumber(value);
    values[i] = number;
    if (Number.isNaN(number) && !isAbsent(value)) {
      texts ??= [];
      texts.push(names[i]!);
    }
  }
  return texts === undefined ? { kind: "named", names, values } : { kind: "named", names, values, texts };
}

/** A value that is missing, or a number that is none: the channel is there all the same. */
function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || typeof value === "number";
}

function fromView(view: ArrayBufferView): Float64Array | Float32Array {
  const tag = Object.prototype.toString.call(view);
  if (tag === "[object DataView]" || tag === "[object BigInt64Array]" || tag === "[object BigUint64Array]") {
    throw new EdgeMlError("EDGE_ML_PAYLOAD", {
      field: "msg.payload",
      got: describe(view),
      expected: "a typed array of 8- to 32-bit integers or floats",
    });
  }
  const array = view as Float64Array;
  limit("msg.payload", array.length, MAX_READING_LENGTH, "numbers");
  // The constructor copies what is in the buffer, whatever methods the object brings.
  const values = tag === "[object Float32Array]" ? new Float32Array(array) : new Float64Array(array);
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) values[i] = Number.NaN;
  return values;
}

function pcm16(buffer: Buffer): Float32Array {
  const foreign = foreignSound(buffer);
  if (foreign !== undefined) {
    const expected = "a WAV file, or 16-bit PCM";
    throw new EdgeMlError("EDGE_ML_SOUND", { field: "msg.payload", got: foreign, expected });
  }
  if (buffer.length === 0 || buffer.length % 2 !== 0) {
    throw new EdgeMlError("EDGE_ML_PAYLOAD", {
      field: "msg.payload",
      got: `a Buffer of ${buffer.length} bytes`,
      expected: "16-bit PCM: a whole number of 2-byte samples",
    });
  }
  limit("msg.payload", buffer.length / 2, MAX_READING_LENGTH, "samples");
  return decodePcm(buffer, "s16le");
}

function limit(field: string, got: number, max: number, unit: string): void {
  if (got > max)
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", { field, got: `${got} ${unit}`, expected: `${max} ${unit}` });
}
