import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EdgeMlError, type Manifest, readManifest } from "../../../nodes/lib/index.ts";
import { ROOT } from "../../lib/project.ts";
import { readSound } from "../../lib/sound-file.ts";
import type { Benchmark, BenchmarkContext } from "../benchmark.ts";
import { curveRows, falseAlarmRow, gateRow, type HeardTrack, missRows, recount } from "./figures.ts";
import { buildFlow, type FlowSettings } from "./flow.ts";
import { babble } from "./mix.ts";
import { mlperf } from "./mlperf/index.ts";
import { play } from "./play/index.ts";
import { curveTable, falseAlarmTable, gateTable, missTable, notes, PUBLISHED } from "./report.ts";
import { type Condition, speechTrack, type Word, wordTrack } from "./scenes.ts";
import { type Source, sourcesOf } from "./sources.ts";
import { readSplit, type TestRecordings, testRecordings } from "./split.ts";
import type { Track } from "./track.ts";

const BUNDLE = "models/voice-keywords.onnx";
/** People who speak at once in babble. */
const VOICES = 6;
/** dB: of the word, or of the speech without keyword. */
const SNRS = [10, 5];
/** False alarms per hour of one keyword, for which the curve chooses thresholds. */
const RATES = [0.5, 0];

const FLOW: FlowSettings = { alert: { when: "keyword" } };
/** The same with the sound gate of edge-window, at its defaults. */
const GATED: FlowSettings = { ...FLOW, window: { sound: true } };

export const voice: Benchmark = {
  name: "voice",
  title: "Keywords in a room, real recordings of speakers the model never heard",
  folder: ".",
  async run(context) {
    const { folder, work, say } = context;
    const file = context.model ?? join(ROOT, BUNDLE);
    const manifest = readBundle(file);
    const split = readSplit();
    const recordings = testRecordings(split, folder);
    if (recordings.words.length === 0) {
      throw new Error(
        `There is none of the words of training/voice/split.json in ${folder}. Give the folder of all data.`,
      );
    }
    const sources = sourcesOf(recordings, split, { speech: context.speech ?? [], noise: context.noise ?? [] });
    const rate = manifest.input.recipe.window!.rate ?? 16_000;
    say("Mixing words, speech and noise");
    const scenes = prepare(recordings, sources, rate, work);
    const heard = await hear(manifest, file, [...scenes.words, ...scenes.quiet], FLOW, context);
    // Hours of speech would say no more of the gate than these minutes.
    const few = [...scenes.words, ...scenes.quiet.filter(({ kind }) => kind === "noise")];
    const gated = await hear(manifest, file, few, GATED, context);
    const rows = report({ manifest, rate, scenes, heard, gated, sources });
    return context.mlperf === undefined ? rows : [...rows, ...mlperf(context.mlperf, context)];
  },
};

function readBundle(file: string): Manifest & Required<Pick<Manifest, "triggers">> {
  if (!existsSync(file)) throw new Error(`There is no ${file}: training/voice makes it, --model names another.`);
  const manifest = readManifest(readFileSync(file), file);
  if (!manifest?.triggers) throw new Error(`${file} does not say when its scores are a trigger.`);
  return { ...manifest, triggers: manifest.triggers };
}

interface Scenes {
  /** Words, each beside something else. */
  words: { condition: string; track: Track }[];
  /** Without keyword. */
  quiet: { source: string; kind: Source["kind"]; track: Track }[];
}

function prepare(recordings: TestRecordings, sources: readonly Source[], rate: number, work: string): Scenes {
  const read = (path: string) => readSound(path, rate);
  const words = recordings.words.map((word): Word => ({ ...word, sound: read(word.file) }));
  const speech = recordings.speech.map(read);
  const noise = concatenated(recordings.noise.map(read));
  const conditions: Condition[] = [
    { name: "nothing" },
    ...SNRS.map((snr) => ({ name: `noise, ${snr} dB`, noise: { sound: noise, snr } })),
    ...SNRS.map((snr) => ({ name: `babble, ${snr} dB`, noise: { sound: babble(speech, VOICES), snr } })),
  ];
  const [, inNoise] = conditions;
  return {
    words: conditions.map((each) => ({ condition: each.name, track: wordTrack(words, speech, each, rate, work) })),
    quiet: sources.flatMap(({ name, kind, files }) => {
      const track = (title: string, beside?: Condition["noise"]) => ({
        source: title,
        kind,
        track: speechTrack(title, sounds(files, read), beside, rate, work),
      });
      return kind === "noise" ? [track(name)] : [track(name), track(`${name}; ${inNoise!.name}`, inNoise!.noise)];
    }),
  };
}

