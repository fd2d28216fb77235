import { Attribute, Graph, Model, Node } from "./fields.js";
import { ProtobufError, type ProtobufField, protobufFields, protobufNumbers, textOf } from "./protobuf-reader.js";
import { WIRE_BYTES } from "./protobuf-writer.js";

/** A node of a graph, as far as its neighbours and its operator go. */
export interface NodeInfo {
  type: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  /** By name; read only when they are asked for, since those of a forest hold all of its trees. */
  attributes: Map<string, ProtobufField>;
  field: ProtobufField;
}

/** The fields of a model's graph, none when it has no graph. Throws ProtobufError. */
export function graphFields(bytes: Uint8Array): ProtobufField[] {
  const fields: ProtobufField[] = [];
  for (const field of protobufFields(bytes)) {
    if (field.number === Model.graph) for (const part of messageFields(field)) fields.push(part);
  }
  return fields;
}

/** The nodes among the fields of a graph, in their order. Throws ProtobufError. */
export function readNodes(graph: readonly ProtobufField[]): NodeInfo[] {
  return graph.filter((field) => field.number === Graph.node).map(readNode);
}

/** The texts of a STRINGS attribute, or the numbers of an INTS one. Throws ProtobufError. */
export function listOf(attribute: ProtobufField): string[] | number[] {
  const texts: string[] = [];
  const numbers: number[] = [];
  for (const part of messageFields(attribute)) {
    if (part.number === Attribute.strings) texts.push(textOf(part));
    else if (part.number === Attribute.ints) numbers.push(...protobufNumbers(part));
  }
  return texts.length > 0 ? texts : numbers;
}

/** Fields of a nested message; a field of the right number with another wire type is damage. */
export function messageFields(field: ProtobufField): Iterable<ProtobufField> {
  if (field.wire !== WIRE_BYTES) throw new ProtobufError(`wire type ${field.wire} for a message`);
  return protobufFields(field.bytes);
}

function readNode(field: ProtobufField): NodeInfo {
  const node: NodeInfo = { type: "", domain: "", inputs: [], outputs: [], attributes: new Map(), field };
  for (const part of messageFields(field)) {
    if (part.number === Node.opType) node.type = textOf(part);
    else if (part.number === Node.domain) node.domain = textOf(part);
    else if (part.number === Node.input) node.inputs.push(textOf(part));
    else if (part.number === Node.output) node.outputs.push(textOf(part));
    else if (part.number === Node.attribute) node.attributes.set(attributeName(part), part);
  }
  return node;
}

function attributeName(attribute: ProtobufField): string {
  // The name comes first in every file that is known: nothing of the values is walked over.
  for (const part of messageFields(attribute)) if (part.number === Attribute.name) return textOf(part);
  return "";
}
