import type { Reading } from "../../frame/index.js";
import { MAX_CHANNELS } from "../../frame/index.js";

interface Known {
  names: readonly string[];
  map: Int32Array;
}

/**
 * Which channel a value of a topic is, where topics are joined: the one that is named like the topic; of several values by
 * name the one that is named `<topic>/<name>`, or else `<name>`.
 */
export class TopicChannels {
  readonly #numbers: Map<string, number>;
  /** Of topics with values by name: bounded, for anybody may send a topic. */
  readonly #known = new Map<string, Known>();
  readonly #single = new Int32Array(1);

  constructor(channels: readonly string[]) {
    this.#numbers = new Map(channels.map((channel, i) => [channel, i]));
  }

  /** For each value of a moment the number of its channel, or -1; until the next call. */
  map({ stream, values }: Reading): Int32Array {
    if (values.kind === "plain") {
      this.#single[0] = this.#numbers.get(stream) ?? -1;
      return this.#single;
    }
    const { names } = values;
    const known = this.#known.get(stream);
    if (known !== undefined && same(known.names, names)) return known.map;
    const map = Int32Array.from(
      names,
      (name) => this.#numbers.get(`${stream}/${name}`) ?? this.#numbers.get(name) ?? -1,
    );
    if (this.#known.size >= MAX_CHANNELS) this.#known.clear();
    this.#known.set(stream, { names, map });
    return map;
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
