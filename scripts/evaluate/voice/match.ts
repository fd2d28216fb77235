import type { PlacedWord } from "./track.ts";

/** The flow said that it heard a keyword. */
export interface Trigger {
  label: string;
  /** s from the beginning of the track: of the last sample that was needed. */
  time: number;
}

/** s: a trigger belongs to a word from its beginning until so long after its end. */
export const UNTIL = 1;

/** What became of one word. */
export interface Heard {
  word: PlacedWord;
  /** s from the word's end to its first trigger; missing: not heard. Below 0: before the end. */
  latency?: number;
  /** Further triggers of the same keyword. */
  again: number;
  /** Of other keywords. */
  others: string[];
}

export interface Matched {
  words: Heard[];
  /** Triggers that belong to no word. */
  stray: Trigger[];
}

/** Which trigger belongs to which word. */
export function match(words: readonly PlacedWord[], triggers: readonly Trigger[], rate: number): Matched {
  const heard = words.map((word): Heard => ({ word, again: 0, others: [] }));
  const stray: Trigger[] = [];
  for (const trigger of triggers) {
    const { label, time } = trigger;
    const one = heard.find(({ word }) => time >= word.start / rate && time <= word.end / rate + UNTIL);
    if (!one) stray.push(trigger);
    else if (label !== one.word.word) one.others.push(label);
    else if (one.latency === undefined) one.latency = time - one.word.end / rate;
    else one.again++;
  }
  return { words: heard, stray };
}
