import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, EdgeMlError } from "../../errors/index.js";
import { atomicWrite } from "../../files/index.js";
import type { FrameBatch } from "../training/request.js";
import {
  checkpointRecord,
  type FrameEntry,
  frameRecord,
  headerRecord,
  type JournalHeader,
  type JournalRecord,
  labelRecord,
  readRecords,
  streamRecord,
} from "./journal-format.js";

/** Written at most this often, in ms; a power cut loses what came since. */
const FLUSH_EVERY = 3000;

/** Waiting bytes that are written at once; more than this is never held while the disk is slow. */
const FLUSH_AT = 1024 * 1024;
const MAX_WAITING = 16 * 1024 * 1024;

const READ_CHUNK = 1024 * 1024;

export interface JournalOptions {
  /** Files are called `<base>.<number>.frames`. */
  base: string;
  /**
   * Frames in one file. When the next is begun, only the one before it stays: for a set that keeps the latest frames.
   * Undefined: one file.
   */
  framesPerFile?: number;
  /**
   * The next file is begun with all frames that are kept (see `restart`), since the oldest of them may lie further back:
   * for a set that keeps the latest frames of each label.
   */
  checkpoints?: boolean;
  /** Called once for a disk that fails; the journal then stays silent, and learning goes on in memory. */
  onError: (error: EdgeMlError) => void;
}

/** The frames collected so far, on disk: appended in order, and read again after a restart. */
export class Journal {
  readonly #base: string;
  readonly #framesPerFile: number;
  readonly #checkpoints: boolean;
  readonly #onError: (error: EdgeMlError) => void;
  #header: JournalHeader | undefined;
  #streams = new Map<string, number>();
  #labels = new Map<string, number>();
  #file = 0;
  #framesInFile = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #broken = false;

  constructor({ base, framesPerFile, checkpoints = false, onError }: JournalOptions) {
    this.#base = base;
    this.#framesPerFile = framesPerFile ?? Number.POSITIVE_INFINITY;
    this.#checkpoints = checkpoints;
    this.#onError = onError;
  }

