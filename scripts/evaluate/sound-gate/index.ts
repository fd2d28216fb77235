/**
 * What the sound gate of edge-window saves in a room, and what it costs: words of the training and the dev part (the test
 * part is for the figures of the model) in seeded and in recorded noise, through the library's own gate.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defaults } from "../../../nodes/edge-window/config.ts";
import { SoundGate } from "../../../nodes/lib/dsp/window/sound-gate.ts";
import { readFlac } from "../../lib/flac.ts";
import { ROOT } from "../../lib/project.ts";
import { type Benchmark, type BenchmarkContext, requireFile } from "../benchmark.ts";
import { outOf, percent, table } from "../table.ts";
import { costOf } from "./cost.ts";
import { noiseOf } from "./noise.ts";
import { croppedWord } from "./word.ts";

const RATE = 16_000;
/** The window and hop of the chain of voice triggers. */
const WINDOW = 19_440;
const HOP = 800;
/** s: from one word to the next. */
const APART = 9;
const WORDS_EACH = 40;
/** dB: of a word, mean square while somebody speaks. */
const LEVELS = [-30, -45];
const MARGINS = [4, 6, 8, 10];
/** dB of the words over the noise; the first is what a recording in a quiet room has. */
const SNRS = [40, 10, 5];
/**
 * A trigger comes from the windows that end from shortly before the word does until 0.4 s later; when any of those is
 * held back, the word counts as lost. The real loss is less.
 */
const BEFORE = 0.1 * RATE;
const AFTER = 0.4 * RATE;

interface Row {
  noise: string;
  snr: number;
  level: number;
  margin: number;
  words: number;
  lost: number;
  /** Of the windows of 60 s of noise alone, from 10 s on. */
  saved: number;
}

export const soundGate: Benchmark = {
  name: "sound-gate",
  title: "What the sound gate saves, and the words that it loses (recordings of spoken words)",
  folder: ".",
  async run({ folder, say }: BenchmarkContext) {
    requireFile(folder, "wake-word-benchmark", "sound-gate");
    const split = JSON.parse(readFileSync(join(ROOT, "training/voice/split.json"), "utf8"));
    const known: string[] = [...split.dev, ...split.train];
    const files = known.filter((file) => file.startsWith("wake-word-benchmark/") && existsSync(join(folder, file)));
    // Evenly over all words and speakers.
    const chosen = files.filter((_, i) => i % Math.ceil(files.length / WORDS_EACH) === 0);
    const words = chosen.flatMap((file) => croppedWord(sound(join(folder, file)), RATE) ?? []);
    const recorded = known.filter((file) => file.startsWith("speech-commands-background-noise/"));
    const noises = new Map([
      ["white", noiseOf("white", RATE, 1)],
      ["pink", noiseOf("pink", RATE, 2)],
      ...recorded.map((file) => [file.replace(/.*\/|\.flac$/g, ""), sound(join(folder, file))] as const),
    ]);
    const rows: Row[] = [];
    for (const [name, noise] of noises) {
      say(name);
      for (const level of LEVELS) {
        for (const snr of SNRS) {
          const room = roomOf(words, noise, level, snr);
          for (const margin of MARGINS) rows.push({ noise: name, snr, level, margin, ...through(room, margin) });
        }
      }
    }
    const isDefault = ({ margin }: Row) => margin === defaults.soundMargin;
    console.log(
      table(
        ["noise", "word level", "over the noise", "margin", "words lost", "windows saved in noise alone"],
        rows.map(({ noise, level, snr, margin, lost, words: all, saved }) => [
          noise,
          `${level} dB`,
          `${snr} dB`,
          `${margin} dB${isDefault({ margin } as Row) ? " *" : ""}`,
          outOf(lost, all),
          percent(saved),
        ]),
      ),
    );
    console.log(
      `\n* the default; ${words.length} words, and it stays open ${defaults.soundHold} s longer than a window`,
    );
    say("cost");
    const white = noises.get("white")!.map((value) => 0.001 * value);
    console.log(
      `\n${table(
        ["what", "CPU time of a hop of 50 ms"],
        costOf(white).map(({ what, us }) => [what, `${us.toFixed(0)} µs`]),
      )}`,
    );
    return rows;
  },
};

interface Room {
  samples: Float32Array;
  /** Sample at which each word ends. */
  ends: number[];
  /** Sample from which on there is only noise. */
  alone: number;
}

/** Words a few seconds apart in a noise, then a minute of the noise alone. */
function roomOf(words: readonly Float32Array[], noise: Float32Array, level: number, snr: number): Room {
  const alone = (words.length + 1) * APART * RATE;
  const samples = new Float32Array(alone + 60 * RATE);
  const noisePower = 10 ** ((level - snr) / 10);
  const scale = Math.sqrt(noisePower / powerOf(noise));
  for (let i = 0; i < samples.length; i++) samples[i] = scale * noise[i % noise.length]!;
  const ends = words.map((word, k) => {
    const from = Math.round((k + 1) * APART * RATE);
    const gain = Math.sqrt(10 ** (level / 10) / powerOf(word));
    for (let i = 0; i < word.length; i++) samples[from + i]! += gain * word[i]!;
    return from + word.length;
  });
  return { samples, ends, alone };
}

function through({ samples, ends, alone }: Room, margin: number): Pick<Row, "words" | "lost" | "saved"> {
  const options = { margin, level: defaults.soundLevel, hold: defaults.soundHold * 1000 };
  const gate = new SoundGate(options, 1, RATE, (1000 * WINDOW) / RATE);
  const row = new Float64Array(1);
  /** By hop: whether the window that ends with it is sent. */
  const sent = new Uint8Array(Math.floor(samples.length / HOP) + 1);
  for (let i = 0; i < samples.length; i++) {
    row[0] = samples[i]!;
    gate.push(row);
    if ((i + 1) % HOP === 0) sent[(i + 1) / HOP] = gate.isOpen ? 1 : 0;
  }
  let lost = 0;
  for (const end of ends) {
    const needed = sent.subarray(Math.ceil((end - BEFORE) / HOP), Math.floor((end + AFTER) / HOP) + 1);
    if (needed.includes(0)) lost++;
  }
  const quiet = sent.subarray((alone + 10 * RATE) / HOP);
  return { words: ends.length, lost, saved: 1 - quiet.reduce((sum, each) => sum + each, 0) / quiet.length };
}

function powerOf(x: Float32Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return sum / x.length;
}

function sound(path: string): Float32Array {
  const { channels, bits } = readFlac(readFileSync(path), path);
  return Float32Array.from(channels[0]!, (value) => value / 2 ** (bits - 1));
}
