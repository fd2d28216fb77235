import type { ModelDescription, PortDescription } from "../lib/model/description/description.js";

export type Text = (key: string, values?: Record<string, unknown>) => string;

/** What a model file is, as rows of a name and its text; what the file does not say has no row. */
export function rowsAbout(text: Text, about: ModelDescription): [name: string, value: string][] {
  const { format, irVersion, opsets, inputs, outputs, operators, labels, classes = 0, task, recipe, producer } = about;
  const sets = opsets.map(({ domain, version }) => `${domain} ${version}`).join(", ");
  const versions = [irVersion === undefined ? "" : `IR ${irVersion}`, sets].filter(Boolean).join(", ");
  const rows: [string, string | undefined][] = [
    ["format", [format, versions].filter(Boolean).join(", ")],
    ["task", task && text(`task.${task}`)],
    ["inputs", inputs.map(port).join("; ")],
    ["outputs", outputs.map(port).join("; ")],
    ["labels", labels && labels.join(", ") + (classes > labels.length ? ` … (${classes})` : "")],
    ["recipe", recipe],
    ["operators", operators.map(({ type, count }) => (count > 1 ? `${type} (${count} ×)` : type)).join(", ")],
    ["producer", producer],
    ["file", text("about.size", { size: size(about.size), sha256: about.sha256 })],
  ];
  return rows.flatMap(([key, value]) => (value ? [[text(`about.${key}`), value] as [string, string]] : []));
}

/** A tensor as people write it: x: float32 [N, 3]. */
function port({ name, type, shape }: PortDescription): string {
  const sizes = shape?.map((size, axis) => size ?? (axis === 0 ? "N" : "?")).join(", ");
  return `${name}: ${type}${sizes === undefined ? "" : ` [${sizes}]`}`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} kB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
