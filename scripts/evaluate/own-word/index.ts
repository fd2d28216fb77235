/** A keyword of one's own, learned from a dozen examples on the bundled network, as edge-microphone and edge-learn do it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ExampleRecording, LEAD, SPEAK } from "../../../nodes/lib/capture/example-recording.ts";
import type { Frame } from "../../../nodes/lib/frame/index.ts";
import { SessionRunner } from "../../../nodes/lib/infer/session-runner.ts";
import { clopperPearson } from "../../../nodes/lib/learn/math/beta.ts";
import { chiSquaredQuantile } from "../../../nodes/lib/learn/math/chi-squared.ts";
import { seeded } from "../../../nodes/lib/learn/math/random.ts";
import type { FrameBatch } from "../../../nodes/lib/learn/training/request.ts";
import { train } from "../../../nodes/lib/learn/training/train.ts";
import type { Manifest } from "../../../nodes/lib/model/index.ts";
import { decodePcm, encodePcm16 } from "../../../nodes/lib/sound/index.ts";
import { ROOT } from "../../lib/project.ts";
import { readSound } from "../../lib/sound-file.ts";
import { type Benchmark, type BenchmarkContext, requireFile } from "../benchmark.ts";
import { percent, table } from "../table.ts";
import { Network } from "./network.ts";
import { RATE, SPEAKERS, type Speaker, say } from "./speak.ts";

/** No word, and no part of one, that the network learned to tell apart. */
const WORDS = ["sheila", "okay panda", "bluebird"];
const EXAMPLES = 12;
const TESTED = 40;
/** s after an alert in which there is none, as edge-alert is set for spoken words. */
const REFRACTORY = 1;

interface Row {
  word: string;
  speaker: string;
  method: string;
  seconds: number;
  threshold: number;
  /** What the learning says itself: of the examples that it had not seen. */
  heldOut: number;
  expected: number;
  missed: number;
  missedInNoise: number;
  tested: number;
  falseAlarms: number;
  hours: number;
}

export const ownWord: Benchmark = {
  name: "own-word",
  title: "A keyword of one's own from a dozen examples",
  folder: ".",
  async run(context) {
    const model = join(ROOT, "models", "voice-keywords.onnx");
    if (!existsSync(model)) throw new Error(`There is no ${model}.`);
    const network = await Network.open(model);
    const speech = await embeddedSpeech(network, context);
    const rows: Row[] = [];
    for (const word of WORDS) {
      for (const speaker of SPEAKERS) rows.push(await evaluate(network, word, speaker, speech, context));
    }
    await network.close();
    report(rows);
    return rows;
  },
};

/** Recordings of other speakers than the network learned from, joined: what a word must not be heard in. */
async function embeddedSpeech(network: Network, { folder, say: tell }: BenchmarkContext): Promise<Frame[]> {
  const split = JSON.parse(
    readFileSync(requireFile(join(ROOT, "training", "voice"), "split.json", "own-word"), "utf8"),
  ) as Record<"dev" | "test", string[]>;
  const files = [...split.dev, ...split.test];
  tell(`${files.length} recordings of speech without the word …`);
  const frames: Frame[] = [];
  for (const file of files) {
    const path = join(folder, file);
    if (existsSync(path)) frames.push(...(await network.embed(readSound(path, RATE), file)));
  }
  return frames;
}

async function evaluate(
  network: Network,
  word: string,
  speaker: Speaker,
  speech: readonly Frame[],
  { say: tell }: BenchmarkContext,
): Promise<Row> {
  const random = seeded(1);
  const frames = network.background();
  for (let i = 0; i < EXAMPLES; i++) {
    const sound = recorded(say(speaker, word, random), random, 25 + 10 * random());
    const { pcm } = exampleOf(sound).example(`${word} ${i}`, word, network.windowSeconds);
    frames.push(...(await network.embed(decodePcm(pcm, "s16le"), `${word} ${i}`, word)));
  }
  const began = performance.now();
  const { bytes, manifest } = await train({
    model: "own",
    task: "class",
    method: "logistic",
    options: {},
    holdOut: 0.25,
    holdOutBy: "stream",
    folds: 4,
    falseAlarmsPerDay: 1,
    limits: { seconds: 120, megabytes: 1024 },
    names: frames[0]!.info.names,
    channels: frames[0]!.info.names.map(() => null),
    recipe: frames.at(-1)!.info.recipe,
    frames: batchOf(frames),
    seed: 1,
    madeBy: { name: "evaluate", version: "1" },
  });
  const seconds = (performance.now() - began) / 1000;
  const runner = await SessionRunner.open({ name: "own", bytes, outputs: ["probabilities"] });
  const learned: Learned = { runner, manifest, word };
  const missed = { clean: 0, noise: 0 };
  for (let i = 0; i < TESTED; i++) {
    const spoken = say(speaker, word, random);
    for (const [where, snr] of [
      ["clean", 35],
      ["noise", 10],
    ] as const) {
      const heard = await network.embed(recorded(spoken, random, snr), "test");
      if ((await alarms(learned, heard)) === 0) missed[where]++;
    }
  }
  const { metrics } = manifest.training.holdOut;
  const row: Row = {
    word,
    speaker: speaker.name,
    method: manifest.training.method,
    seconds,
    threshold: manifest.triggers!.labels[0]!.threshold,
    heldOut: metrics.triggerRecall!,
    expected: metrics.falseAlarmsPerHour!,
    missed: missed.clean,
    missedInNoise: missed.noise,
    tested: TESTED,
    falseAlarms: await alarms(learned, speech),
    hours: (speech.length * network.window.hop) / RATE / 3600,
  };
  await runner.close();
  tell(`${word}, ${speaker.name}: ${row.missed} of ${TESTED} missed, ${row.falseAlarms} false alarms`);
  return row;
}

