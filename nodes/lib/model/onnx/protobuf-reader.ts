import { WIRE_BYTES, WIRE_FIXED32, WIRE_FIXED64, WIRE_VARINT } from "./protobuf-writer.js";

/** One field of a message; nothing is copied. */
export interface ProtobufField {
  number: number;
  wire: number;
  /** The number of a varint, signed; 0n for every other wire type. */
  int: bigint;
  /** What follows the tag (and the length): a view into the message. */
  bytes: Uint8Array;
  /** Where the field, with its tag, lies in the message. */
  start: number;
  end: number;
}

/** The bytes are not Protocol Buffers, or are cut off. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

/**
 * The fields of one message, in their order. O(fields): payloads are skipped, not read; each step consumes at least
 * one byte, so it ends on any bytes, and allocates nothing whose size the bytes could choose.
 * @throws ProtobufError
 */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField, void, void> {
  const cursor = { offset: 0 };
  while (cursor.offset < message.length) {
    const start = cursor.offset;
    const tag = varint(message, cursor);
    const number = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    if (number < 1 || number > MAX_FIELD) throw new ProtobufError(`field number ${number} at byte ${start}`);
    let int = 0n;
    let from = cursor.offset;
    switch (wire) {
      case WIRE_VARINT:
        int = BigInt.asIntN(64, varint(message, cursor));
        break;
      case WIRE_FIXED32:
        cursor.offset += 4;
        break;
      case WIRE_FIXED64:
        cursor.offset += 8;
        break;
      case WIRE_BYTES: {
        const length = varint(message, cursor);
        from = cursor.offset;
        if (length > BigInt(message.length - from)) throw new ProtobufError(`cut off in the field at byte ${start}`);
        cursor.offset += Number(length);
        break;
      }
      default:
        throw new ProtobufError(`wire type ${wire} at byte ${start}`);
    }
    if (cursor.offset > message.length) throw new ProtobufError(`cut off in the field at byte ${start}`);
    yield { number, wire, int, bytes: message.subarray(from, cursor.offset), start, end: cursor.offset };
  }
}

/** The text of a length-delimited field. Bytes that are no UTF-8 become U+FFFD. */
export function textOf(field: ProtobufField): string {
  return utf8.decode(field.bytes);
}

/** Whole numbers of a repeated field: one, or many when it is packed. Exact to 2^53. Throws ProtobufError. */
export function protobufNumbers(field: ProtobufField): number[] {
  if (field.wire === WIRE_VARINT) return [Number(field.int)];
  if (field.wire !== WIRE_BYTES) throw new ProtobufError(`wire type ${field.wire} for a number`);
  const numbers: number[] = [];
  const cursor = { offset: 0 };
  while (cursor.offset < field.bytes.length) numbers.push(Number(BigInt.asIntN(64, varint(field.bytes, cursor))));
  return numbers;
}

const MAX_FIELD = 0x1fffffff;
const utf8 = new TextDecoder();

function varint(message: Uint8Array, cursor: { offset: number }): bigint {
  const start = cursor.offset;
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = message[cursor.offset++];
    if (byte === undefined) throw new ProtobufError(`cut off in the number at byte ${start}`);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw new ProtobufError(`a number of more than ten bytes at byte ${start}`);
}
