import { type EditorNode, fillMissing, keeps, numberRule, sentence, showRow, watch } from "../editor/dialog.js";
import { bounds, type ClipSettings, defaults } from "./config.js";

type ClipNode = EditorNode & ClipSettings & { name: string };
type Field = (name: string) => string;

/** Fields that matter only in some settings: what is hidden is never wrong. */
const MATTERS: Partial<Record<keyof typeof bounds, (field: Field) => boolean>> = {
  quiet: (field) => field("ends") === "silence",
  level: (field) => field("ends") === "silence",
  longest: (field) => field("ends") === "silence" || field("overlap") === "extend",
};

/** A number within its bounds; a field that a flow from before it lacks is at its default. */
function bounded(name: keyof typeof bounds) {
  const when = (node: Record<string, unknown>) =>
    node[name] !== undefined && (MATTERS[name]?.((field) => String(node[field])) ?? true);
  return numberRule(`edge-clip.wrong.${name}`, { ...bounds[name], when });
}

/** Nothing before and nothing after is no clip. */
function isNothing(field: Field): boolean {
  return field("ends") === "time" && Number(field("before")) === 0 && Number(field("after")) === 0;
}

RED.nodes.registerType<ClipSettings & { name: string }>("edge-clip", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    before: { value: defaults.before, validate: bounded("before") },
    after: {
      value: defaults.after,
      validate(this: ClipNode, value: unknown, options?: unknown) {
        const node = { ...this, after: value } as unknown as Record<string, unknown>;
        if (isNothing((name) => String(node[name]))) return this._("edge-clip.wrong.nothing");
        return bounded("after").call(this, value, options);
      },
    },
    ends: { value: defaults.ends },
    quiet: { value: defaults.quiet, validate: bounded("quiet") },
    level: { value: defaults.level, validate: bounded("level") },
    longest: { value: defaults.longest, validate: bounded("longest") },
    overlap: { value: defaults.overlap },
    format: { value: defaults.format },
    maxStreams: { value: defaults.maxStreams, validate: bounded("maxStreams") },
  },
  inputs: 1,
  outputs: 1,
  icon: "edge-clip.svg",
  paletteLabel() {
    return this._("edge-clip.paletteLabel");
  },
  label() {
    return this.name || this._("edge-clip.paletteLabel");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    const text = (key: string, values?: Record<string, unknown>) => this._(`edge-clip.${key}`, values);
    fillMissing(this, defaults);
    watch(this, Object.keys(defaults), (field) => {
      for (const name of ["quiet", "level", "longest"] as const) showRow(name, MATTERS[name]!(field));
      const wrong = wrongIn(field);
      if (wrong !== undefined) return sentence("#edge-clip-sentence", text(`wrong.${wrong[0]}`, wrong[1]), "wrong");
      const values = Object.fromEntries(Object.keys(defaults).map((name) => [name, field(name)]));
      const parts = [
        text(Number(field("before")) > 0 ? "sentence.before" : "sentence.noBefore", values),
        text(field("ends") === "silence" ? "sentence.silence" : "sentence.time", values),
        text(`sentence.${field("format")}`),
        text(`sentence.${field("overlap")}`, values),
      ];
      sentence("#edge-clip-sentence", parts.join(" "));
    });
  },
});

function wrongIn(field: Field): [string, Record<string, unknown>] | undefined {
  for (const name of Object.keys(bounds) as (keyof typeof bounds)[]) {
    if ((MATTERS[name]?.(field) ?? true) && !keeps(bounds[name], field(name))) return [name, { ...bounds[name] }];
  }
  return isNothing(field) ? ["nothing", {}] : undefined;
}
