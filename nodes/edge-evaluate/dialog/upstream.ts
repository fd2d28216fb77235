import type { EditorNode } from "../../editor/dialog.js";

/** A node in front of this one that scores, and whose threshold can be set. */
export type ThresholdNode = EditorNode & Record<string, unknown> & { type: string; changed?: boolean };

/** Nodes that score. Not each has a threshold to be set: an edge-detect goes by the false alarms that are wished. */
const TYPES = ["edge-infer", "edge-detect"];
/** So far a flow is followed. */
const MAX_STEPS = 200;

/** The nodes that made the scores, nearest first: the wires are followed backwards, over links and whatever lies between. */
export function thresholdNodes(id: string): ThresholdNode[] {
  const found: ThresholdNode[] = [];
  const seen = new Set([id]);
  let waiting = [id];
  for (let steps = 0; waiting.length > 0 && steps < MAX_STEPS; steps++) {
    const next: string[] = [];
    for (const source of waiting.flatMap(sourcesOf)) {
      if (seen.has(source.id)) continue;
      seen.add(source.id);
      if (!TYPES.includes(source.type)) next.push(source.id);
      else if ("threshold" in defaultsOf(source)) found.push(source);
    }
    waiting = next;
  }
  return found;
}

function sourcesOf(id: string): ThresholdNode[] {
  const node = RED.nodes.node(id);
  if (!node) return [];
  const wired = RED.nodes.filterLinks({ target: node }).map(({ source }) => source as ThresholdNode);
  const linked = node.type === "link in" && Array.isArray(node.links) ? node.links : [];
  return [...wired, ...linked.flatMap((link) => (RED.nodes.node(String(link)) ?? []) as ThresholdNode | [])];
}

function defaultsOf(node: ThresholdNode): Record<string, unknown> {
  return (node as unknown as { _def: { defaults: Record<string, unknown> } })._def.defaults;
}

/** Sets a node's threshold in the editor as if its dialog had been closed with Done: undo takes it back, deploy sends it. */
export function useThreshold(node: ThresholdNode, threshold: number): void {
  const settings: Record<string, unknown> = { threshold: String(threshold) };
  if ("thresholdFrom" in defaultsOf(node)) settings.thresholdFrom = "own";
  const changes = Object.fromEntries(Object.keys(settings).map((name) => [name, node[name]]));
  RED.history.push({ t: "edit", node, changes, dirty: RED.nodes.dirty(), changed: node.changed === true });
  Object.assign(node, settings, { changed: true, dirty: true });
  RED.editor.validateNode(node);
  RED.events.emit("nodes:change", node);
  RED.nodes.dirty(true);
  RED.view.redraw(true);
}

/** What a person calls the node. */
export function titleOf(node: ThresholdNode): string {
  const name = String(node.name ?? "");
  return name === "" ? node.type : `${node.type} "${name}"`;
}
