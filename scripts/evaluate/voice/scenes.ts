import { activityOf } from "./activity.ts";
import { addNoise, NoiseLoop } from "./mix.ts";
import type { Track } from "./track.ts";
import { TrackBuilder } from "./track.ts";

/** s: between the speech before a word and the word's recording, and behind it. */
const BEFORE = 0.5;
const BEHIND = 1.5;

/** What is heard beside the words. */
export interface Condition {
  name: string;
  /** Missing: nothing. */
  noise?: { sound: Float32Array; snr: number };
}

export interface Word {
  file: string;
  word: string;
  sound: Float32Array;
}

/**
 * Each word in its surroundings, one after the other: somebody else speaks for a few seconds (as loud as the word, by the
 * mean power of the speech), half a second of pause, the recording as it is, a second and a half of pause. Noise goes
 * through all of it; its gain is set for each word, by the noise under that word's speech.
 * @param speech recordings without keyword, taken in turn
 * @param rate Hz
 */
export function wordTrack(
  words: readonly Word[],
  speech: readonly Float32Array[],
  { name, noise }: Condition,
  rate: number,
  folder: string,
): Track {
  const track = new TrackBuilder();
  const loop = noise && new NoiseLoop(noise.sound);
  for (const [i, { file, word, sound }] of words.entries()) {
    const heard = activityOf(sound, rate);
    // Nothing is in it that could be found or missed.
    if (!heard) continue;
    const before = asLoud(speech[i % speech.length]!, heard.power, rate);
    const at = before.length + Math.round(BEFORE * rate);
    const scene = new Float32Array(at + sound.length + Math.round(BEHIND * rate));
    scene.set(before);
    scene.set(sound, at);
    const place = { start: at + heard.start, end: at + heard.end };
    if (noise && loop) addNoise(scene, loop.take(scene.length), noise.snr, heard.power, place);
    track.note({ word, file, ...place });
    track.add(scene);
  }
  return track.write(folder, `words ${name}`);
}

function asLoud(sound: Float32Array, power: number, rate: number): Float32Array {
  const own = activityOf(sound, rate)?.power;
  if (own === undefined) return sound;
  const gain = Math.sqrt(power / own);
  return sound.map((value) => Math.max(-1, Math.min(1, gain * value)));
}

/** s: between two recordings. */
const PAUSE = 0.5;

/**
 * Recordings one after the other with half a second between them, each with the noise `snr` dB below its speech.
 * @param sounds read one at a time: hours need not be in memory twice
 */
export function speechTrack(
  name: string,
  sounds: Iterable<Float32Array>,
  noise: Condition["noise"],
  rate: number,
  folder: string,
): Track {
  const track = new TrackBuilder();
  const loop = noise && new NoiseLoop(noise.sound);
  for (const sound of sounds) {
    const scene = new Float32Array(sound.length + Math.round(PAUSE * rate));
    scene.set(sound);
    const heard = noise && activityOf(sound, rate);
    if (heard && loop) addNoise(scene, loop.take(scene.length), noise.snr, heard.power, heard);
    track.add(scene);
  }
  return track.write(folder, name);
}
