/** Writes the Protocol Buffers wire format (https://protobuf.dev/programming-guides/encoding), as much of it as ONNX uses. */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** An int32, int64, bool or enum. A negative number takes ten bytes, as the format says. */
  int(field: number, value: number | bigint): this {
    return this.#tag(field, WIRE_VARINT).#varint(BigInt(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#tag(field, WIRE_FIXED32).#append(bytes);
  }

  /** Whole numbers, packed: one tag for all of them. A forest's attributes hold hundreds of thousands. */
  ints(field: number, values: readonly number[]): this {
    const bytes = new Uint8Array(values.reduce((length, value) => length + sizeOf(value), 0));
    let at = 0;
    for (const value of values) at = writeVarint(bytes, at, value);
    return this.bytes(field, bytes);
  }

  /** float32 numbers, packed. */
  floats(field: number, values: Float32Array): this {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    values.forEach((value, i) => {
      view.setFloat32(i * 4, value, true);
    });
    return this.bytes(field, bytes);
  }

  string(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }

  /** The bytes are not copied before finish(): they must not change until then. */
  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, WIRE_BYTES).#varint(BigInt(value.length)).#append(value);
  }

  message(field: number, value: ProtobufWriter): this {
    this.#tag(field, WIRE_BYTES).#varint(BigInt(value.length));
    for (const chunk of value.#chunks) this.#append(chunk);
    return this;
  }

  /** Fields that are encoded already. */
  raw(value: Uint8Array): this {
    return this.#append(value);
  }

  finish(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    return bytes;
  }

  #tag(field: number, wire: number): this {
    return this.#varint(BigInt(field * 8 + wire));
  }

  #varint(value: bigint): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.#append(Uint8Array.from(bytes));
  }

  #append(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return this;
  }
}

/** Bytes of a varint. */
function sizeOf(value: number): number {
  if (value < 0) return 10;
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Writes a varint, and returns where the next one begins. */
function writeVarint(bytes: Uint8Array, from: number, value: number): number {
  let at = from;
  if (value < 0) {
    for (let rest = BigInt.asUintN(64, BigInt(value)); rest > 0n; rest >>= 7n) {
      bytes[at++] = Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0);
    }
    return at;
  }
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 0x80;
  bytes[at++] = rest;
  return at;
}

export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_FIXED32 = 5;

const utf8 = new TextEncoder();
