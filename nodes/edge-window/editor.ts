import { type EditorNode, fillMissing, isNumber, sentence, showRow, watch } from "../editor/dialog.js";
import { type ChannelRow, defaults, type WindowSettings } from "./config.js";
import { hasThreshold, isJoined, isOn, problem, type Row, rules } from "./editor-rules.js";
import { plan, type Text } from "./editor-sentence.js";

type Stored = Omit<WindowSettings, "channels"> & { name: string; channels: Row[] };

/** The settings that open a section. */
const SECTIONS: Record<string, (keyof WindowSettings)[]> = {
  align: ["rate", "align"],
  gate: ["gateChannel", "sound"],
  events: ["trigger"],
  gaps: ["gap", "gapLimit", "tolerance", "maxStreams", "idle"],
  labels: ["labelBy"],
};
const FIELDS = (Object.keys(defaults) as (keyof WindowSettings)[]).filter((name) => name !== "channels");

RED.nodes.registerType<Stored>("edge-window", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    by: { value: defaults.by },
    size: { value: defaults.size, validate: ruleOf("size") },
    sizeUnit: { value: defaults.sizeUnit },
    hop: { value: defaults.hop, validate: ruleOf("hop") },
    hopUnit: { value: defaults.hopUnit },
    channels: { value: defaults.channels as ChannelRow[], validate: ruleOf("channels") },
    rate: { value: defaults.rate, validate: ruleOf("rate") },
    align: { value: defaults.align, validate: ruleOf("align") },
    alignClock: { value: defaults.alignClock, validate: ruleOf("alignClock") },
    alignLimit: { value: defaults.alignLimit, validate: ruleOf("alignLimit") },
    gateChannel: { value: defaults.gateChannel },
    gateIs: { value: defaults.gateIs },
    gateValue: { value: defaults.gateValue, validate: ruleOf("gateValue") },
    gateSettle: { value: defaults.gateSettle, validate: ruleOf("gateSettle") },
    sound: { value: defaults.sound, validate: ruleOf("sound") },
    soundMargin: { value: defaults.soundMargin, validate: ruleOf("soundMargin") },
    soundLevel: { value: defaults.soundLevel, validate: ruleOf("soundLevel") },
    soundHold: { value: defaults.soundHold, validate: ruleOf("soundHold") },
    trigger: { value: defaults.trigger },
    triggerChannel: { value: defaults.triggerChannel, validate: ruleOf("triggerChannel") },
    triggerValue: { value: defaults.triggerValue, validate: ruleOf("triggerValue") },
    triggerHigh: { value: defaults.triggerHigh, validate: ruleOf("triggerHigh") },
    preRoll: { value: defaults.preRoll, validate: ruleOf("preRoll") },
    preRollUnit: { value: defaults.preRollUnit },
    gap: { value: defaults.gap },
    holdLimit: { value: defaults.holdLimit, validate: ruleOf("holdLimit") },
    gapLimit: { value: defaults.gapLimit, validate: ruleOf("gapLimit") },
    tolerance: { value: defaults.tolerance, validate: ruleOf("tolerance") },
    maxStreams: { value: defaults.maxStreams, validate: ruleOf("maxStreams") },
    idle: { value: defaults.idle, validate: ruleOf("idle") },
    labelBy: { value: defaults.labelBy },
    labelShare: { value: defaults.labelShare, validate: ruleOf("labelShare") },
  },
  inputs: 1,
  outputs: 1,
  icon: "edge-window.svg",
  paletteLabel() {
    return this._("edge-window.paletteLabel");
  },
  label() {
    const unit = this.by === "samples" ? this._("edge-window.unit.samples") : this.sizeUnit;
    return this.name || `${this._("edge-window.paletteLabel")} ${this.size} ${unit}`;
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    const text: Text = (key, values) => this._(`edge-window.${key}`, values);
    const list = $("#node-input-channel-list");
    let value = (name: string): string => {
      const field = $(`#node-input-${name}`);
      return String(field.is(":checkbox") ? field.prop("checked") : (field.val() ?? ""));
    };

    const show = () => {
      const time = value("by") !== "samples";
      $(".edge-window-time").toggle(time);
      $(".edge-window-samples").toggle(!time);
      const joined = isJoined(value);
      showRow("alignClock", joined);
      showRow("alignLimit", joined || Number(value("rate")) > 0);
      rename("#edge-window-limit-unit", `unit.${value("align") === "asof" ? "valueAge" : "alignLimit"}`);
      const trigger = value("trigger");
      for (const name of ["triggerChannel", "triggerValue"]) showRow(name, hasThreshold(value));
      showRow("triggerHigh", trigger === "leaves");
      showRow("preRoll", trigger !== "off");
      const threshold = { leaves: "triggerLow", changes: "triggerChange" }[trigger] ?? "triggerValue";
      rename("label[for=node-input-triggerValue]", `label.${threshold}`);
      rename("#edge-window-hop-label", `label.${trigger === "off" ? "hop" : "notBefore"}`);
      showRow("holdLimit", value("gap") === "hold" || value("gap") === "interpolate");
      showRow("labelShare", value("labelBy") === "share");
      const gated = value("gateChannel").trim() !== "";
      showRow("gateValue", gated);
      showRow("gateSettle", gated);
      for (const name of ["soundMargin", "soundLevel", "soundHold"]) showRow(name, isOn(value));
      const rows = readRows();
      const wrong = problem(value, rows);
      if (wrong !== undefined) sentence("#edge-window-sentence", text(`wrong.${wrong.key}`, { ...wrong }), "wrong");
      else sentence("#edge-window-sentence", plan(text, value, rows));
    };
    // Node-RED translates what has the attribute once more when the dialog is there.
    const rename = (selector: string, key: string) => $(selector).removeAttr("data-i18n").text(text(key));
    let changed = show;

    // A node from before a setting existed has none: it does what the default says.
    const { channels: _, ...fields } = defaults;
    fillMissing(this, fields);

    list.editableList({
      addButton: text("label.add"),
      removable: true,
      sortable: true,
      height: "auto",
      addItem(container: JQuery, _index: number, row: Partial<Row>) {
        const field = (kind: keyof Row, width: string) =>
          $('<input type="text">')
            .addClass(`edge-${kind}`)
            .css({ width })
            .attr("placeholder", text(`label.${kind}`))
            .attr("title", text(`label.${kind}`))
            .val(row[kind] ?? "")
            .on("input", () => changed());
        $('<div style="display:flex; gap:6px; width:0; min-width:100%">')
          .append(field("channel", "40%"), field("min", "18%"), field("max", "18%"), field("stuck", "22%"))
          .appendTo(container);
        changed();
      },
      removeItem: () => changed(),
      sortItems: () => changed(),
    });
    list.editableList("addItems", this.channels ?? []);

    // A section is open when something in it is set.
    for (const [section, names] of Object.entries(SECTIONS)) {
      $(`#edge-window-section-${section}`).prop(
        "open",
        names.some((name) => value(name) !== String(defaults[name])),
      );
    }
    $("#edge-window-section-channels").prop("open", (this.channels ?? []).length > 0);
    changed = watch(
      this,
      FIELDS,
      (read) => {
        value = read;
        show();
      },
      () => ({ channels: readRows() }),
    );
  },
  oneditsave() {
    this.channels = readRows();
  },
});

/** A validator that says what is wrong with a setting; see numberRule for its two parameters. */
function ruleOf(name: string) {
  return function (this: EditorNode & Stored, own: unknown, _options?: unknown): true | string {
    const value = (other: string) => {
      const stored = other === name ? own : this[other as keyof Stored];
      return stored === undefined ? defaults[other as keyof WindowSettings] : stored;
    };
    const wrong = rules[name]!(value, (name === "channels" ? (own as Row[]) : this.channels) ?? []);
    return wrong === undefined ? true : this._(`edge-window.wrong.${wrong.key}`, { ...wrong });
  };
}

function readRows(): Row[] {
  const rows: Row[] = [];
  $("#node-input-channel-list")
    .editableList("items")
    .each((_, element) => {
      const item = $(element);
      const row: Row = { channel: String(item.find(".edge-channel").val() ?? "").trim() };
      for (const kind of ["min", "max", "stuck"] as const) {
        const text = String(item.find(`.edge-${kind}`).val() ?? "").trim();
        if (text !== "") row[kind] = isNumber(text) ? Number(text) : text;
      }
      rows.push(row);
    });
  return rows;
}
