import { Parser } from "csv-parse";
import { EdgeMlError } from "../../errors/index.js";
import { openFile, readError } from "../open-file.js";
import type { Dialect } from "./dialect.js";

/** Small enough that parsing one chunk keeps the event loop free (about a millisecond). */
const CHUNK = 16 * 1024;
/** A quote that is never closed would otherwise swallow the rest of the file. */
const MAX_RECORD = 1024 * 1024;

/** A cell may hold anything; a record has at least one. */
export type CsvRecord = string[];

export interface RecordBatch {
  records: CsvRecord[];
  /** Bytes of the file read so far. */
  bytes: number;
}

/**
 * The records of a CSV file, header included, batch by batch: one chunk of the file at a time is in memory, and the
 * next is read only when the consumer asks, so a file of any size can be read. The file is closed when the iteration
 * ends, however it ends.
 * @throws EdgeMlError EDGE_ML_FILE_READ
 */
export async function* readRecords(path: string, dialect: Dialect): AsyncGenerator<RecordBatch, void, undefined> {
  const handle = await openFile(path);
  try {
    const parser = new CsvChunks(path, dialect);
    const decoder = dialect.encoding === "utf-8" ? undefined : new TextDecoder(dialect.encoding);
    const buffer = Buffer.alloc(CHUNK);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, bytes);
      if (bytesRead === 0) break;
      bytes += bytesRead;
      const chunk = buffer.subarray(0, bytesRead);
      // The parser keeps what it has not used yet: it must not see the next chunk's bytes in its place.
      const records = parser.push(decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : Buffer.from(chunk));
      yield { records, bytes };
    }
    const rest = decoder?.decode();
    const last = rest ? parser.push(Buffer.from(rest)) : [];
    yield { records: [...last, ...(await parser.end())], bytes };
  } catch (error) {
    throw error instanceof EdgeMlError ? error : readError(path, error);
  } finally {
    await handle.close();
  }
}

/** The records of a piece of text that may be cut at its end. */
export function recordsOf(path: string, head: Buffer, dialect: Dialect, whole: boolean): Promise<CsvRecord[]> {
  const parser = new CsvChunks(path, dialect);
  const text = new TextDecoder(dialect.encoding).decode(head, { stream: !whole });
  const records = parser.push(Buffer.from(text));
  return whole ? parser.end().then((last) => [...records, ...last]) : Promise.resolve(records);
}

/** csv-parse, one chunk in, its complete records out. */
class CsvChunks {
  readonly #parser: Parser;
  #failure: Error | undefined;

  constructor(
    readonly path: string,
    { delimiter, skipLines }: Dialect,
  ) {
    this.#parser = new Parser({
      bom: true,
      delimiter,
      // Not found from the first line: files that were edited on two systems mix them.
      record_delimiter: ["\r\n", "\n", "\r"],
      from_line: skipLines + 1,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD,
    });
    this.#parser.on("error", (error) => {
      this.#failure = error;
    });
  }

  push(chunk: Buffer): CsvRecord[] {
    // Transforms within the call; the read loop below takes every record, so nothing queues up.
    this.#parser.write(chunk);
    return this.#take();
  }

  async end(): Promise<CsvRecord[]> {
    const records: CsvRecord[] = [];
    this.#parser.on("data", (record: CsvRecord) => records.push(record));
    this.#parser.end();
    await new Promise<void>((done) => {
      this.#parser.once("end", done);
      this.#parser.once("error", () => done());
      if (this.#parser.readableEnded || this.#parser.destroyed) done();
    });
    // A quote that is open at the end of the file: what came before it counts.
    if (this.#failure && (this.#failure as { code?: string }).code !== "CSV_QUOTE_NOT_CLOSED") this.#fail();
    return records;
  }

  #take(): CsvRecord[] {
    const records: CsvRecord[] = [];
    for (let record = this.#parser.read(); record !== null; record = this.#parser.read()) records.push(record);
    const failed = this.#failure ?? this.#parser.errored;
    if (failed) {
      this.#failure = failed;
      this.#fail();
    }
    return records;
  }

  #fail(): never {
    const { code, message } = this.#failure as Error & { code?: string };
    const reason =
      code === "CSV_MAX_RECORD_SIZE"
        ? `a row is longer than ${MAX_RECORD} bytes (a quote that is never closed?)`
        : message;
    throw new EdgeMlError("EDGE_ML_FILE_READ", { path: this.path, reason }, { cause: this.#failure });
  }
}
