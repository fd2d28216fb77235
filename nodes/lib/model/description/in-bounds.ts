import type { PortInfo } from "../onnx/index.js";
import type { ModelDescription, PortDescription } from "./description.js";

const MAX_PORTS = 50;
const MAX_OPERATORS = 20;
const MAX_LABELS = 100;
const MAX_NAME = 100;

export function ports(all: readonly PortInfo[]): PortDescription[] {
  return all.slice(0, MAX_PORTS).map(({ name, kind, type, shape }) => {
    const port = { name: name.slice(0, MAX_NAME), type: kind === "tensor" ? (type ?? "unknown") : kind };
    return shape ? { ...port, shape: shape.slice(0, 16) } : port;
  });
}

export function mostUsed(counts: ReadonlyMap<string, number>): ModelDescription["operators"] {
  return [...counts]
    .map(([type, count]) => ({ type: type.slice(0, MAX_NAME), count }))
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1))
    .slice(0, MAX_OPERATORS);
}

export function labelsInBounds(labels: readonly string[]): { labels: string[]; classes: number } {
  return { labels: labels.slice(0, MAX_LABELS).map((label) => label.slice(0, MAX_NAME)), classes: labels.length };
}
