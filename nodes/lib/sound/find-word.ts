/** Where a spoken word lies in a recording, in samples; `end` is the first one behind it. */
export interface Word {
  start: number;
  end: number;
}

/** s */
const STEP = 0.01;
/** A pause inside a word (the closure of "t" or "k") is shorter than this. */
const LONGEST_PAUSE = 0.2;
/** A click is shorter than this. */
const SHORTEST = 0.06;
/** dB that the word's loudest part stands out of the room. */
const STANDS_OUT = 12;
/** dB above the room at which a word begins and ends; and below its loudest part, where the room is very quiet. */
const ABOVE_ROOM = 6;
const BELOW_PEAK = 30;
/** dB of full scale: quieter than this is no word, however quiet the room. */
const LEAST = -60;

/**
 * The word in a recording of one: the longest stretch of time that is louder than the room. The room is what the quietest
 * fifth of the recording shows.
 * @param samples of one channel, full scale 1
 * @param rate Hz
 * @returns undefined when nothing stands out
 */
export function findWord(samples: Float32Array, rate: number): Word | undefined {
  const step = Math.max(1, Math.round(STEP * rate));
  const levels = levelsOf(samples, step);
  if (levels.length === 0) return undefined;
  const ascending = [...levels].sort((a, b) => a - b);
  const room = ascending[Math.floor(levels.length / 5)]!;
  const peak = ascending.at(-1)!;
  if (peak < LEAST || peak - room < STANDS_OUT) return undefined;
  const limit = Math.max(room + ABOVE_ROOM, peak - BELOW_PEAK);
  const stretches = stretchesAbove(levels, limit).filter(([from, to]) => (to - from) * STEP >= SHORTEST);
  const words = joined(stretches, Math.round(LONGEST_PAUSE / STEP));
  if (words.length === 0) return undefined;
  const [from, to] = words.reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a));
  return { start: from * step, end: Math.min(samples.length, to * step) };
}

/** dB of full scale of each step; without the rest that is shorter than one. */
function levelsOf(samples: Float32Array, step: number): number[] {
  const levels: number[] = [];
  for (let at = 0; at + step <= samples.length; at += step) {
    let mean = 0;
    for (let i = at; i < at + step; i++) mean += samples[i]! / step;
    // Without the constant part, which is no sound.
    let power = 0;
    for (let i = at; i < at + step; i++) power += (samples[i]! - mean) ** 2 / step;
    levels.push(10 * Math.log10(power + 1e-12));
  }
  return levels;
}

type Stretch = [from: number, to: number];

function stretchesAbove(levels: readonly number[], limit: number): Stretch[] {
  const found: Stretch[] = [];
  let from: number | undefined;
  for (let i = 0; i <= levels.length; i++) {
    const isLoud = i < levels.length && levels[i]! > limit;
    if (isLoud) from ??= i;
    else if (from !== undefined) {
      found.push([from, i]);
      from = undefined;
    }
  }
  return found;
}

function joined(stretches: readonly Stretch[], pause: number): Stretch[] {
  const found: Stretch[] = [];
  for (const [from, to] of stretches) {
    const last = found.at(-1);
    if (last && from - last[1] <= pause) last[1] = to;
    else found.push([from, to]);
  }
  return found;
}
