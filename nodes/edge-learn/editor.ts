import {
  duration,
  type EditorNode,
  fillMissing,
  keeps,
  numberRule,
  sentence,
  showRow,
  watch,
} from "../editor/dialog.js";
import { optionFields, optionProblem, type Text } from "../editor/option-fields.js";
import type { Description, Row } from "../editor/option-rules.js";
import {
  AUTO,
  defaults,
  FIRST_METHOD,
  type LearnSettings,
  type NumberName,
  optionsOf,
  RANGES,
  type Task,
  UNITS,
} from "./config.js";
import { type ResultView, resultView, type Table } from "./result-view.js";
import type { LearningView, LiveView } from "./view.js";

/** With what flows from before there were options say of PCA and k-means. */
type Settings = LearnSettings & { name: string; variance?: unknown; clusters?: unknown };
type Values = Record<string, unknown>;
type Value = (name: string) => string;

/** Which numbers matter, given the others. */
const MATTERS: Partial<Record<NumberName, (node: Values) => boolean>> = {
  frames: (node) => node.amount === "frames",
  duration: (node) => node.amount === "duration",
  each: (node) => node.amount === "each",
  falseAlarms: (node) => taskOf(node) === "anomaly",
  ahead: needsFeature,
  every: (node) => node.after === "every",
};

const NUMBERS = Object.keys(RANGES) as NumberName[];

const FIELDS = Object.keys(defaults).filter((name) => name !== "options");

function taskOf({ task }: Values): Task {
  return task === "class" || task === "value" ? task : "anomaly";
}

function needsFeature(node: Values): boolean {
  return taskOf(node) === "value" && node.valueFrom === "feature";
}

function rule(field: NumberName) {
  const when = MATTERS[field];
  const check = numberRule(`edge-learn.wrong.${field}`, { ...RANGES[field], ...(when ? { when } : {}) });
  // A flow from before there was this setting has its default.
  return function (this: EditorNode, value: unknown, _options: unknown) {
    return value === undefined || check.call(this, value);
  };
}

function learnerOf(task: Task, method: unknown): Description | undefined {
  return EDGE_ML_LEARNERS[task].find(({ id }) => id === method);
}

/** What is wrong with the method and its options, or undefined. */
function methodProblem(node: Values, options: Row, text: Text): string | undefined {
  const { method = defaults.method } = node;
  if (method === AUTO) return undefined;
  const task = taskOf(node);
  const learner = learnerOf(task, method);
  if (!learner) return text("wrong.method", { method });
  return optionProblem(learner, options, text, `learner.${task}.${learner.id}`);
}

/** What is wrong with the texts, as a key of the catalog, or undefined. */
function textProblem(node: Values): "labels" | "feature" | undefined {
  if (taskOf(node) === "anomaly" && node.unlabelled !== true && !namesLabel(node.labels)) return "labels";
  if (needsFeature(node) && String(node.feature ?? "").trim() === "") return "feature";
  return undefined;
}

function textRule(field: "labels" | "feature") {
  return function (this: EditorNode & Values, value: unknown, _options: unknown) {
    const problem = value === undefined ? undefined : textProblem({ ...this, [field]: value });
    return problem === field ? this._(`edge-learn.wrong.${field}`) : true;
  };
}

/** Whether a list, separated by commas, names a label. */
function namesLabel(list: unknown): boolean {
  return (
    String(list ?? "")
      .replaceAll(",", "")
      .trim() !== ""
  );
}

function textsOf(node: EditorNode): Text {
  return (key, values) => node._(`edge-learn.${key}`, values);
}

