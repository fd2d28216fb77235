import { duration, type EditorNode, isNumber, keeps, numberRule, sentence, showRow, watch } from "../editor/dialog.js";
import { type ChannelRow, defaults, MOST_STREAMS, type TimeUnit, UNIT_MS, type WindowSettings } from "./config.js";

/** A row as it stands in the dialog: fields may be empty or wrong. */
type Row = { channel: string } & Partial<Record<"min" | "max" | "stuck", number | string | null>>;

type Stored = Omit<WindowSettings, "channels"> & { name: string; channels: Row[] };

const MAX_VALUES = 16 * 1024 * 1024;
const MAX_OVERLAP = 10_000;

/** What is wrong with the size and the hop, as a key of the catalog, or undefined. */
function wrongSize(value: (name: string) => unknown, channels: number): string | undefined {
  const size = Number(value("size"));
  const hop = Number(value("hop"));
  if (value("by") === "samples") {
    if (!keeps({ min: 1, integer: true }, value("size"))) return "wholeSize";
    if (!keeps({ min: 1, integer: true }, value("hop"))) return "wholeHop";
    return size * Math.max(1, channels) > MAX_VALUES ? "tooLarge" : undefined;
  }
  if (!isNumber(value("size")) || size <= 0) return "size";
  if (!isNumber(value("hop")) || hop <= 0) return "hop";
  const sizeMs = size * UNIT_MS[value("sizeUnit") as TimeUnit];
  const hopMs = hop * UNIT_MS[value("hopUnit") as TimeUnit];
  if (sizeMs < 1 || hopMs < 1) return "short";
  return sizeMs / hopMs > MAX_OVERLAP ? "overlap" : undefined;
}

/** What is wrong with the channel list, as a key of the catalog, or undefined. */
function wrongChannels(rows: readonly Row[]): string | undefined {
  const seen = new Set<string>();
  for (const { channel, min, max, stuck } of rows) {
    if (channel.trim() === "" || seen.has(channel)) return "channelName";
    seen.add(channel);
    if (!keeps({ optional: true }, min) || !keeps({ optional: true }, max)) return "channelLimit";
    if (isNumber(min) && isNumber(max) && Number(min) > Number(max)) return "channelLimit";
    if (!keeps({ optional: true, integer: true, min: 0 }, stuck)) return "stuck";
  }
  return undefined;
}

/** The first thing that is wrong in the dialog, as a key of the catalog, or undefined. */
function problem(value: (name: string) => unknown, rows: readonly Row[]): string | undefined {
  const first = wrongSize(value, rows.length) ?? wrongChannels(rows);
  if (first !== undefined) return first;
  if (value("gateChannel") !== "") {
    if (!isNumber(value("gateValue"))) return "gateValue";
    if (!keeps({ min: 0 }, value("gateSettle"))) return "gateSettle";
  }
  if (value("gap") === "hold" && !keeps({ min: 1, integer: true }, value("holdLimit"))) return "holdLimit";
  if (!keeps({ min: 0 }, value("gapLimit"))) return "gapLimit";
  return keeps({ min: 1, max: MOST_STREAMS, integer: true }, value("maxStreams")) ? undefined : "maxStreams";
}

type Text = (key: string, values?: Record<string, unknown>) => string;

/** What the node will do, in words. */
function plan(text: Text, value: (name: string) => string, rows: readonly Row[]): string {
  const size = Number(value("size"));
  const hop = Number(value("hop"));
  let channels = text("sentence.all");
  if (rows.length > 0)
    channels = rows.length === 1 ? text("sentence.one") : text("sentence.many", { count: rows.length });
  const parts: string[] = [];
  if (value("by") === "samples") {
    if (rows.length > 0) channels += text("sentence.values", { count: size * rows.length });
    const kind = size === 1 && hop === 1 ? "single" : kindOf("samples", size, hop);
    parts.push(text(`sentence.${kind}`, { size, hop, channels }));
  } else {
    const sizeS = (size * UNIT_MS[value("sizeUnit") as TimeUnit]) / 1000;
    const hopS = (hop * UNIT_MS[value("hopUnit") as TimeUnit]) / 1000;
    const words = { size: inWords(size, value("sizeUnit")), hop: inWords(hop, value("hopUnit")), channels };
    parts.push(text(`sentence.${kindOf("time", sizeS, hopS)}`, words));
  }
  if (value("gateChannel") !== "") {
    const settle = Number(value("gateSettle"));
    parts.push(
      text(settle > 0 ? "sentence.gateSettled" : "sentence.gate", {
        channel: value("gateChannel"),
        sign: value("gateIs"),
        value: value("gateValue"),
        settle: duration(settle),
      }),
    );
  }
  if (value("gap") === "hold") parts.push(text("sentence.hold", { count: value("holdLimit") }));
  return parts.join(" ");
}

