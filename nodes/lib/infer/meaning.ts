import { EdgeMlError } from "../errors/index.js";
import type { Task } from "../frame/index.js";
import type { ClassifierInfo, Manifest, ModelInfo, PortInfo, Scale } from "../model/index.js";

/** What the outputs of a model stand for; a manifest says it, and for a model from elsewhere its file and the node do. */
export interface Meaning extends Partial<Pick<Manifest, "labels" | "threshold" | "triggers" | "input">> {
  task: Task;
  outputs: Manifest["outputs"];
  /** Of the probabilities, when the graph shows it. */
  scale?: Scale;
  /** The score is turned round: what is low in the model's own is strange (scikit-learn's IsolationForest). */
  lowIsStrange?: boolean;
}

/** What the node says of a model that does not say it itself. */
export interface MeaningSettings {
  /** What the outputs are; "auto": classes when the labels are known, else the tensors as they are. */
  task?: Task | "auto";
  /** The output that is meant, of several. */
  output?: string;
  /** Class names in the order of the probabilities, or names of the values. */
  labels?: readonly string[];
  /** A low score is the strange one. */
  lowIsStrange?: boolean;
}

/**
 * The meaning of a model: its manifest's; or, without one, what its file tells and the node adds. The names of classes in
 * the file stand, unless they are mere numbers.
 * @param name what the model is called in errors
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID when the node names an output that is not there, or no output fits
 */
export function meaningOf(
  name: string,
  manifest: Manifest | undefined,
  info: Pick<ModelInfo, "outputs">,
  classifier: ClassifierInfo,
  settings: MeaningSettings = {},
): Meaning {
  if (manifest) {
    const scale = classifier.scale.get(manifest.outputs.probabilities ?? "");
    return scale ? { ...manifest, scale } : manifest;
  }
  const own = settings.labels ?? [];
  const named = classifier.labels?.some((label) => !/^-?\d+$/.test(label));
  const labels = named || own.length === 0 ? classifier.labels : [...own];
  const task = settings.task ?? "auto";
  if (settings.output) checkOutput(name, settings.output, info.outputs);
  switch (task === "auto" ? (labels ? "class" : "tensors") : task) {
    case "class":
      return classes(name, info.outputs, labels, classifier, settings.output);
    case "value": {
      const values = settings.output || numeric(info.outputs)[0]?.name;
      if (!values) throw invalid(name, "none of its outputs holds numbers");
      return { task: "value", outputs: { values }, ...(own.length > 0 ? { labels: [...own] } : {}) };
    }
    case "anomaly": {
      const score = settings.output || pick(numeric(info.outputs), /score|error|distance|anomal/i)?.name;
      if (!score) throw invalid(name, "none of its outputs holds numbers");
      return { task: "anomaly", outputs: { score }, lowIsStrange: settings.lowIsStrange === true };
    }
    default:
      return { task: "tensors", outputs: {} };
  }
}

function classes(
  name: string,
  outputs: readonly PortInfo[],
  labels: string[] | undefined,
  { scale }: ClassifierInfo,
  output: string | undefined,
): Meaning {
  const chosen = outputs.find((each) => each.name === output);
  const probabilities = output ? (chosen && isFloat(chosen) ? chosen : undefined) : probabilitiesAmong(outputs);
  if (probabilities && labels) {
    const found = scale.get(probabilities.name);
    return {
      task: "class",
      labels,
      outputs: { probabilities: probabilities.name },
      ...(found ? { scale: found } : {}),
    };
  }
  const label = output || outputs.find((each) => each.type !== undefined && !isFloat(each))?.name;
  if (label && !probabilities) return { task: "class", outputs: { label }, ...(labels ? { labels } : {}) };
  if (!probabilities) throw invalid(name, "none of its outputs holds classes");
  // Without names the classes are counted, when the file says how many there are.
  const count = probabilities.shape?.at(-1);
  if (!count) throw invalid(name, "it does not name its classes; write their labels into the node");
  return classes(
    name,
    outputs,
    Array.from({ length: Math.max(2, count) }, (_, i) => String(i)),
    { labels, scale },
    output,
  );
}

function probabilitiesAmong(outputs: readonly PortInfo[]): PortInfo | undefined {
  return pick(outputs.filter(isFloat), /prob|score|logit|softmax/i);
}

function numeric(outputs: readonly PortInfo[]): PortInfo[] {
  const floats = outputs.filter(isFloat);
  return floats.length > 0 ? floats : outputs.filter(({ type }) => type !== "string");
}

/** The one whose name says so; else the first. */
function pick(outputs: readonly PortInfo[], name: RegExp): PortInfo | undefined {
  return outputs.find((output) => name.test(output.name)) ?? outputs[0];
}

function isFloat({ type }: PortInfo): boolean {
  return type === "float32" || type === "float64" || type === "float16" || type === "bfloat16";
}

function checkOutput(name: string, output: string, outputs: readonly PortInfo[]): void {
  if (outputs.some((each) => each.name === output)) return;
  throw invalid(name, `it has no output "${output}"; it has ${outputs.map((each) => each.name).join(", ")}`);
}

function invalid(name: string, reason: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason });
}