RED.nodes.registerType<Settings>("edge-learn", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    model: { value: "", type: "edge-model", required: true },
    task: { value: defaults.task },
    method: { value: defaults.method },
    options: {
      value: defaults.options,
      validate(this: EditorNode & Values, _value: unknown, _options: unknown) {
        return methodProblem(this, optionsOf(this as Values), textsOf(this)) ?? true;
      },
    },
    amount: { value: defaults.amount },
    frames: { value: defaults.frames, validate: rule("frames") },
    duration: { value: defaults.duration, validate: rule("duration") },
    durationUnit: { value: defaults.durationUnit },
    each: { value: defaults.each, validate: rule("each") },
    holdOut: { value: defaults.holdOut, validate: rule("holdOut") },
    holdOutBy: { value: defaults.holdOutBy },
    folds: { value: defaults.folds, validate: rule("folds") },
    falseAlarms: { value: defaults.falseAlarms, validate: rule("falseAlarms") },
    labels: { value: defaults.labels, validate: textRule("labels") },
    unlabelled: { value: defaults.unlabelled },
    classes: { value: defaults.classes },
    valueFrom: { value: defaults.valueFrom },
    feature: { value: defaults.feature, validate: textRule("feature") },
    ahead: { value: defaults.ahead, validate: rule("ahead") },
    limitTime: { value: defaults.limitTime, validate: rule("limitTime") },
    limitMemory: { value: defaults.limitMemory, validate: rule("limitMemory") },
    start: { value: defaults.start },
    after: { value: defaults.after },
    every: { value: defaults.every, validate: rule("every") },
    everyUnit: { value: defaults.everyUnit },
    // What flows from before there were options say of PCA and k-means: the editor would drop it otherwise.
    variance: { value: undefined },
    clusters: { value: undefined },
  },
  inputs: 1,
  outputs: 1,
  icon: "edge-learn.svg",
  paletteLabel() {
    return this._("edge-learn.paletteLabel");
  },
  label() {
    return this.name || this._("edge-learn.paletteLabel");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  inputLabels() {
    return this._("edge-learn.input");
  },
  outputLabels() {
    return this._("edge-learn.output");
  },
  oneditprepare() {
    fillMissing(this, defaults);
    openSection(this);
    // There are many rows, and the dialog is to fit a small screen.
    $("#edge-learn-testing").siblings(".form-row").css("margin-bottom", 8);
    const text = textsOf(this);
    const choice = methodChoice(this, text, () => update());
    let update: () => void = () => undefined;
    update = watch(
      this,
      FIELDS,
      (value) => {
        choice.show(value);
        showFields(value);
        const { line, kind } = saying(this, value, choice.options(), text);
        sentence("#edge-learn-sentence", line, kind);
      },
      () => ({ options: choice.options() }),
    );
    followLearning(this, text);
  },
  oneditsave() {
    // A hidden field must not keep the node from running.
    const value = fieldValue;
    for (const name of NUMBERS) {
      if (!keeps(RANGES[name], value(name)) && !(MATTERS[name]?.(valuesOf(value)) ?? true)) {
        $(`#node-input-${name}`).val(String(defaults[name]));
      }
    }
    this.options = ($("#edge-learn-options").data("read") as (() => Row) | undefined)?.() ?? {};
    this.variance = undefined;
    this.clusters = undefined;
  },
});

/** A section is open when something in it is set. */
function openSection(node: LearnSettings): void {
  const names = ["holdOut", "holdOutBy", "folds", "limitTime", "limitMemory"] as const;
  const isSet = names.some((name) => String(node[name] ?? defaults[name]) !== String(defaults[name]));
  $("#edge-learn-testing").prop("open", isSet);
}

function fieldValue(name: string): string {
  const field = $(`#node-input-${name}`);
  return field.is(":checkbox") ? String(field.prop("checked")) : String(field.val() ?? "");
}

function valuesOf(value: Value): Values {
  return {
    ...Object.fromEntries(FIELDS.map((name) => [name, value(name)])),
    unlabelled: value("unlabelled") === "true",
  };
}