/** The sound of each file, one at a time. A file that holds none is told and left out. */
function* sounds(files: readonly string[], read: (path: string) => Float32Array): Generator<Float32Array> {
  for (const file of files) {
    try {
      yield read(file);
    } catch (error) {
      if (!(error instanceof EdgeMlError)) throw error;
      console.warn(`Left out: ${error.message}`);
    }
  }
}

function concatenated(sounds: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(sounds.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const sound of sounds) {
    out.set(sound, at);
    at += sound.length;
  }
  return out;
}

type Hearing = Map<Track, HeardTrack> & { about?: string };

/** Plays tracks through one Node-RED. */
async function hear(
  manifest: Manifest & Required<Pick<Manifest, "triggers">>,
  model: string,
  scenes: readonly { track: Track }[],
  settings: FlowSettings,
  { work, say }: BenchmarkContext,
): Promise<Hearing> {
  const tracks = scenes.map(({ track }) => track);
  const rate = manifest.input.recipe.window!.rate ?? 16_000;
  const hours = tracks.reduce((sum, { samples }) => sum + samples, 0) / rate / 3600;
  say(`Playing ${hours.toFixed(1)} h of sound through the flow`);
  const labels = manifest.triggers.labels.map(({ label }) => label);
  const outcome = await play({ flow: buildFlow(manifest, settings), model, labels, rate, tracks }, work);
  const heard: Hearing = new Map(
    tracks.map((track, i) => {
      const { triggers, windows } = outcome.tracks[i]!;
      return [track, { track, triggers, windows, scores: outcome.scores[i]! }];
    }),
  );
  const seconds = outcome.tracks.reduce((sum, each) => sum + each.seconds, 0);
  heard.about = `Node-RED ${outcome.nodeRed}, Node ${outcome.node}; ${hours.toFixed(2)} h of sound in ${seconds.toFixed(0)} s`;
  return heard;
}

interface Evaluated {
  manifest: Manifest & Required<Pick<Manifest, "triggers">>;
  rate: number;
  scenes: Scenes;
  heard: Hearing;
  /** A part of it. */
  gated: Hearing;
  sources: readonly Source[];
}

function report({ manifest, rate, scenes, heard, gated, sources }: Evaluated): unknown[] {
  const { triggers } = manifest;
  const keywords = triggers.labels.map(({ label }) => label);
  const words = scenes.words.map(({ condition, track }) => ({ condition, heard: heard.get(track)! }));
  const of = (kind: Source["kind"]) =>
    scenes.quiet.filter((scene) => scene.kind === kind).map(({ track }) => heard.get(track)!);
  const misses = missRows(words, triggers, rate);
  const alarms = [
    ...scenes.quiet.map(({ source, track }) => falseAlarmRow(source, [heard.get(track)!], triggers, rate)),
    falseAlarmRow("all speech", of("speech"), triggers, rate),
    falseAlarmRow("all noise and music", of("noise"), triggers, rate),
  ].filter(({ hours }) => hours > 0);
  const curve = curveRows(words, of("speech"), triggers, rate, RATES);
  const counted = recount(of("speech"), triggers);
  const told = alarms.find(({ source }) => source === "all speech")?.alarms ?? {};

  const gate = [
    ...scenes.words.map(({ condition, track }) => ({ title: `words, ${condition}`, track })),
    ...scenes.quiet.map(({ source, track }) => ({ title: source, track })),
  ]
    .filter(({ track }) => gated.has(track))
    .map(({ title, track }) => gateRow(title, { open: heard.get(track)!, gated: gated.get(track)! }, triggers, rate));

  console.log(`${voice.title}: ${manifest.name} version ${manifest.version} (${heard.about})\n`);
  console.log(`${missTable(misses)}\n`);
  console.log(`${falseAlarmTable(alarms, keywords)}\n`);
  for (const { name, leftOut, files } of sources) {
    if (leftOut > 0)
      console.log(
        `${name}: ${leftOut} of ${leftOut + files.length} files left out, the model may know their speakers.`,
      );
  }
  console.log(
    "\nOther thresholds, chosen on the very recordings they are reported on (all speech): what a choice on others could give at best",
  );
  console.log(
    `${curveTable(
      curve,
      words.map(({ condition }) => condition),
    )}\n`,
  );
  console.log(
    `Counted from the scores at the bundle's thresholds: ${keywords.map((each) => `${each} ${counted[each]}`).join(", ")}; the flow told ${keywords.map((each) => `${each} ${told[each] ?? 0}`).join(", ")}.\n`,
  );
  console.log(`${gateTable(gate, keywords)}\n`);
  for (const line of [...notes(manifest), ...PUBLISHED]) console.log(line);
  return [...misses, ...alarms, ...curve, ...gate];
}
