import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "../../lib/project.ts";

/** Which recordings are for what: paths below the data's folder (see training/voice/split.py). */
export interface Split {
  train: string[];
  dev: string[];
  test: string[];
}

export const SPLIT_FILE = "training/voice/split.json";
const WORDS = "wake-word-benchmark";
const SPEECH = "librispeech-train-clean-100-excerpts";
const OTHER_WORDS = "speech-commands-sample";
const NOISE = "speech-commands-background-noise";
const MICRO = "micro-speech-testdata";

/** The recordings that figures are reported on. */
export interface TestRecordings {
  /** One word, or two, in each. */
  words: { file: string; word: string }[];
  /** People who say other things. */
  speech: string[];
  /** Single words of the everyday. */
  otherWords: string[];
  noise: string[];
  /** A microphone in a room in which nothing is to be heard. */
  silence: string[];
}

export function readSplit(path = join(ROOT, SPLIT_FILE)): Split {
  return JSON.parse(readFileSync(path, "utf8")) as Split;
}

/** The test part, as far as its files are in the data's folder. */
export function testRecordings({ test }: Split, folder: string): TestRecordings {
  const of = (set: string) =>
    test
      .filter((file) => file.startsWith(`${set}/`) && existsSync(join(folder, file)))
      .map((file) => join(folder, file));
  return {
    words: of(WORDS).map((file) => ({ file, word: wordOf(file) })),
    speech: of(SPEECH),
    otherWords: of(OTHER_WORDS),
    noise: of(NOISE),
    silence: of(MICRO).filter((file) => file.endsWith("silence_1000ms.wav")),
  };
}

/** The word is the folder's name: "smart_mirror" holds "smart mirror". */
function wordOf(file: string): string {
  return file.split("/").at(-2)!.replaceAll("_", " ");
}

/** LibriSpeech calls its files SPEAKER-CHAPTER-UTTERANCE. */
export function librispeechSpeaker(file: string): string | undefined {
  return /^(\d+)-\d+-\d+\.(flac|wav)$/i.exec(basename(file))?.[1];
}

/** Speakers that the model may know: of what was trained on, and of what its thresholds were chosen on. */
export function knownSpeakers({ train, dev }: Split): ReadonlySet<string> {
  return new Set([...train, ...dev].flatMap((file) => librispeechSpeaker(file) ?? []));
}