// ── Method ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The method of the task, and the options of the method. */
function methodChoice(
  node: LearnSettings,
  text: Text,
  change: () => void,
): { show(value: Value): void; options(): Row } {
  const select = $("#node-input-method");
  const container = $("#edge-learn-options");
  /** What was chosen and typed: going back to a task or a method brings it back. */
  const methods = new Map<string, string>();
  const typed = new Map<string, Row>();
  let task: Task | undefined;
  let method: string | undefined;
  let read: () => Row = () => ({});
  const key = () => `${task}.${method}`;

  const showTask = (next: Task) => {
    const chosen = task === undefined ? String(node.method ?? defaults.method) : methods.get(next);
    task = next;
    const options = [{ id: AUTO, title: text("auto.title") }].concat(
      EDGE_ML_LEARNERS[task].map(({ id }) => ({ id, title: text(`learner.${task}.${id}.title`) })),
    );
    const wanted = chosen ?? FIRST_METHOD[task];
    // From another version of this package, perhaps: it is kept until something else is chosen.
    if (!options.some(({ id }) => id === wanted)) options.push({ id: wanted, title: wanted });
    select.empty().append(options.map(({ id, title }) => $("<option>").val(id).text(title)));
    select.val(wanted);
  };

  const showMethod = (next: string) => {
    method = next;
    methods.set(task!, next);
    const learner = learnerOf(task!, next);
    const about = next === AUTO ? text("auto.about") : learner ? text(`learner.${task}.${next}.about`) : "";
    $("#edge-learn-about").text(about);
    container.empty();
    const values = typed.get(key()) ?? {};
    read = learner
      ? optionFields(container, learner, values, text, `learner.${task}.${next}`, change)
      : () => (next === AUTO ? {} : values);
    container.toggle(learner !== undefined && Object.keys(learner.options).length > 0);
  };

  const first = taskOf(node as unknown as Values);
  typed.set(`${first}.${node.method ?? defaults.method}`, optionsOf(node));
  container.data("read", () => read());
  return {
    show(value) {
      const next = taskOf({ task: value("task") });
      const other = next !== task;
      if (task !== undefined && (other || value("method") !== method)) typed.set(key(), read());
      if (other) showTask(next);
      const chosen = String(select.val());
      if (other || chosen !== method) showMethod(chosen);
    },
    options: () => read(),
  };
}

function showFields(value: Value): void {
  const values = valuesOf(value);
  const task = taskOf(values);
  for (const name of ["labels", "falseAlarms"]) showRow(name, task === "anomaly");
  showRow("classes", task === "class");
  showRow("valueFrom", task === "value");
  for (const [id, name] of [
    ["frames", "frames"],
    ["duration", "duration"],
    ["each", "each"],
    ["every", "every"],
    ["feature", "ahead"],
  ] as const) {
    $(`#edge-learn-${id}`).toggle(MATTERS[name]!(values));
  }
  const each = $("#node-input-amount option[value=each]");
  each.prop("disabled", task !== "class").toggle(task === "class");
  if (task !== "class" && value("amount") === "each") $("#node-input-amount").val("frames").trigger("change");
}

// ── What it says ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** What the node will do, in words, or what is wrong. */
function saying(node: object, value: Value, options: Row, text: Text): { line: string; kind: "plan" | "wrong" } {
  const values = valuesOf(value);
  const wrong = (line: string) => ({ line, kind: "wrong" as const });
  const model = value("model");
  const number = NUMBERS.find((name) => (MATTERS[name]?.(values) ?? true) && !keeps(RANGES[name], value(name)));
  if (number !== undefined) {
    const { min, max } = RANGES[number] as { min: number; max?: number };
    return wrong(text(`wrong.${number}`, { min, max }));
  }
  const method = methodProblem(values, options, text);
  if (method !== undefined) return wrong(method);
  if (model === "" || model === "_ADD_") return wrong(text("wrong.model"));
  const problem = textProblem(values);
  if (problem !== undefined) return wrong(text(`wrong.${problem}`));
  const parts = [
    what(node, value, text),
    value("method") === AUTO ? text("plan.auto", { time: duration(Number(value("limitTime")) * 60) }) : "",
    Number(value("folds")) > 1 ? text("plan.folds", { count: value("folds").trim() }) : "",
    value("start") === "command" ? text("plan.command") : "",
    value("after") === "again" ? text("plan.again") : "",
    value("after") === "every" ? text("plan.every", { time: timeOf(value, "every", "everyUnit") }) : "",
  ];
  return { line: parts.filter(Boolean).join(" "), kind: "plan" };
}

function what(node: object, value: Value, text: Text): string {
  const task = taskOf({ task: value("task") });
  const share = Number(value("holdOut"));
  const heldOut = text(value("holdOutBy") === "stream" ? "plan.streams" : `plan.last.${task}`, { holdOut: share });
  const amount = text(...amountInWords(value, hopBefore(node)));
  if (task === "class") {
    const classes = joined(
      value("classes")
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean),
      text,
    );
    return text(classes === "" ? "plan.classes" : "plan.classesNamed", { classes, amount, heldOut });
  }
  if (task === "value") {
    const later = { feature: value("feature").trim(), ahead: Number(value("ahead")) };
    if (value("valueFrom") === "label") return text("plan.value", { amount, heldOut });
    return text(later.ahead === 1 ? "plan.next" : "plan.later", { ...later, amount, heldOut });
  }
  const count = Number(value("falseAlarms"));
  return text("plan.normal", { amount, heldOut, alarms: text(count === 1 ? "plan.alarm" : "plan.alarms", { count }) });
}