interface Learned {
  runner: SessionRunner;
  manifest: Manifest;
  word: string;
}

/** How often edge-alert would tell the word: the mean of the last scores of a stream against the model's threshold. */
async function alarms({ runner, manifest, word }: Learned, frames: readonly Frame[]): Promise<number> {
  const { smoothing, labels } = manifest.triggers!;
  const { threshold } = labels.find(({ label }) => label === word)!;
  const at = manifest.labels!.indexOf(word);
  let [count, stream, until] = [0, "", 0];
  let last: number[] = [];
  for (const { data, info } of frames) {
    if (info.stream !== stream) [stream, until, last] = [info.stream, 0, []];
    const { outputs } = await runner.run(data, 1);
    last = [...last, Number(outputs[0]!.data[at])].slice(-smoothing);
    const mean = last.reduce((sum, score) => sum + score, 0) / last.length;
    if (last.length < smoothing || mean < threshold || info.end < until) continue;
    count++;
    until = info.end + 1000 * REFRACTORY;
  }
  return count;
}

/** As the microphone hears it: silence in front, the word, silence behind; white noise below the word, at some level. */
function recorded(spoken: Float32Array, random: () => number, snr: number): Float32Array {
  const sound = new Float32Array((LEAD + SPEAK) * RATE);
  const trimmed = spoken.subarray(0, Math.min(spoken.length, 1.5 * RATE));
  sound.set(trimmed, Math.round((LEAD + 0.1 * random()) * RATE));
  const power = trimmed.reduce((sum, value) => sum + value * value, 0) / trimmed.length;
  const gain = 10 ** ((-15 * random()) / 20);
  const noise = Math.sqrt((12 * power) / 10 ** (snr / 10));
  return sound.map((value) => gain * (value + noise * (random() - 0.5)));
}

function exampleOf(sound: Float32Array): ExampleRecording {
  const recording = new ExampleRecording();
  recording.add({ pcm: encodePcm16(sound), rate: RATE, channels: 1, timestamp: 0 });
  return recording;
}

function batchOf(frames: readonly Frame[]): FrameBatch {
  const columns = frames[0]!.data.length;
  const streams = [...new Set(frames.map(({ info }) => info.stream))];
  const labels = [...new Set(frames.map(({ info }) => info.label!))];
  const data = new Float32Array(frames.length * columns);
  for (const [i, frame] of frames.entries()) data.set(frame.data, i * columns);
  return {
    rows: frames.length,
    columns,
    data,
    start: Float64Array.from(frames, ({ info }) => info.start),
    end: Float64Array.from(frames, ({ info }) => info.end),
    stream: Int32Array.from(frames, ({ info }) => streams.indexOf(info.stream)),
    streams,
    label: Int32Array.from(frames, ({ info }) => labels.indexOf(info.label!)),
    labels,
    stride: 1,
  };
}

function report(rows: readonly Row[]): void {
  const missed = (count: number, of: number) => {
    const { low, high } = clopperPearson(count, of, 0.95);
    return `${count}/${of} (${percent(low)}–${percent(high)})`;
  };
  console.log(
    table(
      [
        "word",
        "speaker",
        "missed",
        "missed at 10 dB",
        "false alarms",
        "learned in",
        "its own say: found, false alarms/h",
      ],
      rows.map((row) => [
        row.word,
        row.speaker,
        missed(row.missed, row.tested),
        missed(row.missedInNoise, row.tested),
        `${row.falseAlarms} in ${row.hours.toFixed(2)} h`,
        `${row.seconds.toFixed(1)} s`,
        `${percent(row.heldOut)}, ${row.expected.toPrecision(2)}`,
      ]),
    ),
  );
  const count = rows.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0);
  const hours = rows.reduce((sum, row) => sum + row.hours, 0);
  // Garwood's interval of a Poisson rate.
  const low = count === 0 ? 0 : chiSquaredQuantile(0.025, 2 * count) / 2 / hours;
  const high = chiSquaredQuantile(0.975, 2 * count + 2) / 2 / hours;
  const all = rows.reduce((sum, { tested }) => sum + tested, 0);
  console.log(
    [
      `All: ${missed(
        rows.reduce((sum, row) => sum + row.missed, 0),
        all,
      )} missed, ` +
        `${missed(
          rows.reduce((sum, row) => sum + row.missedInNoise, 0),
          all,
        )} at 10 dB, ` +
        `${(count / hours).toPrecision(2)} false alarms per hour (${low.toPrecision(2)}–${high.toPrecision(2)}).`,
      `Each row learned from ${EXAMPLES} examples of one voice and the network's background, and is tested with that voice.`,
      "The voices are synthetic: real ones vary more. The speech without the word is real, of speakers that neither the",
      "network nor the background knows; short pieces, of which all but the first 1.2 s counts.",
    ].join("\n"),
  );
}
