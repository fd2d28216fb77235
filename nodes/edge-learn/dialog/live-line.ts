import { duration } from "../../editor/dialog.js";
import type { Text } from "../../editor/option-fields.js";
import type { LiveView } from "../view.js";

/** Says what the deployed node does, and lets those buttons be pressed that do something now. */
export function showLive(live: LiveView | undefined, text: Text): void {
  const training = live?.phase === "training";
  $("#edge-learn-train").prop("disabled", !live || training);
  $("#edge-learn-again").prop("disabled", !live || training);
  $("#edge-learn-stop").prop("disabled", !training);
  $("#edge-learn-live-says")
    .css("color", "")
    .text(live ? liveInWords(live, text) : text("live.undeployed"));
}

function liveInWords(live: LiveView, text: Text): string {
  const { phase, share, collected, counts, bad, label, dropped, abnormal, next, recording, problem } = live;
  const shown = (number: number) => number.toLocaleString("en-US");
  const classes = counts.map(({ label, count }) => `${label} ${shown(count)}`).join(" · ");
  const parts = [
    text(`live.${phase}`, { percent: Math.floor(100 * share) }),
    recording ? text("live.recording", { label: recording.label }) : "",
    phase === "training" || phase === "learned" ? "" : classes || text("live.collected", { count: shown(collected) }),
    abnormal > 0 ? text(abnormal === 1 ? "live.fault" : "live.faults", { count: shown(abnormal) }) : "",
    bad > 0 ? text("live.bad", { count: shown(bad) }) : "",
    label > 0 ? text("live.label", { count: shown(label) }) : "",
    dropped > 0 ? text("live.dropped", { count: shown(dropped) }) : "",
    next === null ? "" : text("live.next", { time: duration(Math.max(0, (next - Date.now()) / 1000)) }),
  ];
  return [parts.filter(Boolean).join(", "), problem ?? ""].filter(Boolean).join(". ");
}
