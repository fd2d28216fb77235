import {
  duration,
  type EditorNode,
  keeps,
  type NumberRule,
  numberRule,
  sentence,
  showRow,
  watch,
} from "../editor/dialog.js";
import { FAULTS, MACHINES, MAX_INTERVAL, MAX_SPEED, MIN_INTERVAL, MIN_SPEED } from "./config.js";

interface Settings {
  name: string;
  machine: string;
  interval: number | string;
  speed: number | string;
  seed: number | string;
  begin: string;
  date: string;
  topic: string;
  occupiedFrom: number | string;
  occupiedTo: number | string;
  workingDays: number[];
  autostart: boolean;
  fault: string;
  intensity: number | string;
  labels: boolean;
  /** Set by the editor: not deployed yet. */
  changed?: boolean;
}

const RULES = {
  interval: { min: MIN_INTERVAL, max: MAX_INTERVAL },
  speed: { min: MIN_SPEED, max: MAX_SPEED },
  seed: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, integer: true },
  occupiedFrom: { min: 0, max: 24 },
  occupiedTo: { min: 0, max: 24 },
  intensity: { min: 0, max: 1 },
} satisfies Record<string, NumberRule>;

/** Monday first, as a week is written. */
const WEEK = [1, 2, 3, 4, 5, 6, 0];

/** These say nothing by their intensity. */
const WITHOUT_INTENSITY = ["sensor-flat-lined"];

function isDate(value: unknown): boolean {
  const time = Date.parse(String(value));
  return time >= Date.UTC(1970, 0, 2) && time <= Date.UTC(2200, 0, 1);
}

/** The nodes that have a fault now, by id; the runtime tells. */
const active = new Set<string>();

RED.comms.subscribe("edge-simulator/#", (topic, data) => {
  const id = topic.slice("edge-simulator/".length);
  const fault = (data as { fault?: unknown } | null)?.fault;
  if (typeof fault === "string") active.add(id);
  else active.delete(id);
  paintButton(id, active.has(id));
});

/** A button whose fault is there is amber. */
function paintButton(id: string, isActive: boolean): void {
  const button = document.getElementById(id)?.querySelector(".red-ui-flow-node-button-button");
  button?.setAttribute("fill", isActive ? "#f0a500" : "#9AC7BF");
}

