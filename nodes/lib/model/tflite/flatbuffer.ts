/** The bytes are no flatbuffer, or are cut off. */
export class FlatbufferError extends Error {
  override readonly name = "FlatbufferError";
}

/**
 * A table of a flatbuffer (https://flatbuffers.dev/internals/), read in place: each access is checked against the end of
 * the bytes and copies nothing, so that any bytes end in an answer or a FlatbufferError. A field that is missing has its
 * default, as the format says.
 */
export class FlatTable {
  readonly #bytes: Bytes;
  readonly #position: number;
  readonly #fields: number;
  /** Bytes of the table's list of fields, and of the table. */
  readonly #fieldsSize: number;
  readonly #size: number;

  /** The root table. */
  static root(buffer: Uint8Array): FlatTable {
    const bytes = new Bytes(buffer);
    return new FlatTable(bytes, bytes.uint32(0));
  }

  private constructor(bytes: Bytes, position: number) {
    this.#bytes = bytes;
    this.#position = position;
    this.#fields = position - bytes.int32(position);
    this.#fieldsSize = bytes.uint16(this.#fields);
    this.#size = bytes.uint16(this.#fields + 2);
  }

  byte(field: number, missing = 0): number {
    const at = this.#at(field, 1);
    return at === undefined ? missing : this.#bytes.int8(at);
  }

  int(field: number, missing = 0): number {
    const at = this.#at(field, 4);
    return at === undefined ? missing : this.#bytes.int32(at);
  }

  /** A uint64 that is a place in a file; one that no file has ends outside, and is refused there. */
  long(field: number): number {
    const at = this.#at(field, 8);
    return at === undefined ? 0 : this.#bytes.uint32(at) + this.#bytes.uint32(at + 4) * 2 ** 32;
  }

  float(field: number, missing = 0): number {
    const at = this.#at(field, 4);
    return at === undefined ? missing : this.#bytes.float32(at);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#at(field, 4);
    return at === undefined ? undefined : this.#follow(at);
  }

  /** A text of at most `limit` bytes; bytes that are no UTF-8 become U+FFFD. */
  text(field: number, limit = 1024): string {
    const { at, length } = this.#vector(field, 1);
    return utf8.decode(this.#bytes.slice(at, Math.min(length, limit)));
  }

  /** A vector of bytes, not copied. */
  bytes(field: number): Uint8Array {
    const { at, length } = this.#vector(field, 1);
    return this.#bytes.slice(at, length);
  }

  /** A vector of tables, or of texts' tables; at most `limit`. */
  tables(field: number, limit: number): FlatTable[] {
    const { at, length } = this.#vector(field, 4, limit);
    return Array.from({ length }, (_, i) => this.#follow(at + 4 * i));
  }

  ints(field: number, limit: number): number[] {
    const { at, length } = this.#vector(field, 4, limit);
    return Array.from({ length }, (_, i) => this.#bytes.int32(at + 4 * i));
  }

  /** A vector of int64, of which only the lower halves count here. */
  longs(field: number, limit: number): number[] {
    const { at, length } = this.#vector(field, 8, limit);
    return Array.from({ length }, (_, i) => this.#bytes.int32(at + 8 * i));
  }

  floats(field: number, limit: number): number[] {
    const { at, length } = this.#vector(field, 4, limit);
    return Array.from({ length }, (_, i) => this.#bytes.float32(at + 4 * i));
  }

  #at(field: number, size: number): number | undefined {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#fieldsSize) return undefined;
    const offset = this.#bytes.uint16(this.#fields + entry);
    if (offset === 0) return undefined;
    if (offset + size > this.#size) throw new FlatbufferError(`a field outside its table at byte ${this.#position}`);
    return this.#position + offset;
  }

  #follow(at: number): FlatTable {
    return new FlatTable(this.#bytes, at + this.#bytes.uint32(at));
  }

  #vector(field: number, size: number, limit = Number.POSITIVE_INFINITY): { at: number; length: number } {
    const pointer = this.#at(field, 4);
    if (pointer === undefined) return { at: 0, length: 0 };
    const start = pointer + this.#bytes.uint32(pointer);
    const length = this.#bytes.uint32(start);
    this.#bytes.check(start + 4, length * size);
    if (length > limit) throw new FlatbufferError(`a list of ${length} entries at byte ${start}`);
    return { at: start + 4, length };
  }
}

/** Little-endian numbers at any place, each checked. */
class Bytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  check(at: number, size: number): number {
    if (at < 0 || at + size > this.#bytes.length) throw new FlatbufferError(`cut off at byte ${at}`);
    return at;
  }

  int8(at: number): number {
    return this.#view.getInt8(this.check(at, 1));
  }

  uint16(at: number): number {
    return this.#view.getUint16(this.check(at, 2), true);
  }

  int32(at: number): number {
    return this.#view.getInt32(this.check(at, 4), true);
  }

  uint32(at: number): number {
    return this.#view.getUint32(this.check(at, 4), true);
  }

  float32(at: number): number {
    return this.#view.getFloat32(this.check(at, 4), true);
  }

  slice(at: number, length: number): Uint8Array {
    return this.#bytes.subarray(this.check(at, length), at + length);
  }
}

const utf8 = new TextDecoder();