/** "A, B and C" */
function joined(parts: readonly string[], text: Text): string {
  if (parts.length < 2) return parts.join("");
  return text("plan.and", { list: parts.slice(0, -1).join(", "), last: parts.at(-1) });
}

function timeOf(value: Value, name: string, unit: string): string {
  return duration((Number(value(name)) * (UNITS[value(unit) as keyof typeof UNITS] ?? UNITS.s)) / 1000);
}

/** The amount to learn from, as a key of the catalog and its values. */
function amountInWords(value: Value, hop: number | undefined): [key: string, values: Values] {
  if (value("amount") === "told") return ["plan.told", {}];
  if (value("amount") === "each") return ["plan.each", { count: Number(value("each")) }];
  if (value("amount") === "duration") return ["plan.duration", { time: timeOf(value, "duration", "durationUnit") }];
  const count = Number(value("frames"));
  if (hop === undefined) return ["plan.frames", { count }];
  return ["plan.framesFor", { count, time: duration((count * hop) / 1000) }];
}

/** ms between the frames of a stream, when an edge-window by time is wired in front; undefined when nobody can know. */
function hopBefore(node: object): number | undefined {
  const seen = new Set<object>();
  let layer = [node];
  for (let depth = 0; depth < 5 && layer.length > 0; depth++) {
    const sources = layer.flatMap((target) => RED.nodes.filterLinks({ target }).map((link) => link.source));
    for (const { type, by, hop, hopUnit } of sources) {
      const unit = { ms: 1, ...UNITS }[String(hopUnit) as "ms" | keyof typeof UNITS];
      if (type === "edge-window" && by === "time" && Number(hop) > 0 && unit) return Number(hop) * unit;
    }
    layer = sources.filter((source) => !seen.has(source));
    for (const source of layer) seen.add(source);
  }
  return undefined;
}

// ── What there is, and what was found ────────────────────────────────────────────────────────────────────────────────

/** ms */
const EVERY = 1000;

/** Shows what the deployed node does and what its model's last training found, as long as the dialog is open. */
function followLearning(node: EditorNode, text: Text): void {
  const says = $("#edge-learn-live-says");
  const url = `edge-ml/learning/${encodeURIComponent(node.id)}`;
  const isOpen = () => says[0]?.isConnected === true;
  let known = "";
  /** It has looked before: what comes now is new. */
  let looked = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Raised at the press of a button: what was asked before it is out of date. */
  let turn = 0;

  const fail = (request: JQuery.jqXHR) => {
    if (!isOpen()) return;
    const reasons: Record<number, string> = {
      0: "live.unreachable",
      401: "live.forbidden",
      403: "live.forbidden",
      404: "live.undeployed",
    };
    const reason = reasons[request.status];
    says
      .text(reason ? text(reason) : String(request.responseJSON?.message ?? request.statusText))
      .css("color", "var(--red-ui-text-color-error, #c02020)");
  };
  const show = (view: LearningView) => {
    if (!isOpen()) return;
    showLive(view.live, text);
    const { newest } = view;
    const seen = looked;
    looked = true;
    if (!newest || newest.version === known) return;
    known = newest.version;
    const found = newest.report && resultView(newest.report, text);
    showResult(found, newest.problem ?? text("result.foreign", { version: known }), seen);
  };
  const lookAfter = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
  };
  const ask = () => {
    if (!isOpen()) return;
    const asked = turn;
    $.getJSON(url, { known })
      .done((view: LearningView) => {
        if (asked === turn) show(view);
      })
      .fail((request) => {
        if (asked === turn) fail(request);
      })
      .always(() => {
        if (asked === turn) lookAfter(EVERY);
      });
  };
  for (const command of ["train", "stop", "again"] as const) {
    $(`#edge-learn-${command}`).on("click", () => {
      turn++;
      clearTimeout(timer);
      $.ajax(url, { method: "POST", contentType: "application/json", data: JSON.stringify({ command }) })
        .done((view: LearningView) => {
          show(view);
          lookAfter(EVERY);
        })
        .fail((request) => {
          fail(request);
          // It is read before the next look at the node takes its place.
          lookAfter(5 * EVERY);
        });
    });
  }
  showLive(undefined, text);
  ask();
}

