import { duration } from "../editor/dialog.js";
import { inMs, isJoined, isOn, type Row } from "./editor-rules.js";

export type Text = (key: string, values?: Record<string, unknown>) => string;
type Value = (name: string) => string;

/** What the node will do, in words. */
export function plan(text: Text, value: Value, rows: readonly Row[]): string {
  const channels = channelsOf(text, value, rows);
  const windows = value("trigger") === "off" ? steps(text, value, channels) : events(text, value, channels);
  return [
    ...windows,
    ...rate(text, value),
    ...gate(text, value),
    ...sound(text, value),
    ...gaps(text, value),
    ...label(text, value),
  ].join(" ");
}

function channelsOf(text: Text, value: Value, rows: readonly Row[]): string {
  if (rows.length === 0) return text("sentence.all");
  const channels = rows.length === 1 ? text("sentence.one") : text("sentence.many", { count: rows.length });
  if (value("by") !== "samples") return channels;
  return channels + text("sentence.values", { count: Number(value("size")) * rows.length });
}

/** A window after each step. */
function steps(text: Text, value: Value, channels: string): string[] {
  if (value("by") === "samples") {
    const size = Number(value("size"));
    const hop = Number(value("hop"));
    const kind = size === 1 && hop === 1 ? "single" : kindOf("samples", size, hop);
    return [text(`sentence.${kind}`, { size, hop, channels })];
  }
  const kind = kindOf("time", inMs(value, "size"), inMs(value, "hop"));
  return [text(`sentence.${kind}`, { size: inWords(text, value, "size"), hop: inWords(text, value, "hop"), channels })];
}

function kindOf(by: "samples" | "time", size: number, hop: number): string {
  if (hop === size) return `${by}InARow`;
  return hop > size ? `${by}Apart` : by;
}

const EVENTS: Record<string, string> = {
  above: "whenAbove",
  below: "whenBelow",
  leaves: "whenLeaves",
  changes: "whenChanges",
  message: "whenMessage",
};

/** A window at each event. */
function events(text: Text, value: Value, channels: string): string[] {
  const when = text(`sentence.${EVENTS[value("trigger")]}`, {
    channel: value("triggerChannel") || text("sentence.firstChannel"),
    value: value("triggerValue"),
    high: value("triggerHigh"),
  });
  const parts = [text("sentence.event", { size: inWords(text, value, "size"), channels, when })];
  if (Number(value("preRoll")) > 0) parts.push(text("sentence.preRoll", { before: inWords(text, value, "preRoll") }));
  parts.push(text("sentence.notBefore", { hop: inWords(text, value, "hop") }));
  return parts;
}

/** A length with its unit. */
function inWords(text: Text, value: Value, name: string): string {
  const count = value(name);
  return value("by") === "samples" ? text("sentence.samplesOf", { count }) : `${count} ${value(`${name}Unit`)}`;
}

/** How rows come to be where topics are joined, or brought to a fixed rate. */
function rate(text: Text, value: Value): string[] {
  const hertz = value("rate");
  const values = {
    rate: hertz,
    clock: value("alignClock"),
    limit: duration(Number(value("alignLimit")) / 1000),
  };
  const isFixed = Number(hertz) > 0;
  if (!isJoined(value)) return isFixed ? [text("sentence.rate", values)] : [];
  if (values.clock === "") return [text(`sentence.${value("align")}Rate`, values)];
  const parts = [text(`sentence.${value("align")}Clock`, values)];
  if (isFixed) parts.push(text("sentence.thenRate", values));
  return parts;
}

function gate(text: Text, value: Value): string[] {
  const channel = value("gateChannel");
  if (channel === "") return [];
  const settle = Number(value("gateSettle"));
  return [
    text(settle > 0 ? "sentence.gateSettled" : "sentence.gate", {
      channel,
      sign: value("gateIs"),
      value: value("gateValue"),
      settle: duration(settle),
    }),
  ];
}

function sound(text: Text, value: Value): string[] {
  if (!isOn(value)) return [];
  const [margin, level] = [Number(value("soundMargin")), Number(value("soundLevel"))];
  return [text("sentence.sound", { margin, level, hold: duration(Number(value("soundHold"))) })];
}

function gaps(text: Text, value: Value): string[] {
  const parts: string[] = [];
  const policy = value("gap");
  if (policy !== "mark") parts.push(text(`sentence.${policy}`, { count: value("holdLimit") }));
  const tolerance = Number(value("tolerance"));
  if (tolerance > 0) parts.push(text("sentence.tolerance", { time: duration(tolerance / 1000) }));
  return parts;
}

function label(text: Text, value: Value): string[] {
  const by = value("labelBy");
  return by === "end" ? [] : [text(`sentence.${by}`, { share: value("labelShare") })];
}
