import { EdgeMlError } from "../../errors/index.js";
import { interleaved, type Reading, unnamedChannels } from "../../frame/index.js";
import type { WindowPlan } from "./options.js";

/** More numbers than this without names, rate or channel list may be channels or samples: nobody can tell. */
const MAX_UNNAMED_CHANNELS = 16;

/** Where a stream's channels are in its readings. */
export class Layout {
  /** Frozen: every frame of the stream carries the same list. */
  readonly channels: readonly string[];
  /** Keys of the last reading that are no channel of ours. */
  unknown = 0;
  readonly #gateChannel: string | undefined;
  #names: readonly string[] = [];
  #map: Int32Array;
  readonly #plain: Int32Array;

  constructor(channels: readonly string[], gateChannel: string | undefined) {
    this.channels = Object.freeze([...channels]);
    this.#gateChannel = gateChannel;
    this.#map = new Int32Array(channels.length + 1).fill(-1);
    this.#plain = Int32Array.from({ length: channels.length + 1 }, (_, i) => i);
    this.#plain[channels.length] = gateChannel === undefined ? -1 : channels.indexOf(gateChannel);
  }

  /**
   * The channels that are set, or else those of a stream's first reading: the names that came with a number, or without
   * a value (a dead sensor is a channel; a text is none). Undefined when the reading has no number: the next one may.
   * @throws EdgeMlError EDGE_ML_PAYLOAD when it cannot be told whether the numbers are channels or samples
   */
  static of(plan: WindowPlan, { values, rate, channels }: Reading): Layout | undefined {
    const gate = plan.gate?.channel;
    if (plan.channels.length > 0) {
      return new Layout(
        plan.channels.map(({ channel }) => channel),
        gate,
      );
    }
    if (values.kind === "named") {
      if (values.names.every((name, i) => name === gate || Number.isNaN(values.values[i]!))) return undefined;
      const texts = new Set(values.texts);
      return new Layout(
        values.names.filter((name) => name !== gate && !texts.has(name)),
        gate,
      );
    }
    const count = values.values.length;
    if (count === 0) {
      throw new EdgeMlError("EDGE_ML_PAYLOAD", { field: "msg.payload", got: "empty", expected: "at least one number" });
    }
    if (channels !== undefined) return new Layout(unnamedChannels(channels), gate);
    if (rate !== undefined || count === 1) return new Layout(unnamedChannels(1), gate);
    if (count > MAX_UNNAMED_CHANNELS) {
      throw new EdgeMlError("EDGE_ML_PAYLOAD", {
        field: "msg.payload",
        got: `${count} numbers without names`,
        expected: `a chunk with msg.rate, or at most ${MAX_UNNAMED_CHANNELS} values of one moment; or list the channels in the node`,
      });
    }
    return new Layout(unnamedChannels(count), gate);
  }

  /** For each channel the index of its value among these names, -1 where it is not; the last one is the gate's. */
  named(names: readonly string[]): Int32Array {
    if (!same(names, this.#names)) {
      const at = new Map(names.map((name, i) => [name, i]));
      const gate = this.#gateChannel === undefined ? -1 : (at.get(this.#gateChannel) ?? -1);
      this.#names = names;
      this.#map = Int32Array.from([...this.channels.map((channel) => at.get(channel) ?? -1), gate]);
      const known = new Set(this.channels);
      this.unknown = names.filter((name) => !known.has(name) && name !== this.#gateChannel).length;
    }
    return this.#map;
  }

  /** The same for one moment of a chunk without names. */
  get plain(): Int32Array {
    return this.#plain;
  }

  /**
   * The moments of a reading without names, one value for each channel.
   * @throws EdgeMlError EDGE_ML_PAYLOAD when they are not a whole number of moments, or of other channels
   */
  moments(reading: Reading): Float64Array | Float32Array {
    const columns = this.channels.length;
    const values = interleaved(reading, columns);
    const count = values.length;
    if (count > 0 && count % columns === 0) return values;
    throw new EdgeMlError("EDGE_ML_PAYLOAD", {
      field: "msg.payload",
      got: count === 0 ? "empty" : `${count} numbers`,
      expected:
        columns === 1 ? "at least one number" : `${columns} numbers (${describeList(this.channels)}) or a multiple`,
    });
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function describeList(channels: readonly string[]): string {
  const shown = channels.slice(0, 4).join(", ");
  return channels.length > 4 ? `${shown}, …` : shown;
}
