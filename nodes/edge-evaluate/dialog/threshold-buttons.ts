import { bestThresholds } from "../../lib/evaluate/best-threshold.js";
import type { AnomalyPicture, unpackMoments } from "../picture.js";
import { thresholdNodes, titleOf, useThreshold } from "./upstream.js";
import type { Text } from "./words.js";

/** Buttons that move the threshold to where something is best, and back to the one in use. */
export function offerBest(
  panel: JQuery,
  { rules, falseAlarmsPerDay, threshold }: AnomalyPicture,
  moments: ReturnType<typeof unpackMoments>,
  set: (value: number) => void,
  text: Text,
): void {
  const place = panel.find(".edge-best");
  const button = (goal: string, label: string, value: number) =>
    $('<button type="button" class="red-ui-button red-ui-button-small">')
      .attr({ "data-goal": goal, title: String(value) })
      .text(label)
      .on("click", () => set(value))
      .appendTo(place);
  if (threshold !== undefined) button("inUse", text("picture.goal.inUse"), threshold);
  for (const { goal, threshold: value } of bestThresholds(moments, falseAlarmsPerDay, rules)) {
    button(goal, text(`picture.goal.${goal}`, { wished: falseAlarmsPerDay }), value);
  }
}

/** Writes the threshold into the node that made the scores, and copies it. */
export function offerUse(panel: JQuery, id: string, current: () => number, text: Text): void {
  const place = panel.find(".edge-use");
  const nodes = thresholdNodes(id);
  const choice = $("<select>").attr("aria-label", text("picture.useIn"));
  for (const node of nodes) choice.append($("<option>").val(node.id).text(titleOf(node)));
  const said = panel.find(".edge-said");
  const button = (key: string, icon: string, act: () => void) =>
    $('<button type="button" class="red-ui-button">')
      .append($("<i>").addClass(`fa ${icon}`), " ", $("<span>").text(text(`picture.${key}`)))
      .addClass(`edge-do-${key}`)
      .on("click", act);
  const use = button("use", "fa-level-up", () => {
    const node = nodes.find((each) => each.id === choice.val()) ?? nodes[0];
    if (!node) return;
    useThreshold(node, current());
    said.text(text("picture.used", { node: titleOf(node), threshold: current() }));
  });
  const copy = button("copy", "fa-clipboard", () => {
    panel.find<HTMLInputElement>(".edge-threshold").trigger("select");
    document.execCommand("copy");
    said.text(text("picture.copied", { threshold: current() }));
  });
  if (nodes.length > 0) place.append(use);
  if (nodes.length > 1) place.append(choice);
  place.append(copy);
  if (nodes.length === 0) said.text(text("picture.noNode"));
  if (nodes.length === 1) use.attr("title", text("picture.useTitle", { node: titleOf(nodes[0]!) }));
}
