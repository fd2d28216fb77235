import type { Node, NodeAPI } from "node-red";

/** Ids of the nodes that the deploy under way takes out. */
const removedIds = new WeakMap<object, ReadonlySet<string>>();

/** Notes what each deploy takes out, once for each Node-RED. */
function watch(RED: NodeAPI): void {
  if (removedIds.has(RED.events)) return;
  removedIds.set(RED.events, new Set());
  RED.events.on("flows:stopping", ({ diff }: { diff?: { removed?: string[] } } = {}) => {
    removedIds.set(RED.events, new Set(diff?.removed));
  });
}

/**
 * Tells, while a node closes, whether somebody deleted it. Node-RED's own flag says so too of a node that was disabled,
 * or whose tab was, and never of a node inside a subflow: these come back, or were deleted with their subflow's instance.
 * @returns (RED's flag) → deleted
 */
export function deletionOf(RED: NodeAPI, node: Node): (removed: boolean) => boolean {
  watch(RED);
  return (removed) => {
    if (!removed && !isPartOf(node.id, removedIds.get(RED.events) ?? new Set())) return false;
    const configured = new Set<string>();
    RED.nodes.eachNode(({ id }) => configured.add(id));
    return !isConfigured(node.id, configured);
  };
}

/** Nodes inside subflows are called `<instance>-<node>`; an instance may itself be inside one. */
function isPartOf(id: string, instances: ReadonlySet<string>): boolean {
  for (let at = id.indexOf("-"); at >= 0; at = id.indexOf("-", at + 1)) {
    if (instances.has(id.slice(0, at))) return true;
  }
  return instances.size > 0 && [...instances].some((each) => id.endsWith(`-${each}`));
}

function isConfigured(id: string, configured: ReadonlySet<string>): boolean {
  if (configured.has(id)) return true;
  for (let at = id.indexOf("-"); at >= 0; at = id.indexOf("-", at + 1)) {
    if (configured.has(id.slice(0, at)) && isConfigured(id.slice(at + 1), configured)) return true;
  }
  return false;
}
