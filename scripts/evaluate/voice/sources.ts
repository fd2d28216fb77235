import { existsSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { soundFiles } from "../../lib/sound-file.ts";
import { knownSpeakers, librispeechSpeaker, type Split, type TestRecordings } from "./split.ts";

/** Recordings in which nobody says a keyword. */
export interface Source {
  name: string;
  files: string[];
  kind: "speech" | "noise";
  /** How many files were left out, since the model knows their speakers. */
  leftOut: number;
}

/** A second is all that there is of it. */
export const SILENCE = "silence of micro_speech, again and again";
const AGAIN = 120;

/**
 * All that there is without keyword: the test part of the data, and what the given folders hold. Each folder in a given
 * folder is a source of its own. Left out of these: LibriSpeech's speakers of the training and development parts.
 * @param folders of speech and of noise and music, which nothing is ever trained on
 * @throws Error with a sentence when a folder is not there, or holds no sounds
 */
export function sourcesOf(
  { speech, otherWords, noise, silence }: TestRecordings,
  split: Split,
  folders: { speech: readonly string[]; noise: readonly string[] },
): Source[] {
  const known = knownSpeakers(split);
  const given = (["speech", "noise"] as const).flatMap((kind) =>
    folders[kind].flatMap((folder) => sourcesIn(folder, kind, known)),
  );
  // Of whom the whole sentence is there, the excerpt is not needed.
  const whole = new Set(given.flatMap(({ files }) => files.map((file) => basename(file))));
  const excerpts = speech.filter((file) => !whole.has(basename(file)));
  const own: Source[] = [
    { name: "LibriSpeech, 2.8 s of each test speaker", files: excerpts, kind: "speech", leftOut: 0 },
    { name: "Speech Commands, test words", files: otherWords, kind: "speech", leftOut: 0 },
    { name: "background noise, test file", files: noise, kind: "noise", leftOut: 0 },
    { name: SILENCE, files: silence.flatMap((file) => new Array<string>(AGAIN).fill(file)), kind: "noise", leftOut: 0 },
  ];
  return [...own, ...given].filter(({ files }) => files.length > 0);
}

function sourcesIn(folder: string, kind: Source["kind"], known: ReadonlySet<string>): Source[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`There is no folder ${folder}.`);
  const groups = new Map<string, string[]>();
  for (const file of soundFiles(folder)) {
    const parts = relative(folder, file).split(sep);
    const name = parts.length > 1 ? parts[0]! : basename(folder);
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  if (groups.size === 0) throw new Error(`There is no WAV or FLAC file below ${folder}.`);
  return [...groups].map(([name, all]) => {
    const files = all.filter((file) => !known.has(librispeechSpeaker(file) ?? ""));
    return { name: join(name), files, kind, leftOut: all.length - files.length };
  });
}
