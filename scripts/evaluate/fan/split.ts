import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clockTime } from "../clock.ts";
import { type Condition, imbalances, RATE, type Recording, speeds } from "./recordings.ts";

/** Of each condition: the first ones are learned from, where it is learned from at all. */
const TRAINING = { speed: 200, moving: 100 };
/** Of each imbalance: features and learner were chosen with the first ones in view; the others are untouched. */
export const DEVELOPMENT = 100;

/** What is learned from, and what is tested on. */
export interface Case {
  name: string;
  title: string;
  /** Files in the scratch folder. */
  train: string;
  test: string;
  /** What a reader of the numbers must know. */
  note: string;
}

type Recordings = Record<Condition, Recording[]>;

/** Writes the files of all cases into `work`. */
export function prepare(recordings: Recordings, work: string): Case[] {
  const normal = (condition: (typeof speeds)[number]) => recordings[condition].slice(0, TRAINING.speed);
  const moved = recordings.moving.slice(0, TRAINING.moving);
  const faults = imbalances.map((condition) => part(recordings, condition, 0));
  const rest = part(recordings, "low", TRAINING.speed);
  const held = part(recordings, "moving", TRAINING.moving);
  let clock = 0;
  // The cases are played one after the other, and the time of their streams must not go back.
  const write = (file: string, entries: Entry[]): string => {
    const lines = entries.flatMap(({ recording, stream, label }) =>
      recording.map((row) => {
        clock += 1000 / RATE;
        return `${clockTime(clock)},${row},${label},${stream}`;
      }),
    );
    writeFileSync(join(work, file), `${["time,x,y,z,label,stream", ...lines].join("\n")}\n`);
    return file;
  };
  const makeCase = (name: string, title: string, train: Recording[], test: Part[], note: string): Case => ({
    name,
    title,
    train: write(`${name}-train.csv`, trainingEntries(train)),
    test: write(`${name}-test.csv`, testEntries(test)),
    note,
  });
  return [
    makeCase(
      "speeds",
      "all four speeds",
      interleaved(speeds.map(normal)),
      [...speeds.map((speed) => part(recordings, speed, TRAINING.speed)), ...faults],
      `learned from the first ${TRAINING.speed} normal recordings of each speed, in turns`,
    ),
    makeCase(
      "low",
      "low speed only",
      normal("low"),
      [rest, part(recordings, "deploy", 0), part(recordings, "moving", 0), ...faults],
      "normal in the test: low speed, another session, and the base moved by hand, which it has never seen",
    ),
    makeCase(
      "mixed",
      "low speed + moved by hand, mixed",
      interleaved([normal("low"), moved]),
      [rest, held, ...faults],
      "the trap: a normal set that is too wide",
    ),
    makeCase(
      "then-moved",
      "low speed, then moved by hand",
      [...normal("low"), ...moved],
      [rest, held, ...faults],
      "the same set, one after the other",
    ),
  ];
}

interface Part {
  condition: Condition;
  recordings: Recording[];
  /** The number of the first one in its file. */
  first: number;
}

function part(recordings: Recordings, condition: Condition, first: number): Part {
  return { condition, recordings: recordings[condition].slice(first), first };
}

/** In turns, the shorter lists spread over the whole: the data have no times, and no state is to come last. */
function interleaved(lists: Recording[][]): Recording[] {
  return lists
    .flatMap((list) => list.map((recording, i) => ({ recording, place: (i + 0.5) / list.length })))
    .sort((a, b) => a.place - b.place)
    .map(({ recording }) => recording);
}

interface Entry {
  recording: Recording;
  stream: string;
  label: string;
}

function trainingEntries(recordings: Recording[]): Entry[] {
  return recordings.map((recording) => ({ recording, stream: "fan", label: "normal" }));
}

/** A stream for each recording, by condition and number: "low-imbalance 17". */
function testEntries(parts: Part[]): Entry[] {
  return parts.flatMap(({ condition, recordings, first }) =>
    recordings.map((recording, i) => ({
      recording,
      stream: `${condition} ${first + i}`,
      label: isFault(condition) ? "imbalance" : "normal",
    })),
  );
}

export function isFault(condition: string): boolean {
  return (imbalances as readonly string[]).includes(condition);
}
