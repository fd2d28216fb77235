/** Writes flatbuffers for tests: also wrong ones. Fields by their number. */
export type Field =
  | { byte: number }
  | { int: number }
  | { float: number }
  | { text: string }
  | { bytes: Uint8Array }
  | { ints: readonly number[] }
  | { floats: readonly number[] }
  | { longs: readonly number[] }
  | { table: Fields }
  | { tables: readonly Fields[] };

export type Fields = Readonly<Record<number, Field>>;

export function flatbuffer(root: Fields, identifier: string): Uint8Array {
  const out = new Output();
  out.int(0);
  out.raw(new TextEncoder().encode(identifier));
  out.patch(0, table(out, root));
  return out.finish();
}

class Output {
  #bytes = new Uint8Array(1024);
  length = 0;

  raw(bytes: ArrayLike<number>): void {
    while (this.length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  int(value: number): void {
    this.raw(new Uint8Array(Int32Array.of(value).buffer));
  }

  float(value: number): void {
    this.raw(new Uint8Array(Float32Array.of(value).buffer));
  }

  short(value: number): void {
    this.raw([value & 255, value >> 8]);
  }

  /** Lets the place `at` point to `target`. */
  patch(at: number, target: number): void {
    this.#bytes.set(new Uint8Array(Int32Array.of(target - at).buffer), at);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}

/** The list of fields, then the table, then what it points to. */
function table(out: Output, fields: Fields): number {
  const entries = Object.entries(fields).map(([number, field]) => ({ number: Number(number), field }));
  const count = Math.max(-1, ...entries.map(({ number }) => number)) + 1;
  const list = out.length;
  out.short(4 + 2 * count);
  out.short(4 + 4 * entries.length);
  for (let number = 0; number < count; number++) {
    const place = entries.findIndex((entry) => entry.number === number);
    out.short(place < 0 ? 0 : 4 + 4 * place);
  }
  const start = out.length;
  out.int(start - list);
  for (const { field } of entries) {
    if ("byte" in field) out.int(field.byte & 255);
    else if ("int" in field) out.int(field.int);
    else if ("float" in field) out.float(field.float);
    else out.int(0);
  }
  entries.forEach(({ field }, place) => {
    if ("byte" in field || "int" in field || "float" in field) return;
    out.patch(start + 4 + 4 * place, pointed(out, field));
  });
  return start;
}

function pointed(out: Output, field: Field): number {
  if ("table" in field) return table(out, field.table);
  const start = out.length;
  if ("tables" in field) {
    out.int(field.tables.length);
    for (const _ of field.tables) out.int(0);
    // The same object is written once: lists may point to one table many times.
    const written = new Map<Fields, number>();
    field.tables.forEach((each, i) => {
      const at = written.get(each) ?? table(out, each);
      written.set(each, at);
      out.patch(start + 4 + 4 * i, at);
    });
  } else if ("text" in field) {
    const bytes = new TextEncoder().encode(field.text);
    out.int(bytes.length);
    out.raw(bytes);
  } else if ("bytes" in field) {
    out.int(field.bytes.length);
    out.raw(field.bytes);
  } else if ("ints" in field) {
    out.int(field.ints.length);
    for (const value of field.ints) out.int(value);
  } else if ("floats" in field) {
    out.int(field.floats.length);
    for (const value of field.floats) out.float(value);
  } else if ("longs" in field) {
    out.int(field.longs.length);
    for (const value of field.longs) {
      out.int(value);
      out.int(value < 0 ? -1 : 0);
    }
  }
  return start;
}
