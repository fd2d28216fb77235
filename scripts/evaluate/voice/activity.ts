/** Where somebody speaks in a recording, told by the energy of its 10 ms frames. */
export interface Activity {
  /** Samples: of the first and behind the last frame that is speech. */
  start: number;
  end: number;
  /** Mean power of the frames that are speech. */
  power: number;
}

/** s */
const FRAME = 0.01;
/** Speech is what lies no more than this below the loud frames (dB) … */
const RANGE = 25;
/** … and at least this above the quiet ones (dB), as far as the recording allows both. */
const ABOVE_FLOOR = 6;
/** Frames: what is shorter is a click. */
const SHORTEST = 5;
/** Frames: pauses inside a word (a plosive) are bridged. */
const BRIDGE = 10;

/**
 * The speech in a recording: frames whose energy is within 25 dB of the 95th percentile, and 6 dB above the 10th. Runs
 * under 50 ms are left out, pauses under 100 ms belong to it.
 * @param sound -1..1
 * @param rate Hz
 * @returns undefined when there is nothing but silence
 */
export function activityOf(sound: Float32Array, rate: number): Activity | undefined {
  const size = Math.round(rate * FRAME);
  const powers = framePowers(sound, size);
  const ordered = [...powers].sort((a, b) => a - b);
  const at = (share: number) => ordered[Math.floor(share * (ordered.length - 1))] ?? 0;
  const loud = at(0.95);
  if (!(loud > 1e-9)) return undefined;
  const limit = Math.max(loud * 10 ** (-RANGE / 10), Math.min(at(0.1) * 10 ** (ABOVE_FLOOR / 10), loud / 2));
  const runs = runsOf(powers, limit);
  if (runs.length === 0) return undefined;
  let sum = 0;
  let frames = 0;
  for (const [from, to] of runs) {
    for (let i = from; i < to; i++) {
      if (powers[i]! < limit) continue;
      sum += powers[i]!;
      frames++;
    }
  }
  return { start: runs[0]![0] * size, end: Math.min(sound.length, runs.at(-1)![1] * size), power: sum / frames };
}

/** Mean power of each frame. */
function framePowers(sound: Float32Array, size: number): Float64Array {
  const powers = new Float64Array(Math.floor(sound.length / size));
  for (let i = 0; i < powers.length; i++) powers[i] = powerOf(sound.subarray(i * size, (i + 1) * size));
  return powers;
}

/** Mean of the squares. */
export function powerOf(sound: Float32Array): number {
  let sum = 0;
  for (const value of sound) sum += value * value;
  return sound.length > 0 ? sum / sound.length : 0;
}

/** Stretches of frames at or above the limit, from the first frame to behind the last. */
function runsOf(powers: Float64Array, limit: number): [number, number][] {
  const runs: [number, number][] = [];
  for (let i = 0; i < powers.length; i++) {
    if (powers[i]! < limit) continue;
    const last = runs.at(-1);
    if (last && i - last[1] < BRIDGE) last[1] = i + 1;
    else runs.push([i, i + 1]);
  }
  return runs.filter(([from, to]) => to - from >= SHORTEST);
}
