import { powerOf } from "./activity.ts";

/** Takes what it needs from a noise, round and round, each time from where it stopped. */
export class NoiseLoop {
  readonly #noise: Float32Array;
  #at: number;

  /** @param start sample to begin with */
  constructor(noise: Float32Array, start = 0) {
    if (noise.length === 0) throw new Error("A noise without samples cannot be mixed.");
    this.#noise = noise;
    this.#at = start % noise.length;
  }

  take(length: number): Float32Array {
    const out = new Float32Array(length);
    for (let done = 0; done < length; ) {
      const part = this.#noise.subarray(this.#at, this.#at + length - done);
      out.set(part, done);
      done += part.length;
      this.#at = (this.#at + part.length) % this.#noise.length;
    }
    return out;
  }
}

/**
 * Adds noise to a sound, in place, so that the speech is `snr` dB above it. What goes beyond ±1 is clipped, as a
 * microphone clips.
 * @param noise as long as the sound
 * @param power mean power of the sound's speech (its pauses left out)
 * @param around the part of the noise whose mean power counts, in samples: that under the speech
 */
export function addNoise(
  sound: Float32Array,
  noise: Float32Array,
  snr: number,
  power: number,
  around: { start: number; end: number } = { start: 0, end: noise.length },
): void {
  const noisePower = powerOf(noise.subarray(around.start, around.end));
  const gain = noisePower > 0 ? Math.sqrt(power / noisePower / 10 ** (snr / 10)) : 0;
  for (let i = 0; i < sound.length; i++) sound[i] = Math.max(-1, Math.min(1, sound[i]! + gain * noise[i]!));
}

/** Several people who speak at once: each sound at the same mean power, laid over the others; as long as the shortest loop of all. */
export function babble(sounds: readonly Float32Array[], voices: number): Float32Array {
  const whole = Math.floor(sounds.length / voices) * voices;
  const length = Math.min(...sounds.slice(0, whole).map((sound) => sound.length));
  const out = new Float32Array((whole / voices) * length);
  for (let i = 0; i < whole; i++) {
    const sound = sounds[i]!.subarray(0, length);
    const gain = 0.1 / Math.sqrt(Math.max(powerOf(sound), 1e-12));
    const at = Math.floor(i / voices) * length;
    for (let j = 0; j < length; j++) out[at + j] = out[at + j]! + gain * sound[j]!;
  }
  return out;
}
