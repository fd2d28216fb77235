import { EdgeMlError } from "../errors/index.js";
import type { ClassScore, Result } from "../frame/index.js";
import { type Softmax, toProbabilities } from "./class-scores.js";
import { contributionsOf } from "./contributions.js";
import type { Meaning } from "./meaning.js";
import type { OutputTensor } from "./runner.js";

/** How the outputs of a model become a result. */
export interface InterpreterSettings {
  /** Instead of the threshold that the model brings. */
  threshold?: number;
  /** A class below this confidence is "uncertain"; 0..1. */
  uncertainBelow?: number;
  /** The same for single classes, where it differs. */
  classThresholds?: readonly { label: string; threshold: number }[];
  /** "auto" when left out. */
  softmax?: Softmax;
  /**
   * How many classes a result names, the most probable first; all, in their order, when 0 or left out. Those that the
   * model has a trigger for are always among them: what smooths their scores needs every one.
   */
  top?: number;
  /** How many channels an anomaly result names at most. */
  contributions?: number;
}

/** The contract allows five channels in a result: more than a person reads. */
export const MAX_CONTRIBUTIONS = 5;

export const UNCERTAIN = "uncertain";

export interface Interpreter {
  /** The outputs it wants, in this order; undefined for all that there are. */
  readonly outputs: readonly string[] | undefined;
  /**
   * The result of one frame of a batch.
   * @param row of the frame in the batch
   * @param rows frames in the batch
   * @throws EdgeMlError EDGE_ML_MODEL_RUN when an output is no finite number, or not of the declared shape
   */
  result(outputs: readonly OutputTensor[], row: number, rows: number): Result;
}

/**
 * @param name what the model is called in errors
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID when the meaning lacks what its task needs
 */
export function interpreter(name: string, meaning: Meaning, settings: InterpreterSettings = {}): Interpreter {
  switch (meaning.task) {
    case "anomaly":
      return anomaly(name, meaning, settings);
    case "class":
      return classes(name, meaning, settings);
    case "value":
      return values(name, meaning);
    default:
      return tensors(name);
  }
}

function anomaly(name: string, meaning: Meaning, settings: InterpreterSettings): Interpreter {
  const { score, contributions } = meaning.outputs;
  const threshold = settings.threshold ?? meaning.threshold?.value;
  const sign = meaning.lowIsStrange ? -1 : 1;
  if (score === undefined) throw invalid(name, "its manifest does not say which output is the score");
  if (threshold === undefined) throw invalid(name, "it has no threshold; set one in the node");
  const top = Math.min(settings.contributions ?? MAX_CONTRIBUTIONS, MAX_CONTRIBUTIONS);
  const { input } = meaning;
  const explain = contributions !== undefined && input && top > 0 ? contributionsOf(input, top) : undefined;
  const features = input?.names.length ?? 0;
  return {
    outputs: explain ? [score, contributions!] : [score],
    result(outputs, row, rows) {
      const value = sign * numbers(name, outputs[0], rows, 1)[row]!;
      if (!Number.isFinite(value)) throw failed(name, `its score is ${value}`);
      const result: Result = { kind: "anomaly", score: value, threshold, anomalous: value > threshold };
      if (explain) {
        const named = explain(numbers(name, outputs[1], rows, features), row * features);
        if (named.length > 0) result.contributions = named;
      }
      return result;
    },
  };
}

function classes(name: string, meaning: Meaning, settings: InterpreterSettings): Interpreter {
  const { outputs, labels = [], scale } = meaning;
  const { probabilities, label } = outputs;
  if (probabilities === undefined) {
    if (label === undefined) throw invalid(name, "its manifest names neither probabilities nor a label");
    return onlyLabel(name, label, labels);
  }
  if (labels.length < 2) throw invalid(name, `its manifest has ${labels.length} labels, and a classifier needs two`);
  const { softmax = "auto", uncertainBelow = 0, top = 0 } = settings;
  const thresholds = new Map(settings.classThresholds?.map(({ label, threshold }) => [label, threshold]));
  const triggers = triggersOf(name, meaning);
  return {
    outputs: [probabilities],
    result(outputs, row, rows) {
      const tensor = outputs[0];
      // One number for two classes is the probability of the second: a network that ends in a sigmoid.
      const single = labels.length === 2 && tensor?.data.length === rows;
      const each = single ? 1 : labels.length;
      const data = numbers(name, tensor, rows, each);
      let own = Array.from({ length: each }, (_, i) => data[row * each + i]!);
      const wrong = own.findIndex((number) => !Number.isFinite(number));
      if (wrong >= 0) {
        throw failed(name, `its probability of "${labels[single ? 1 : wrong]}" is ${own[wrong]}`);
      }
      toProbabilities(own, softmax, scale);
      if (single) own = [1 - own[0]!, own[0]!];
      const scores = labels.map((label, i): ClassScore => {
        const threshold = triggers?.thresholds[i];
        return threshold === undefined ? { label, score: own[i]! } : { label, score: own[i]!, threshold };
      });
      let best = scores[0]!;
      for (const each of scores) if (each.score > best.score) best = each;
      return {
        kind: "class",
        label: best.score < (thresholds.get(best.label) ?? uncertainBelow) ? UNCERTAIN : best.label,
        confidence: best.score,
        scores: top > 0 ? topOf(scores, top) : scores,
        ...triggers?.ofEachResult,
      };
    },
  };
}

