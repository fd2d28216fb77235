import type { Frame } from "../lib/frame/index.js";

/** What a machine's vibration is made of: parts of the sample rate, amplitudes, and whether they change. */
const TONES = [
  [0.031, 1, false],
  [0.093, 0.4, false],
  [0.21, 0.25, true],
] as const;
const NOISE = 0.1;

/**
 * A made-up window that looks like a machine's vibration: a few tones, higher in each further channel, and noise. The
 * last tone swells and fades, so that a picture over time has something to show.
 * The same every time.
 * @param rate Hz
 */
export function syntheticWindow(channels: number, samples: number, rate: number): Frame {
  const data = new Float32Array(samples * channels);
  const noise = evenNoise(1);
  for (let i = 0; i < samples; i++) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = NOISE * noise();
      for (const [part, amplitude, swells] of TONES) {
        const now = swells ? amplitude * Math.sin((Math.PI * i) / samples) ** 2 : amplitude;
        sum += now * Math.sin(2 * Math.PI * part * (1 + channel / channels) * i + channel);
      }
      data[i * channels + channel] = sum;
    }
  }
  const end = Date.UTC(2026, 0, 5, 12);
  return {
    data,
    info: {
      kind: "window",
      shape: [samples, channels],
      names: Array.from({ length: channels }, (_, i) => (channels <= 3 ? "xyz"[i]! : `x${i + 1}`)),
      rate,
      stream: "",
      seq: 0,
      start: end - (1000 * (samples - 1)) / rate,
      end,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: { version: 1 },
    },
  };
}

/** Evenly distributed in −1 … 1: a linear congruential generator (Numerical Recipes), good enough to look at. */
function evenNoise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}
