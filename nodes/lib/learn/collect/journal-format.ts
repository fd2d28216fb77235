import { crc32 } from "node:zlib";
import type { Recipe } from "../../recipe/index.js";

/**
 * A journal is a row of records, each [length u32][crc32 u32][payload], little-endian; the payload's first byte is its
 * kind. A record that was cut off or damaged ends the journal: what came before it counts.
 */
const HEAD = 8;

const Kind = { header: 1, stream: 2, frame: 3, label: 4, checkpoint: 5 } as const;

/**
 * Before the numbers of a frame: kind, label (u24: its number plus 1, 0 for none, as in journals from before there were
 * labels), stream, start, end, ordinal.
 */
const FRAME_HEAD = 32;

/** Labels that a file can number; frames with further ones have none. */
const MAX_LABELS = 2 ** 24 - 2;

/** What the frames of a journal have in common. */
export interface JournalHeader {
  format: 1;
  kind: "window" | "features";
  shape: number[];
  /** As the frames call them. */
  frameNames: string[];
  recipe: Recipe;
}

export type JournalRecord =
  | { kind: "header"; header: JournalHeader }
  | { kind: "stream"; name: string }
  | { kind: "label"; name: string }
  | { kind: "checkpoint" }
  | ({ kind: "frame"; stream: number; label?: number } & FrameEntry);

/** A frame, and the how-manieth of its group it was (see FrameSet). */
export interface FrameEntry {
  data: Float32Array;
  start: number;
  end: number;
  ordinal: number;
}

function record(payload: Buffer): Buffer {
  const head = Buffer.allocUnsafe(HEAD);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([head, payload]);
}

function textRecord(kind: number, text: string): Buffer {
  return record(Buffer.concat([Buffer.of(kind), Buffer.from(text)]));
}

export function headerRecord(header: JournalHeader): Buffer {
  return textRecord(Kind.header, JSON.stringify(header));
}

/** Streams are numbered in the order of their records. */
export function streamRecord(name: string): Buffer {
  return textRecord(Kind.stream, name);
}

/** Labels are numbered in the order of their records. */
export function labelRecord(name: string): Buffer {
  return textRecord(Kind.label, name);
}

/** At the start of a file that holds all that is kept: what files before it hold no longer counts. */
export function checkpointRecord(): Buffer {
  return record(Buffer.of(Kind.checkpoint));
}

export function frameRecord({ data, start, end, ordinal }: FrameEntry, stream: number, label?: number): Buffer {
  const payload = Buffer.alloc(FRAME_HEAD + data.length * 4);
  payload[0] = Kind.frame;
  if (label !== undefined && label < MAX_LABELS) payload.writeUIntLE(label + 1, 1, 3);
  payload.writeUInt32LE(stream, 4);
  payload.writeDoubleLE(start, 8);
  payload.writeDoubleLE(end, 16);
  payload.writeDoubleLE(ordinal, 24);
  for (let i = 0; i < data.length; i++) payload.writeFloatLE(data[i]!, FRAME_HEAD + 4 * i);
  return record(payload);
}

/** The records at the start of some bytes, and how many bytes they take; the rest is cut off, or damaged. */
export function readRecords(bytes: Buffer): { records: JournalRecord[]; length: number; damaged: boolean } {
  const records: JournalRecord[] = [];
  let at = 0;
  while (at + HEAD <= bytes.length) {
    const size = bytes.readUInt32LE(at);
    if (size < 1 || size > MAX_RECORD) return { records, length: at, damaged: true };
    if (at + HEAD + size > bytes.length) break;
    const payload = bytes.subarray(at + HEAD, at + HEAD + size);
    const found = crc32(payload) === bytes.readUInt32LE(at + 4) ? parse(payload) : undefined;
    if (!found) return { records, length: at, damaged: true };
    records.push(found);
    at += HEAD + size;
  }
  return { records, length: at, damaged: false };
}

/** A frame of 4096 features takes 16 kB; a header with as many names a few hundred. */
const MAX_RECORD = 16 * 1024 * 1024;

function parse(payload: Buffer): JournalRecord | undefined {
  const kind = payload[0];
  if (kind === Kind.stream) return { kind: "stream", name: payload.toString("utf8", 1) };
  if (kind === Kind.label) return { kind: "label", name: payload.toString("utf8", 1) };
  if (kind === Kind.checkpoint) return { kind: "checkpoint" };
  if (kind === Kind.header) {
    try {
      const header = JSON.parse(payload.toString("utf8", 1)) as JournalHeader;
      return header.format === 1 ? { kind: "header", header } : undefined;
    } catch {
      return undefined;
    }
  }
  if (kind !== Kind.frame || payload.length < FRAME_HEAD) return undefined;
  const data = new Float32Array((payload.length - FRAME_HEAD) / 4);
  for (let i = 0; i < data.length; i++) data[i] = payload.readFloatLE(FRAME_HEAD + 4 * i);
  const label = payload.readUIntLE(1, 3);
  return {
    kind: "frame",
    ...(label > 0 ? { label: label - 1 } : {}),
    stream: payload.readUInt32LE(4),
    start: payload.readDoubleLE(8),
    end: payload.readDoubleLE(16),
    ordinal: payload.readDoubleLE(24),
    data,
  };
}
