/** What the dialogs of all nodes share. */

/** The part of the editor's node object that our dialogs use. */
export interface EditorNode {
  id: string;
  /** A text of the node's catalog. */
  _(key: string, values?: Record<string, unknown>): string;
}

/** Whether a field's value is a finite number, as text or as a number; an empty field is not. */
export function isNumber(value: unknown): boolean {
  return value !== null && value !== undefined && String(value).trim() !== "" && Number.isFinite(Number(value));
}

export interface NumberRule {
  min?: number;
  max?: number;
  integer?: boolean;
  /** An empty field is fine. */
  optional?: boolean;
  /** The rule holds only while this does: a hidden field is never wrong. */
  when?: (node: Record<string, unknown>) => boolean;
}

/** Whether a value keeps a rule. */
export function keeps(rule: NumberRule, value: unknown): boolean {
  if (rule.optional && (value === undefined || value === null || String(value).trim() === "")) return true;
  if (!isNumber(value)) return false;
  const number = Number(value);
  if (rule.integer && !Number.isInteger(number)) return false;
  return !(rule.min !== undefined && number < rule.min) && !(rule.max !== undefined && number > rule.max);
}

/**
 * A validator for a node's defaults: true, or the sentence under `key` of the catalog.
 * The sentence gets `__min__` and `__max__`.
 */
export function numberRule(key: string, rule: NumberRule) {
  // Node-RED takes a sentence only from a validator of two parameters; of others any text counts as "valid".
  return function (this: EditorNode, value: unknown, _options?: unknown): true | string {
    if (rule.when && !rule.when(this as unknown as Record<string, unknown>)) return true;
    return keeps(rule, value) ? true : this._(key, { min: rule.min, max: rule.max });
  };
}

/** Shows the line that says in words what the node will do, or what is wrong. */
export function sentence(selector: string, text: string, kind: "plan" | "wrong" = "plan"): void {
  $(selector)
    .text(text)
    .css({
      // As wide as the dialog, and never a reason for a wider one: the editor fits a dialog to its contents.
      width: "0",
      "min-width": "100%",
      "box-sizing": "border-box",
      padding: "6px 10px",
      "border-left": `3px solid ${kind === "wrong" ? "#c02020" : "#5a9b8f"}`,
      background: "var(--red-ui-secondary-background)",
      color: kind === "wrong" ? "var(--red-ui-text-color-error, #c02020)" : "var(--red-ui-primary-text-color)",
    })
    .attr("data-kind", kind);
}

/** Fills the fields of settings that a flow from before them lacks. */
export function fillMissing(node: EditorNode, defaults: object): void {
  for (const [name, value] of Object.entries(defaults)) {
    if ((node as unknown as Record<string, unknown>)[name] !== undefined) continue;
    if (typeof value === "boolean") $(`#node-input-${name}`).prop("checked", value);
    else $(`#node-input-${name}`).val(String(value));
  }
}

/**
 * Calls `change` now and whenever a field of the dialog changes; it gets a field's text by the setting's name.
 * Marks the fields of `node` that are wrong, given what else stands in the dialog.
 * @param lists settings that are no single field (an editable list), as they stand in the dialog
 * @returns to be called when one of those changes
 */
export function watch(
  node: EditorNode,
  names: readonly string[],
  change: (value: (name: string) => string) => void,
  lists: () => Record<string, unknown> = () => ({}),
): () => void {
  const value = (name: string): string => {
    const field = $(`#node-input-${name}`);
    return field.is(":checkbox") ? String(field.prop("checked")) : String(field.val() ?? "");
  };
  const update = () => change(value);
  for (const name of names) {
    $(`#node-input-${name}`)
      .on("input change", update)
      // Node-RED marks fields at these events, after us, by what is stored; so we come once more.
      .on("input change keyup paste", () => setTimeout(() => mark(node, lists())));
  }
  update();
  return () => {
    update();
    mark(node, lists());
  };
}

type Validate = (this: object, value: unknown, options: object) => unknown;

/** Node-RED asks validators about the stored node, so that a choice just made in the dialog does not count: this does. */
function mark(node: EditorNode, lists: Record<string, unknown>): void {
  const { defaults } = (node as unknown as { _def: { defaults: Record<string, { validate?: Validate }> } })._def;
  // A copy: what is set on the node, or on an object that inherits from it, would be saved.
  const shown: Record<string, unknown> = { ...node, ...lists };
  const fields = Object.entries(defaults).map(([name, { validate }]) => ({
    name,
    validate,
    field: $(`#node-input-${name}`),
  }));
  for (const { name, field } of fields) {
    if (field.length > 0) shown[name] = field.is(":checkbox") ? field.prop("checked") : field.val();
  }
  for (const { name, validate, field } of fields) {
    if (validate && field.length > 0) field.toggleClass("input-error", validate.call(shown, shown[name], {}) !== true);
  }
}

/** Shows the row of a setting only while it matters. */
export function showRow(name: string, shown: boolean): void {
  $(`#node-input-${name}`).closest(".form-row").toggle(shown);
}

/** A duration in words: 90 s → "1.5 min". */
export function duration(seconds: number): string {
  const units: [number, string][] = [
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  for (const [size, unit] of units) {
    if (seconds >= size) return `${trim(seconds / size)} ${unit}`;
  }
  return `${trim(seconds * 1000)} ms`;
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}