RED.nodes.registerType<Settings>("edge-simulator", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    machine: { value: "air-handling-unit", required: true },
    interval: { value: 60, validate: numberRule("edge-simulator.sentence.interval", RULES.interval) },
    speed: { value: 1, validate: numberRule("edge-simulator.sentence.speed", RULES.speed) },
    seed: { value: 1, validate: numberRule("edge-simulator.sentence.seed", RULES.seed) },
    begin: { value: "now" },
    date: {
      value: "2026-01-12T00:00",
      // Node-RED takes sentences only from validators of two parameters.
      validate(this: EditorNode & Settings, value: unknown, _options: unknown) {
        return this.begin !== "date" || isDate(value) || this._("edge-simulator.sentence.date");
      },
    },
    topic: { value: "" },
    occupiedFrom: { value: 7, validate: numberRule("edge-simulator.sentence.hour", RULES.occupiedFrom) },
    occupiedTo: {
      value: 18,
      // Node-RED takes sentences only from validators of two parameters.
      validate(this: EditorNode & Settings, value: unknown, _options: unknown) {
        if (!keeps(RULES.occupiedTo, value)) return this._("edge-simulator.sentence.hour");
        return Number(value) > Number(this.occupiedFrom) || this._("edge-simulator.sentence.hours");
      },
    },
    workingDays: { value: [1, 2, 3, 4, 5] },
    autostart: { value: true },
    fault: { value: "damper-stuck" },
    intensity: { value: 0.7, validate: numberRule("edge-simulator.sentence.intensity", RULES.intensity) },
    labels: { value: true },
  },
  inputs: 1,
  outputs: 1,
  icon: "edge-simulator.svg",
  paletteLabel() {
    return this._("edge-simulator.paletteLabel");
  },
  label() {
    return this.name || this._(`edge-simulator.machine.${this.machine}`);
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  inputLabels() {
    return this._("edge-simulator.port.input");
  },
  outputLabels() {
    return this._("edge-simulator.port.output");
  },
  button: {
    enabled() {
      return !this.changed;
    },
    visible() {
      // The editor asks at each redraw. (Its own `toggle` would put the button half behind the input port.)
      paintButton(this.id, active.has(this.id));
      return true;
    },
    onclick() {
      const node = this;
      $.ajax({
        url: `edge-simulator/${encodeURIComponent(node.id)}`,
        type: "POST",
        success(answer: { fault: string | null }) {
          const key = answer.fault === null ? "repaired" : "injected";
          const fault = answer.fault === null ? "" : node._(`edge-simulator.fault.${answer.fault}`);
          RED.notify(node._(`edge-simulator.notify.${key}`, { fault }), { type: "success", timeout: 2000 });
        },
        error(response: { status: number }) {
          const known = [401, 403, 404].includes(response.status) ? String(response.status) : "failed";
          RED.notify(node._(`edge-simulator.notify.${known}`), "error");
        },
      });
    },
  },
  oneditprepare() {
    const text = (key: string, values?: Record<string, unknown>) => this._(`edge-simulator.${key}`, values);
    for (const id of MACHINES) option("machine", id, text(`machine.${id}`), this.machine);
    for (const id of FAULTS) option("fault", id, text(`fault.${id}`), this.fault);
    for (const day of WEEK) {
      $('<label style="display:inline-block; width:auto; margin:0 6px 0 0">')
        .append(
          $('<input type="checkbox" style="width:auto; margin:0 3px 0 0">')
            .val(day)
            .prop("checked", this.workingDays.includes(day)),
          document.createTextNode(text(`weekday.${day}`)),
        )
        .appendTo("#edge-simulator-days");
    }
    const names = [
      "machine",
      "interval",
      "speed",
      "begin",
      "date",
      "occupiedFrom",
      "occupiedTo",
      "seed",
      "fault",
      "intensity",
    ];
    watch(this, names, (value) => {
      showRow("machine", MACHINES.length > 1);
      $("#node-input-date").toggle(value("begin") === "date");
      $("#edge-simulator-intensity").toggle(!WITHOUT_INTENSITY.includes(value("fault")));
      $("#edge-simulator-meaning").text(text(`intensity.${value("fault")}`));
      $("#node-input-topic").attr("placeholder", value("machine"));
      const wrong = problem(value);
      if (wrong) return sentence("#edge-simulator-sentence", text(`sentence.${wrong.key}`, wrong.values), "wrong");
      sentence("#edge-simulator-sentence", plan(Number(value("interval")), Number(value("speed")), text));
    });
  },
  oneditsave() {
    // A hidden field must not keep the node from running.
    const intensity = $("#node-input-intensity");
    if (!keeps(RULES.intensity, intensity.val())) {
      if (WITHOUT_INTENSITY.includes(String($("#node-input-fault").val()))) intensity.val(0.7);
    }
    this.workingDays = $("#edge-simulator-days input:checked")
      .map((_, box) => Number($(box).val()))
      .get()
      .sort();
  },
});

function option(name: string, id: string, label: string, selected: string): void {
  $("<option>")
    .val(id)
    .text(label)
    .prop("selected", id === selected)
    .appendTo(`#node-input-${name}`);
}

/** What is wrong with the fields, as a key of the catalog and its values, or undefined. */
function problem(value: (name: string) => string): { key: string; values?: Record<string, unknown> } | undefined {
  for (const [name, rule] of Object.entries(RULES)) {
    if (name === "intensity" && WITHOUT_INTENSITY.includes(value("fault"))) continue;
    if (!keeps(rule, value(name))) {
      return { key: name.startsWith("occupied") ? "hour" : name, values: { min: rule.min, max: rule.max } };
    }
  }
  if (value("begin") === "date" && !isDate(value("date"))) return { key: "date" };
  if (Number(value("occupiedFrom")) >= Number(value("occupiedTo"))) return { key: "hours" };
  return undefined;
}

/** What the node will do, in words. */
function plan(
  interval: number,
  speed: number,
  text: (key: string, values?: Record<string, unknown>) => string,
): string {
  if (speed === 1) return text("sentence.realTime", { interval: duration(interval) });
  const rate = speed / interval;
  const values = {
    day: duration(86_400 / speed),
    interval,
    rate: rate >= 10 ? Math.round(rate) : Number(rate.toPrecision(2)),
    every: duration(interval / speed),
  };
  return text(rate >= 1.5 ? "sentence.fast" : "sentence.slow", values);
}
