import { dataTypes, Graph, Tensor } from "./fields.js";
import { readPort } from "./model-info.js";
import { graphFields, listOf, messageFields, type NodeInfo, readNodes } from "./nodes.js";
import { type ProtobufField, protobufNumbers, textOf } from "./protobuf-reader.js";

/** What a graph tells of its classes, when it ends in a classifier. */
export interface ClassifierInfo {
  /** In the order of the probabilities; undefined when the graph names none, or several lists of them. */
  labels: string[] | undefined;
  /** By output: numbers that add up to 1, or at least are probabilities each; or those before a softmax or sigmoid. */
  scale: Map<string, Scale>;
}

export type Scale = "probabilities" | "logits";

/** Operators that hand on what they get, in another shape or type. */
const PASSES = new Set(["Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose"]);
const PROBABILITIES = new Set(["Softmax", "Sigmoid", "HardSigmoid", "Normalizer", "ZipMap"]);
const LAYERS = new Set(["Gemm", "MatMul", "Conv"]);
const LABELS = ["classlabels_strings", "classlabels_int64s", "classlabels_ints"];
const MAX_CHAIN = 64;

/** Reads what a graph tells of its classes. Throws ProtobufError. */
export function readClassifier(bytes: Uint8Array): ClassifierInfo {
  const graph = graphFields(bytes);
  const nodes = readNodes(graph);
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const scale = new Map<string, Scale>();
  for (const field of graph) {
    if (field.number !== Graph.output) continue;
    const { name } = readPort(field);
    const found = scaleOf(makers.get(name), name, makers);
    if (found) scale.set(name, found);
  }
  return { labels: labelsOf(nodes, graph), scale };
}

function scaleOf(
  maker: NodeInfo | undefined,
  output: string,
  makers: ReadonlyMap<string, NodeInfo>,
): Scale | undefined {
  let node = maker;
  let value = output;
  for (let steps = 0; node && PASSES.has(node.type); steps++) {
    if (steps > MAX_CHAIN) return undefined;
    value = node.inputs[0] ?? "";
    node = makers.get(value);
  }
  if (!node) return undefined;
  if (PROBABILITIES.has(node.type)) return "probabilities";
  // A forest's votes and a linear classifier's logistic are probabilities; a bare margin is not told apart here.
  if (LAYERS.has(node.type) || node.type === "LogSoftmax") return "logits";
  // A layer's bias.
  const layer = node.type === "Add" && node.inputs.some((input) => LAYERS.has(makers.get(input)?.type ?? ""));
  return layer ? "logits" : undefined;
}

/** ZipMap's list is the one of the probabilities; else the only one that there is. */
function labelsOf(nodes: readonly NodeInfo[], graph: readonly ProtobufField[]): string[] | undefined {
  const zipMaps = nodes.filter(({ type }) => type === "ZipMap");
  const lists = (zipMaps.length > 0 ? zipMaps : nodes).flatMap((node) => {
    const attributes = LABELS.flatMap((name) => node.attributes.get(name) ?? []);
    if (attributes.length > 0) return attributes.map((attribute) => listOf(attribute).map(String));
    const table = node.type === "ArrayFeatureExtractor" ? initializer(graph, node.inputs[0] ?? "") : undefined;
    return table ? [table] : [];
  });
  const different = new Map(lists.filter((list) => list.length > 0).map((list) => [JSON.stringify(list), list]));
  return different.size === 1 ? [...different.values()][0] : undefined;
}

/** The texts or whole numbers of a constant, or undefined when there is none of this name. */
function initializer(graph: readonly ProtobufField[], name: string): string[] | undefined {
  for (const field of graph) {
    if (field.number !== Graph.initializer) continue;
    const parts = [...messageFields(field)];
    if (!parts.some((part) => part.number === Tensor.name && textOf(part) === name)) continue;
    const type = Number(parts.find((part) => part.number === Tensor.dataType)?.int);
    if (type === dataTypes.string) {
      return parts.filter((part) => part.number === Tensor.stringData).map(textOf);
    }
    if (type !== dataTypes.int64 && type !== dataTypes.int32) return undefined;
    const number = type === dataTypes.int64 ? Tensor.int64Data : Tensor.int32Data;
    return parts.filter((part) => part.number === number).flatMap((part) => protobufNumbers(part).map(String));
  }
  return undefined;
}