function topOf(scores: ClassScore[], top: number): ClassScore[] {
  return scores
    .sort((a, b) => b.score - a.score)
    .filter(({ threshold }, place) => place < top || threshold !== undefined);
}

/** What the results of a model of events carry: worked out once, since there may be twenty of them a second. */
function triggersOf(name: string, { labels = [], triggers }: Meaning) {
  if (triggers === undefined) return undefined;
  const own = new Map(triggers.labels.map(({ label, threshold }) => [label, threshold]));
  for (const label of own.keys()) {
    if (!labels.includes(label)) throw invalid(name, `it has a trigger for "${label}", which is none of its labels`);
  }
  const { smoothing, hop } = triggers;
  return {
    thresholds: labels.map((label) => own.get(label)),
    ofEachResult: { triggers: Object.freeze({ smoothing, hop }) },
  };
}

/** A classifier that says only which class: it is taken at its word. A number is the place in the labels, when known. */
function onlyLabel(name: string, output: string, labels: readonly string[]): Interpreter {
  return {
    outputs: [output],
    result(outputs, row, rows) {
      const tensor = outputs[0];
      const value = sized(name, tensor, rows, 1)[row]!;
      if (typeof value === "number" && !Number.isInteger(value)) throw failed(name, `its label is ${value}`);
      const label = typeof value === "string" ? value : (labels[value] ?? String(value));
      return { kind: "class", label, confidence: 1, scores: [{ label, score: 1 }] };
    },
  };
}

function values(name: string, { outputs, labels = [] }: Meaning): Interpreter {
  const output = outputs.values;
  if (output === undefined) throw invalid(name, "its manifest does not say which output holds the values");
  return {
    outputs: [output],
    result(outputs, row, rows) {
      const count = (outputs[0]?.data.length ?? 0) / rows;
      const data = numbers(name, outputs[0], rows, labels.length > 0 ? labels.length : Math.max(1, Math.floor(count)));
      return {
        kind: "value",
        values: Array.from({ length: count }, (_, i) => {
          const value = data[row * count + i]!;
          const title = labels[i] ?? (count === 1 ? output : `${output} [${i}]`);
          if (!Number.isFinite(value)) throw failed(name, `its value "${title}" is ${value}`);
          return { name: title, value };
        }),
      };
    },
  };
}

/** A model from elsewhere: its outputs as they are. */
function tensors(name: string): Interpreter {
  return {
    outputs: undefined,
    result(outputs, row, rows) {
      return {
        kind: "tensors",
        tensors: outputs.map((output) => {
          const { shape, data } = output;
          if (rows > 1 && shape[0] !== rows) throw failed(name, `its output "${output.name}" has no batch dimension`);
          const length = data.length / rows;
          const part = Array.from<number | string>(
            data.slice(row * length, (row + 1) * length) as ArrayLike<number | string>,
          );
          for (const value of part) {
            if (typeof value === "number" && !Number.isFinite(value)) {
              throw failed(name, `its output "${output.name}" holds ${value}`);
            }
          }
          return { name: output.name, shape: rows > 1 ? [1, ...shape.slice(1)] : [...shape], data: part };
        }),
      };
    },
  };
}

/** The numbers of an output that must have `each` of them per frame. */
function numbers(name: string, output: OutputTensor | undefined, rows: number, each: number): ArrayLike<number> {
  const data = sized(name, output, rows, each);
  if (!ArrayBuffer.isView(data)) throw failed(name, `its output "${output!.name}" is text`);
  return data as ArrayLike<number>;
}

function sized(name: string, output: OutputTensor | undefined, rows: number, each: number): OutputTensor["data"] {
  if (output?.data.length === rows * each) return output.data;
  const got = output ? `has the shape ${output.shape.join(" × ")}` : "is missing";
  throw failed(name, `its output "${output?.name ?? "?"}" ${got}, but ${rows} × ${each} was expected`);
}

function invalid(name: string, reason: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason });
}

function failed(name: string, reason: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_RUN", { name, reason });
}
