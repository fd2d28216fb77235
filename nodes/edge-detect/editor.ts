import { type EditorNode, numberRule, sentence, watch } from "../editor/dialog.js";
import { choiceField, type Text } from "../editor/option-fields.js";
import { type Description, firstBroken, type Row } from "../editor/option-rules.js";
import { bounds, channelList, type DetectNodeSettings, defaults } from "./config.js";

type Stored = DetectNodeSettings & { name: string };
type Bounded = keyof typeof bounds;

const SECTION: readonly (keyof DetectNodeSettings)[] = ["channels", "pause", "stuck", "forget", "streams"];

/** What is wrong with the options of a detector, as a sentence of the catalog, or undefined. */
function wrongOption(row: Row, text: Text): string | undefined {
  const description = find(row.detector);
  if (description === undefined) return text("wrong.unknown", { id: row.detector });
  const broken = firstBroken(description, row);
  if (broken === undefined) return undefined;
  const { key, values, range, option } = broken;
  const limits = range === undefined ? {} : { range: text(`range.${range}`, values) };
  return text("wrong.option", {
    option: text(`detector.${description.id}.option.${option}`),
    rule: text(`rule.${key}${range === undefined ? "" : "Range"}`, { ...values, ...limits }),
  });
}

function find(id: unknown): Description | undefined {
  return EDGE_ML_DETECTORS.find((each) => each.id === id);
}

function rowOf({ detector = defaults.detector, options = {} }: Partial<DetectNodeSettings>): Row {
  return { ...options, detector };
}

function textsOf(node: EditorNode): Text {
  return (key, values) => node._(`edge-detect.${key}`, values);
}

/** A field that a flow from before it lacks is at its default. */
function optional(name: Bounded) {
  const rule = numberRule(`edge-detect.wrong.${name}`, bounds[name]);
  return function (this: EditorNode, value: unknown, options?: unknown): true | string {
    return value === undefined ? true : rule.call(this, value, options);
  };
}

RED.nodes.registerType<Stored>("edge-detect", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    detector: {
      value: defaults.detector,
      validate(this: EditorNode, detector: unknown, _options: unknown) {
        const { options } = this as unknown as Stored;
        return wrongOption(rowOf({ detector: detector as string, options }), textsOf(this)) ?? true;
      },
    },
    options: { value: defaults.options },
    falseAlarms: { value: defaults.falseAlarms, validate: optional("falseAlarms") },
    falseAlarmsPer: { value: defaults.falseAlarmsPer },
    channels: { value: defaults.channels },
    pause: { value: defaults.pause, validate: optional("pause") },
    stuck: { value: defaults.stuck, validate: optional("stuck") },
    forget: { value: defaults.forget, validate: optional("forget") },
    streams: { value: defaults.streams, validate: optional("streams") },
  },
  inputs: 1,
  outputs: 1,
  icon: "edge-detect.svg",
  paletteLabel() {
    return this._("edge-detect.paletteLabel");
  },
  label() {
    if (this.name) return this.name;
    const description = find(this.detector ?? defaults.detector);
    return description ? this._(`edge-detect.detector.${description.id}.title`) : this._("edge-detect.paletteLabel");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    const text = textsOf(this);
    const stored = { ...defaults, ...this };
    let read: () => Row = () => rowOf(stored);
    let ready = false;
    let update: () => void = () => undefined;
    read = choiceField($("#edge-detect-detector"), rowOf(stored), {
      kind: "detector",
      descriptions: EDGE_ML_DETECTORS,
      text,
      change: () => ready && update(),
    });
    $("#edge-detect-detector").data("detector", read);
    $("#edge-detect-advanced").prop(
      "open",
      SECTION.some((name) => String(stored[name]) !== String(defaults[name])),
    );
    update = watch(this, ["falseAlarmsPer", "channels", ...Object.keys(bounds)], (field) => {
      const wrong = wrongOption(read(), text) ?? wrongNumber(this, field);
      if (wrong === undefined) sentence("#edge-detect-sentence", plan(read(), field, text));
      else sentence("#edge-detect-sentence", wrong, "wrong");
    });
    ready = true;
  },
  oneditsave() {
    const { detector, ...options } = ($("#edge-detect-detector").data("detector") as () => Row)();
    Object.assign(this, { detector, options });
  },
});

function wrongNumber(node: EditorNode, field: (name: string) => string): string | undefined {
  for (const name of Object.keys(bounds) as Bounded[]) {
    const answer = optional(name).call(node, field(name));
    if (answer !== true) return answer;
  }
  return undefined;
}

function plan(row: Row, field: (name: string) => string, text: Text): string {
  const channels = channelList(field("channels"));
  const pause = Number(field("pause"));
  return text("sentence.all", {
    detector: text(`detector.${row.detector}.title`),
    what: channels.length === 0 ? text("sentence.all-channels") : channels.join(", "),
    count: Number(field("falseAlarms")),
    per: text(`per.${field("falseAlarmsPer")}`),
    pause: pause > 0 ? text("sentence.pause", { pause }) : "",
  });
}
