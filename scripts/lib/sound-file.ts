import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { PolyphaseResampler } from "../../nodes/lib/dsp/resample/polyphase-resampler.ts";
import { ratioOf } from "../../nodes/lib/dsp/resample/rational.ts";
import { mixToMono, wavHeaderOf, wavSamples } from "../../nodes/lib/sound/index.ts";
import { readFlac } from "./flac.ts";

/**
 * A WAV or FLAC file as mono samples of -1..1.
 * @param rate Hz that it is brought to
 */
export function readSound(path: string, rate: number): Float32Array {
  const bytes = readFileSync(path);
  const { mono, rate: own } = extname(path) === ".flac" ? fromFlac(bytes, path) : fromWav(bytes, path);
  return own === rate ? mono : resampled(mono, own, rate);
}

function fromFlac(bytes: Uint8Array, path: string): { mono: Float32Array; rate: number } {
  const { rate, bits, channels } = readFlac(bytes, path);
  const scale = 1 / (channels.length * 2 ** (bits - 1));
  const mono = Float32Array.from(channels[0]!, (_, i) => {
    let sum = 0;
    for (const channel of channels) sum += channel[i]!;
    return sum * scale;
  });
  return { mono, rate };
}

function fromWav(bytes: Uint8Array, path: string): { mono: Float32Array; rate: number } {
  const header = wavHeaderOf(bytes, path);
  return { mono: mixToMono(wavSamples(bytes, header), header.channels), rate: header.rate };
}

function resampled(sound: Float32Array, from: number, to: number): Float32Array {
  const out: number[] = [];
  const resampler = new PolyphaseResampler(ratioOf(from, to), 1, (_time, [value]) => out.push(value!), "zero");
  const row = new Float64Array(1);
  for (const [i, value] of sound.entries()) {
    row[0] = value;
    resampler.push((i * 1000) / from, row);
  }
  resampler.finish();
  return Float32Array.from(out);
}

/** All WAV and FLAC files below a folder, by name. */
export function soundFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(wav|flac)$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
}
