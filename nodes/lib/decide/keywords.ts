import { EdgeMlError } from "../errors/index.js";
import { type ClassResult, MAX_NAME_LENGTH } from "../frame/index.js";
import type { KeywordCondition } from "./settings.js";

/** What one result says of the keywords that are listened for. */
export interface Keywords {
  scores: readonly KeywordScore[];
  /** The model's thresholds are for the mean of so many scores, so many ms apart. */
  triggers?: { smoothing: number; hop: number };
  /** ms from one frame to the next, where the frame says it; 0 where frames begin at events: each stands alone. */
  hop?: number;
}

export interface KeywordScore {
  label: string;
  score: number;
  threshold: number;
}

/** State is kept for each of them. */
const MAX_KEYWORDS = 256;

/**
 * The scores of the labels that are listened for, each with the threshold that holds.
 * @param frame what the message says of the frame
 * @throws EdgeMlError EDGE_ML_PAYLOAD when a label is not in the result, or nothing says its threshold; EDGE_ML_TOO_LARGE
 */
export function keywordsOf(result: ClassResult, condition: KeywordCondition, frame: unknown): Keywords {
  const keywords: Keywords = { scores: scoresOf(result, condition) };
  if (result.triggers) keywords.triggers = result.triggers;
  const hop = hopOf(frame);
  if (hop !== undefined) keywords.hop = hop;
  return keywords;
}

function scoresOf({ scores }: ClassResult, { labels, thresholds, threshold: common }: KeywordCondition) {
  const wanted = labels.size > 0 ? labels : thresholds;
  const found: KeywordScore[] = [];
  let named = 0;
  for (const { label, score, threshold: own } of scores) {
    const isNamed = wanted.has(label);
    if (isNamed) named++;
    else if (labels.size > 0 || own === undefined) continue;
    const threshold = thresholds.get(label) ?? common ?? own;
    if (threshold === undefined) {
      throw wrong(`no threshold of "${shorten(label)}"`, "one from the model, or one in this node");
    }
    found.push({ label: shorten(label), score, threshold });
  }
  if (named < wanted.size) {
    const missing = [...wanted.keys()].find((label) => !scores.some((each) => each.label === label));
    const names = scores.slice(0, 8).map(({ label }) => shorten(label));
    if (missing !== undefined) throw wrong(names.join(", ") || "empty", `with the label "${shorten(missing)}"`);
  }
  if (found.length === 0) {
    throw wrong("no label with a threshold", "a model that says its thresholds, or words with thresholds in this node");
  }
  if (found.length > MAX_KEYWORDS) {
    const [got, expected] = [`${found.length} labels`, `${MAX_KEYWORDS} labels`];
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", { field: "msg.payload.scores", got, expected });
  }
  return found;
}

/** How far apart the windows are that the frames are of. What does not say it, or says nonsense, says nothing. */
function hopOf(frame: unknown): number | undefined {
  const window = (frame as { recipe?: { window?: Record<string, unknown> } } | undefined)?.recipe?.window;
  if (typeof window !== "object" || window === null) return undefined;
  const { by, hop, rate, trigger } = window;
  if (trigger !== undefined) return 0;
  const ms = by === "samples" ? (1000 * Number(hop)) / Number(rate) : Number(hop);
  return ms > 0 && Number.isFinite(ms) ? ms : undefined;
}

function shorten(label: string): string {
  return label.slice(0, MAX_NAME_LENGTH);
}

function wrong(got: string, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_PAYLOAD", { field: "msg.payload.scores", got, expected });
}
