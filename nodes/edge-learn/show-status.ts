import type { NodeContext } from "../glue/index.js";
import type { Learning } from "../lib/learn/index.js";

/** Classes that a status has room for. */
const MAX_CLASSES = 4;

type Text = NodeContext["text"];

/** Says in a few words what the learning does, and what there is. */
export function showStatus({ status, text }: Pick<NodeContext, "status" | "text">, learning: Learning): void {
  const { phase, problem, skipped, version, share } = learning;
  if (phase === "idle") status.busy(join([text("status.idle"), classes(learning, text)]));
  else if (phase === "training") status.busy(text("status.training", { percent: Math.floor(share * 100) }));
  else if (phase === "learned") status.ok(text("status.learned", { version: version ?? "" }));
  else if (phase === "failed") status.error(join([text("status.failed"), recording(learning, text)]));
  else {
    const parts = [done(learning, text), ...leftOut(learning, text)];
    const line = join([recording(learning, text), version === undefined ? "" : `v${version}`, parts.join(", ")]);
    if (problem || skipped.bad > 0) status.warn(line);
    else status.busy(line);
  }
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}

/** How far it is, or how many frames of each class there are. */
function done(learning: Learning, text: Text): string {
  const { progress, version, next, collected, counts } = learning;
  if (counts.length > 0) return classes(learning, text);
  if ("timed" in progress) return text("status.next", { time: timeLeft((next ?? 0) - Date.now()) });
  const first = version === undefined;
  if ("left" in progress) {
    const time = timeLeft(progress.left);
    return text(first ? "status.learningLeft" : "status.left", { time });
  }
  const count = "of" in progress ? `${progress.frames}/${progress.of}` : String(collected);
  return first ? text("status.learning", { done: count }) : count;
}

/** "wave 40 · idle 38", or with what each must have: "wave 40/40 · idle 38/40". */
function classes({ counts, progress }: Learning, text: Text): string {
  const of = "each" in progress ? `/${progress.each}` : "";
  const shown = counts.slice(0, MAX_CLASSES).map(({ label, count }) => `${short(label)} ${count}${of}`);
  if (counts.length > MAX_CLASSES) shown.push(text("status.more", { count: counts.length - MAX_CLASSES }));
  return shown.join(" · ");
}

function leftOut({ task, skipped, dropped, counts, abnormal }: Learning, text: Text): string[] {
  const parts: string[] = [];
  const faults = abnormal.reduce((sum, { count }) => sum + count, 0);
  if (faults > 0) parts.push(text(faults === 1 ? "status.fault" : "status.faults", { count: faults }));
  if (skipped.bad > 0) parts.push(text("status.bad", { count: skipped.bad }));
  // Between two recordings all frames are without a label.
  if (skipped.label > 0 && counts.length === 0) parts.push(text(`status.label.${task}`, { count: skipped.label }));
  if (dropped > 0) parts.push(text("status.thinned", { count: dropped }));
  return parts;
}

function recording({ recording }: Learning, text: Text): string {
  if (!recording) return "";
  const { label, until, frames } = recording;
  if (frames !== undefined) return text("status.recordingFrames", { label: short(label), count: frames });
  if (until === undefined) return text("status.recording", { label: short(label) });
  return text("status.recordingTime", { label: short(label), time: timeLeft(until - Date.now()) });
}

function short(label: string): string {
  return label.length > 20 ? `${label.slice(0, 19)}…` : label;
}

function timeLeft(ms: number): string {
  const [size, unit] = (
    [
      [86_400_000, "d"],
      [3_600_000, "h"],
      [60_000, "min"],
    ] as const
  ).find(([each]) => ms >= 2 * each) ?? [1000, "s"];
  return `${Math.max(0, Math.ceil(ms / size))} ${unit}`;
}
