/** The accelerometer gestures of TensorFlow's "magic wand": wing, ring, slope and other movement, of several persons. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { requireFile } from "../benchmark.ts";
import type { Round } from "../play/index.ts";
import { type Recording, RecordingWriter } from "./rows.ts";

export const WAND_CHANNELS = ["x", "y", "z"];
/** Rows of a window, as in the original: a gesture has 44 to 133. */
export const WAND_WINDOW = 128;
/** ms between two rows at 25 Hz. */
const STEP = 40;

const LABELS = ["wing", "ring", "slope", "negative"];
const PERSONS = ["dengyl", "jiangyh"];

/** Recordings with more rows are long streams of other movement: they are cut into parts, as in the original. */
const LONGEST_GESTURE = 240;
const PART = 120;

interface Movement extends Recording {
  /** Undefined: nobody knows. */
  person: string | undefined;
}

/**
 * One round for each person, who is the test and was never seen. Movements of nobody knows whom are always learned from.
 * @throws Error with a sentence when the folder does not hold the data set
 */
export function prepareMagicWand(folder: string, work: string): Round[] {
  const movements = LABELS.flatMap((label) => {
    const inside = requireFile(folder, label, "gestures");
    const files = readdirSync(inside).sort();
    return files.filter((file) => file.endsWith(".txt")).flatMap((file) => read(join(inside, file), label));
  });
  const writer = new RecordingWriter(work, WAND_CHANNELS);
  return PERSONS.map((person) => {
    const named = (part: string, those: Movement[]) =>
      writer.write(
        `wand-${person}-${part}.csv`,
        those.map((movement) => ({ ...movement, stream: `${person} ${part} ${movement.stream}` })),
      );
    return {
      name: `person ${person}`,
      train: named(
        "train",
        movements.filter((movement) => movement.person !== person),
      ),
      test: named(
        "test",
        movements.filter((movement) => movement.person === person),
      ),
    };
  });
}

const ROW = /^\s*(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)\s*$/;

/** The blocks of a file: what a terminal left before, between and in them is skipped. */
function read(path: string, label: string): Movement[] {
  const name = basename(path, ".txt").replace(/^output_/, "");
  const blocks: number[][][] = [];
  for (const line of readFileSync(path, "latin1").split(/\r?\n/)) {
    const row = ROW.exec(line);
    if (line.includes("-,-,-")) blocks.push([]);
    else if (row) blocks.at(-1)?.push(row.slice(1).map(Number));
  }
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block) => parts(inG(block)))
    .map((block, i) => ({
      stream: `${name} ${i}`,
      label,
      person: PERSONS.find((person) => name.includes(person)),
      times: Array.from({ length: WAND_WINDOW }, (_, i) => i * STEP),
      rows: filledUp(block).map((row) => row.join(",")),
    }));
}

/** A resting sensor that reads more than this many g reads milli-g. */
const MOST_G = 50;

/**
 * In this copy the gestures are in g with two decimals, the other movements in milli-g: left so, the unit would tell
 * them apart.
 */
function inG(block: number[][]): number[][] {
  const lengths = block.map((row) => Math.hypot(...row)).sort((a, b) => a - b);
  if (lengths[Math.floor(lengths.length / 2)]! <= MOST_G) return block;
  return block.map((row) => row.map((value) => Math.round(value / 10) / 100));
}

function parts(block: number[][]): number[][][] {
  if (block.length <= LONGEST_GESTURE) return [block];
  const count = Math.floor(block.length / PART);
  return Array.from({ length: count }, (_, i) => block.slice(i * PART, (i + 1) * PART));
}

/** To the window's length: cut, or the last row held. */
function filledUp(block: number[][]): number[][] {
  return Array.from({ length: WAND_WINDOW }, (_, i) => block[Math.min(i, block.length - 1)]!);
}
