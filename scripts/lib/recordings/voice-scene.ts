import { spawnSync } from "node:child_process";
import { PolyphaseResampler } from "../../../nodes/lib/dsp/resample/polyphase-resampler.ts";
import { ratioOf } from "../../../nodes/lib/dsp/resample/rational.ts";
import { Random } from "../../../nodes/lib/simulate/random.ts";
import { wavHeaderOf, wavSamples } from "../../../nodes/lib/sound/index.ts";
import type { SoundRecording } from "./recording.ts";

/** Hz */
const RATE = 16_000;
const SECONDS = 15;

interface Utterance {
  /** s */
  at: number;
  text: string;
  /** Of espeak-ng, in a variant that the training of the bundled model never heard. */
  voice: string;
  /** Words a minute. */
  speed: number;
  /** The loudest sample. */
  peak: number;
  /** A keyword of the bundled model. */
  label?: string;
}

/** Sentences that hold none of the keywords, words that sound a little like them, and two keywords. */
const SCENE: Utterance[] = [
  { at: 0.5, text: "Could you put the kettle on, please?", voice: "en-gb+m5", speed: 160, peak: 0.4 },
  { at: 3.2, text: "Jarvis!", voice: "en-us+Mike", speed: 140, peak: 0.5, label: "jarvis" },
  { at: 5, text: "The harvest was late, and the service slow.", voice: "en-gb-x-rp+f4", speed: 165, peak: 0.35 },
  { at: 8.6, text: "Smart mirror!", voice: "en-gb+f4", speed: 140, peak: 0.45, label: "smart mirror" },
  { at: 10.6, text: "I think it will rain again this afternoon.", voice: "en-us+m5", speed: 160, peak: 0.4 },
];

/**
 * A kitchen in which people talk, a fan runs and two keywords are said: `voice-trigger.wav`, spoken by espeak-ng. Where
 * that is not installed the file stays as it is.
 */
export function voiceScene(): SoundRecording[] {
  if (spawnSync("espeak-ng", ["--version"]).status !== 0) {
    console.log("espeak-ng is not installed: voice-trigger.wav stays as it is.");
    return [];
  }
  const samples = fan(SECONDS * RATE);
  const labels = ["start,end,label"];
  for (const utterance of SCENE) {
    const speech = said(utterance);
    const from = Math.round(utterance.at * RATE);
    for (let i = 0; i < speech.length && from + i < samples.length; i++) samples[from + i]! += speech[i]!;
    const end = (from + speech.length) / RATE;
    if (utterance.label) labels.push(`${utterance.at},${end.toFixed(2)},${utterance.label}`);
  }
  return [{ name: "voice-trigger.wav", rate: RATE, samples, labels }];
}

/** What espeak-ng says, without the silence around it. */
function said({ text, voice, speed, peak }: Utterance): Float32Array {
  const { stdout, stderr, status } = spawnSync("espeak-ng", ["--stdout", "-v", voice, "-s", String(speed), text]);
  if (status !== 0) throw new Error(`espeak-ng: ${stderr}`);
  const header = wavHeaderOf(stdout, "espeak-ng");
  const spoken = atRate(wavSamples(stdout, header), header.rate);
  const loudest = spoken.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const heard = (value: number) => Math.abs(value) > loudest / 50;
  const end = spoken.findLastIndex(heard) + 1;
  return spoken.subarray(spoken.findIndex(heard), end).map((value) => (value * peak) / loudest);
}

function atRate(samples: Float32Array, rate: number): Float32Array {
  const result: number[] = [];
  const resampler = new PolyphaseResampler(ratioOf(rate, RATE), 1, (_, row) => result.push(row[0]!), "zero");
  for (const value of samples) resampler.push(0, Float64Array.of(value), undefined);
  resampler.finish();
  return Float32Array.from(result);
}

/** A fan: dull noise that swells a little. */
function fan(length: number): Float32Array {
  const random = new Random(1, "fan");
  let dull = 0;
  return Float32Array.from({ length }, (_, i) => {
    dull += 0.1 * (random.normal() - dull);
    return (1 + 0.3 * Math.sin((2 * Math.PI * i) / (7 * RATE))) * (0.01 * dull + 0.0005 * random.normal());
  });
}