  /**
   * Reads everything, cuts a torn tail off, and goes on behind it.
   * @param forget what was read so far no longer counts
   */
  async load(
    each: (frame: FrameEntry & { stream: string; label: string | undefined }) => void,
    forget: () => void,
  ): Promise<JournalHeader | undefined> {
    try {
      for (const number of await this.#files()) {
        this.#beginFile(number);
        const streams: string[] = [];
        const labels: string[] = [];
        await this.#read(this.#path(number), (record) => {
          if (record.kind === "header") this.#header ??= record.header;
          else if (record.kind === "checkpoint") forget();
          else if (record.kind === "stream") {
            this.#streams.set(record.name, streams.length);
            streams.push(record.name);
          } else if (record.kind === "label") {
            this.#labels.set(record.name, labels.length);
            labels.push(record.name);
          } else {
            const { label, stream, ...frame } = record;
            this.#framesInFile++;
            each({
              ...frame,
              stream: streams[stream] ?? "",
              label: label === undefined ? undefined : labels[label],
            });
          }
        });
      }
    } catch (error) {
      this.#fail("read", error);
    }
    return this.#header;
  }

  /** What all frames have in common; before the first one. */
  begin(header: JournalHeader): void {
    this.#header = header;
    this.#put(headerRecord(header));
  }

  append(frame: FrameEntry, stream: string, label?: string): void {
    if (this.full && !this.#checkpoints) this.#next();
    let index = this.#streams.get(stream);
    if (index === undefined) {
      index = this.#streams.size;
      this.#streams.set(stream, index);
      this.#put(streamRecord(stream));
    }
    let of = label === undefined ? undefined : this.#labels.get(label);
    if (label !== undefined && of === undefined) {
      of = this.#labels.size;
      this.#labels.set(label, of);
      this.#put(labelRecord(label));
    }
    this.#framesInFile++;
    this.#put(frameRecord(frame, index, of));
  }

  /** Whether the file has all the frames that it should have. */
  get full(): boolean {
    return this.#framesInFile >= this.#framesPerFile;
  }

  /** Begins the next file with these frames, which are all that are kept; the files before it go once it is whole. */
  restart(batch: FrameBatch): void {
    void this.flush();
    this.#beginFile(this.#file + 1);
    batch.streams.forEach((name, i) => {
      this.#streams.set(name, i);
    });
    batch.labels.forEach((name, i) => {
      this.#labels.set(name, i);
    });
    const head = [checkpointRecord(), ...(this.#header ? [headerRecord(this.#header)] : [])];
    const number = this.#file;
    this.#queue("write", async () => {
      if (this.#broken) return;
      await atomicWrite(this.#path(number), await checkpoint(head, batch));
      for (const old of await this.#files()) if (old < number) await rm(this.#path(old), { force: true });
    });
  }

  /** Writes what is waiting, to the platter. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) {
      const bytes = Buffer.concat(this.#waiting);
      this.#waiting = [];
      this.#waitingBytes = 0;
      const path = this.#path(this.#file);
      this.#queue("write", async () => {
        await mkdir(dirname(path), { recursive: true });
        const handle = await open(path, "a");
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
      });
    }
    return this.#work;
  }

  /** Forgets everything, on disk too. */
  clear(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#header = undefined;
    this.#beginFile(0);
    this.#broken = false;
    this.#queue("remove", async () => {
      for (const number of await this.#files()) await rm(this.#path(number), { force: true });
    });
    return this.#work;
  }

  #next(): void {
    void this.flush();
    const old = this.#file - 1;
    this.#beginFile(this.#file + 1);
    this.#queue("remove", () => rm(this.#path(old), { force: true }));
    if (this.#header) this.#put(headerRecord(this.#header));
  }

  #beginFile(number: number): void {
    this.#file = number;
    this.#framesInFile = 0;
    this.#streams = new Map();
    this.#labels = new Map();
  }

  #put(bytes: Buffer): void {
    // A disk that is slower than the frames come must not fill the memory.
    if (this.#broken || this.#waitingBytes + bytes.length > MAX_WAITING) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > FLUSH_AT) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_EVERY).unref();
  }

  /** One after the other; a failure is told once. */
  #queue(action: string, work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => this.#fail(action, error));
  }

  #fail(action: string, error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const reason = error instanceof Error ? error.message : describe(error);
    this.#onError(
      new EdgeMlError("EDGE_ML_LEARN_DISK", { action, path: this.#path(this.#file), reason }, { cause: error }),
    );
  }

  #path(number: number): string {
    return `${this.#base}.${number}.frames`;
  }

  /** The numbers of the files there are, ascending. */
  async #files(): Promise<number[]> {
    const prefix = `${basename(this.#base)}.`;
    const names = await readdir(dirname(this.#base)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    return names
      .filter((name) => name.startsWith(prefix) && /^\d+\.frames$/.test(name.slice(prefix.length)))
      .map((name) => Number.parseInt(name.slice(prefix.length), 10))
      .sort((a, b) => a - b);
  }

  async #read(path: string, each: (record: JournalRecord) => void): Promise<void> {
    const handle = await open(path, "r+");
    try {
      const good = await readAll(handle, each);
      const { size } = await handle.stat();
      if (good < size) await handle.truncate(good);
    } finally {
      await handle.close();
    }
  }
}

/** The bytes of a file that holds all frames of a batch; the event loop has its turn between some of them. */
async function checkpoint(head: readonly Buffer[], batch: FrameBatch): Promise<Buffer> {
  const parts = [...head, ...batch.streams.map(streamRecord), ...batch.labels.map(labelRecord)];
  let size = 0;
  for (let i = 0; i < batch.rows; i++) {
    const data = batch.data.subarray(i * batch.columns, (i + 1) * batch.columns);
    const frame = { data, start: batch.start[i]!, end: batch.end[i]!, ordinal: i };
    const label = batch.label[i]!;
    const bytes = frameRecord(frame, batch.stream[i]!, label < 0 ? undefined : label);
    parts.push(bytes);
    size += bytes.length;
    if (size > FLUSH_AT) {
      size = 0;
      await setImmediate();
    }
  }
  return Buffer.concat(parts);
}

/** Reads a file in pieces; returns the length of its good part. */
async function readAll(handle: FileHandle, each: (record: JournalRecord) => void): Promise<number> {
  let rest: Buffer = Buffer.alloc(0);
  let good = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(READ_CHUNK);
    const { bytesRead } = await handle.read(piece, 0, READ_CHUNK, good + rest.length);
    if (bytesRead === 0) return good;
    const bytes = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
    const { records, length, damaged } = readRecords(bytes);
    for (const record of records) each(record);
    good += length;
    if (damaged) return good;
    rest = bytes.subarray(length);
  }
}

/** A file name for what belongs to a node, whatever its id holds. */
export function journalBase(folder: string, id: string): string {
  return join(folder, /^[\w-][\w.-]{0,99}$/.test(id) ? id : `x${Buffer.from(id).toString("hex").slice(0, 100)}`);
}