function kindOf(by: "samples" | "time", size: number, hop: number): string {
  if (hop === size) return `${by}InARow`;
  return hop > size ? `${by}Apart` : by;
}

function inWords(value: number, unit: string): string {
  return `${value} ${unit}`;
}

// A validator's sentence counts as one only when it has two parameters; else Node-RED takes the text for "valid".
RED.nodes.registerType<Stored>("edge-window", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    by: { value: defaults.by },
    size: {
      value: defaults.size,
      validate(this: EditorNode & Stored, size: unknown, _options?: unknown) {
        return sayWrong(
          this,
          wrongSize((name) => (name === "size" ? size : this[name as keyof Stored]), this.channels.length),
          ["hop", "wholeHop"],
        );
      },
    },
    sizeUnit: { value: defaults.sizeUnit },
    hop: {
      value: defaults.hop,
      validate(this: EditorNode & Stored, hop: unknown, _options?: unknown) {
        return sayWrong(
          this,
          wrongSize((name) => (name === "hop" ? hop : this[name as keyof Stored]), this.channels.length),
          ["size", "wholeSize", "tooLarge"],
        );
      },
    },
    hopUnit: { value: defaults.hopUnit },
    channels: {
      value: defaults.channels as ChannelRow[],
      validate(this: EditorNode, rows: Row[], _options?: unknown) {
        return sayWrong(this, wrongChannels(rows ?? []), []);
      },
    },
    gap: { value: defaults.gap },
    holdLimit: {
      value: defaults.holdLimit,
      validate: numberRule("edge-window.wrong.holdLimit", {
        min: 1,
        integer: true,
        when: (node) => node.gap === "hold",
      }),
    },
    gapLimit: { value: defaults.gapLimit, validate: numberRule("edge-window.wrong.gapLimit", { min: 0 }) },
    gateChannel: { value: defaults.gateChannel },
    gateIs: { value: defaults.gateIs },
    gateValue: {
      value: defaults.gateValue,
      validate: numberRule("edge-window.wrong.gateValue", { when: (node) => node.gateChannel !== "" }),
    },
    gateSettle: {
      value: defaults.gateSettle,
      validate: numberRule("edge-window.wrong.gateSettle", { min: 0, when: (node) => node.gateChannel !== "" }),
    },
    maxStreams: {
      value: defaults.maxStreams,
      validate: numberRule("edge-window.wrong.maxStreams", { min: 1, max: MOST_STREAMS, integer: true }),
    },
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
    let value: (name: string) => string = (name) => String($(`#node-input-${name}`).val() ?? "");

    const show = () => {
      const time = value("by") !== "samples";
      $(".edge-window-time").toggle(time);
      $(".edge-window-samples").toggle(!time);
      showRow("holdLimit", value("gap") === "hold");
      const gated = value("gateChannel").trim() !== "";
      showRow("gateValue", gated);
      showRow("gateSettle", gated);
      const rows = readRows();
      const key = problem(value, rows);
      if (key !== undefined) {
        sentence("#edge-window-sentence", text(`wrong.${key}`, { min: 1, max: MOST_STREAMS }), "wrong");
      } else sentence("#edge-window-sentence", plan(text, value, rows));
    };

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
            .on("input", show);
        $('<div style="display:flex; gap:6px; width:0; min-width:100%">')
          .append(field("channel", "40%"), field("min", "18%"), field("max", "18%"), field("stuck", "22%"))
          .appendTo(container);
        show();
      },
      removeItem: show,
      sortItems: show,
    });
    list.editableList("addItems", this.channels ?? []);

    // A section is open when something in it is set.
    $("#edge-window-section-channels").prop("open", (this.channels ?? []).length > 0);
    $("#edge-window-section-gate").prop("open", this.gateChannel !== "");
    $("#edge-window-section-gaps").prop(
      "open",
      this.gap !== defaults.gap ||
        Number(this.gapLimit) !== defaults.gapLimit ||
        Number(this.maxStreams) !== defaults.maxStreams,
    );
    watch(
      this,
      [
        "by",
        "size",
        "sizeUnit",
        "hop",
        "hopUnit",
        "gap",
        "holdLimit",
        "gapLimit",
        "gateChannel",
        "gateIs",
        "gateValue",
        "gateSettle",
        "maxStreams",
      ],
      (read) => {
        value = read;
        show();
      },
    );
  },
  oneditsave() {
    this.channels = readRows();
  },
});

/** The sentence for a problem, unless it is another field's. */
function sayWrong(node: EditorNode, key: string | undefined, others: readonly string[]): true | string {
  return key === undefined || others.includes(key) ? true : node._(`edge-window.wrong.${key}`);
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
