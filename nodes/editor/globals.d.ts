// The part of the editor's API that our pages use. The published typings know no typed `this`, no validation
// sentences and no Node-RED 5.
import type { EditorNode } from "./dialog.js";
import type { Description } from "./option-rules.js";

type Property = {
  value: unknown;
  /** The type of config node it names. */
  type?: string;
  required?: boolean;
  /** True, or the sentence that says what is wrong; must have two parameters, else any sentence counts as true. */
  // biome-ignore lint/suspicious/noExplicitAny: the editor hands over whatever the setting holds
  validate?: (this: any, value: any, options?: unknown) => boolean | string;
  label?: string;
};

interface NodeDefinition<Node> {
  category: string;
  color?: string;
  defaults: Record<string, Property>;
  /** Settings that are secrets: kept apart from the flow. */
  credentials?: Record<string, { type: "text" | "password" }>;
  inputs?: number;
  outputs?: number;
  icon?: string;
  align?: "left" | "right";
  paletteLabel?: string | ((this: Node) => string);
  label?: string | ((this: Node) => string);
  labelStyle?: string | ((this: Node) => string);
  inputLabels?: string | ((this: Node, index: number) => string);
  outputLabels?: string | string[] | ((this: Node, index: number) => string);
  button?: {
    onclick(this: Node): void;
    enabled?(this: Node): boolean;
    visible?(this: Node): boolean;
    toggle?: string;
  };
  oneditprepare?(this: Node): void;
  oneditsave?(this: Node): void;
  oneditcancel?(this: Node): void;
  oneditdelete?(this: Node): void;
  oneditresize?(this: Node, size: { width: number; height: number }): void;
}

declare global {
  /** Every feature block and every filter, as they describe themselves: scripts/build.ts puts them in. */
  const EDGE_ML_BLOCKS: readonly Description[];
  const EDGE_ML_FILTERS: readonly Description[];
  /** Every learner, by its task. */
  const EDGE_ML_LEARNERS: Record<"anomaly" | "class" | "value", readonly Description[]>;
  /** Every detector. */
  const EDGE_ML_DETECTORS: readonly Description[];

  const RED: {
    nodes: {
      registerType<Settings = object>(type: string, definition: NodeDefinition<EditorNode & Settings>): void;
      node(id: string): (EditorNode & Record<string, unknown>) | null;
      dirty(): boolean;
      dirty(isDirty: boolean): void;
      filterLinks(filter: { target: object }): { source: EditorNode & Record<string, unknown> }[];
    };
    /** What undo takes back. */
    history: { push(event: object): void };
    editor: { validateNode(node: object): boolean };
    events: { emit(event: string, ...values: unknown[]): void };
    view: { redraw(all?: boolean): void };
    /** What the runtime publishes with RED.comms.publish. */
    comms: { subscribe(topic: string, callback: (topic: string, data: unknown) => void): void };
    notify(text: string, options?: string | { type?: string; timeout?: number }): void;
    settings: Record<string, unknown>;
  };
  interface JQuery {
    editableList(options: object): JQuery;
    editableList(method: "items"): JQuery<HTMLElement>;
    editableList(method: string, argument?: unknown): JQuery;
    typedInput(options: object): JQuery;
    typedInput(method: string, argument?: unknown): string;
  }
}