function showLive(live: LiveView | undefined, text: Text): void {
  const training = live?.phase === "training";
  $("#edge-learn-train").prop("disabled", !live || training);
  $("#edge-learn-again").prop("disabled", !live || training);
  $("#edge-learn-stop").prop("disabled", !training);
  $("#edge-learn-live-says")
    .css("color", "")
    .text(live ? liveInWords(live, text) : text("live.undeployed"));
}

function liveInWords(live: LiveView, text: Text): string {
  const { phase, share, collected, counts, bad, label, dropped, next, recording, problem } = live;
  const shown = (number: number) => number.toLocaleString("en-US");
  const classes = counts.map(({ label, count }) => `${label} ${shown(count)}`).join(" · ");
  const parts = [
    text(`live.${phase}`, { percent: Math.floor(100 * share) }),
    recording ? text("live.recording", { label: recording.label }) : "",
    phase === "training" || phase === "learned" ? "" : classes || text("live.collected", { count: shown(collected) }),
    bad > 0 ? text("live.bad", { count: shown(bad) }) : "",
    label > 0 ? text("live.label", { count: shown(label) }) : "",
    dropped > 0 ? text("live.dropped", { count: shown(dropped) }) : "",
    next === null ? "" : text("live.next", { time: duration(Math.max(0, (next - Date.now()) / 1000)) }),
  ];
  return [parts.filter(Boolean).join(", "), problem ?? ""].filter(Boolean).join(". ");
}

/**
 * @param instead what is said when there is no report
 * @param isNew it came while the dialog was open
 */
function showResult(view: ResultView | undefined, instead: string, isNew: boolean): void {
  const panel = $("#edge-learn-result").show();
  panel.children("summary").text(view?.title ?? instead);
  const body = panel.children("div").empty();
  if (!view) return;
  panel.prop("open", true);
  // Somebody has waited for it.
  if (isNew) panel[0]?.scrollIntoView({ block: "start" });
  body.append(
    $('<ul style="list-style:none; margin:0 0 6px">').append(
      view.warnings.map((warning) =>
        $("<li>").append(
          $('<i class="fa fa-exclamation-triangle" aria-hidden="true" style="margin-right:6px">'),
          document.createTextNode(warning),
        ),
      ),
    ),
    $('<table style="margin-bottom:6px"><tbody></tbody></table>').append(
      view.facts.map(([name, value]) =>
        $("<tr>").append(
          $(
            '<th scope="row" style="text-align:left; vertical-align:top; padding-right:12px; white-space:nowrap; font-weight:normal; opacity:.8">',
          ).text(name),
          $("<td>").text(value),
        ),
      ),
    ),
    view.tables.map(tableElement),
  );
}

const CELL = "padding:1px 8px 1px 0; text-align:right";
const FIRST = "padding:1px 8px 1px 0; text-align:left";

function tableElement({ title, head, rows }: Table): JQuery {
  const heads = head.map((name, i) =>
    $('<th scope="col">')
      .attr("style", `${i === 0 ? FIRST : CELL}; font-weight:normal; opacity:.8`)
      .text(name),
  );
  const lines = rows.map(({ cells, marked }) =>
    $("<tr>")
      .css("font-weight", marked === -1 ? "bold" : "")
      .append(
        cells.map((cell, i) =>
          $(i === 0 ? '<th scope="row">' : "<td>")
            .attr("style", i === 0 ? `${FIRST}; font-weight:inherit` : CELL)
            .css("font-weight", marked === i ? "bold" : "")
            .text(cell),
        ),
      ),
  );
  return $('<div style="overflow-x:auto; margin-bottom:6px">').append(
    $("<table>").append(
      $('<caption style="text-align:left; caption-side:top; padding:0">').text(title),
      $("<thead>").append($("<tr>").append(heads)),
      $("<tbody>").append(lines),
    ),
  );
}
