import { type EditorNode, fillMissing, keeps, numberRule, sentence, showRow, watch } from "../editor/dialog.js";
import type { Text } from "../editor/option-fields.js";
import { splitCommand } from "../lib/capture/split-command.js";
import { defaults, type MicrophoneSettings, RANGES } from "./config.js";
import { offerDevices } from "./dialog/device-list.js";
import { examplesPanel } from "./dialog/examples-panel.js";
import { followLevel } from "./dialog/level-meter.js";

type Settings = MicrophoneSettings & { name: string };

const rule = (name: keyof typeof RANGES) => numberRule(`edge-microphone.sentence.${name}`, RANGES[name]);

RED.nodes.registerType<Settings>("edge-microphone", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    source: { value: defaults.source },
    device: { value: defaults.device },
    command: {
      value: defaults.command,
      validate(this: EditorNode & Settings, value: unknown, _options?: unknown) {
        return this.source !== "command" || commandProblem(String(value ?? ""), textsOf(this)) || true;
      },
    },
    rate: { value: defaults.rate, validate: rule("rate") },
    captureRate: { value: defaults.captureRate, validate: rule("captureRate") },
    channels: { value: defaults.channels, validate: rule("channels") },
    format: { value: defaults.format },
    keep: { value: defaults.keep },
    channel: {
      value: defaults.channel,
      validate(this: EditorNode & Settings, value: unknown, _options?: unknown) {
        return this.keep !== "one" || isChannel(value, this.channels) || this._("edge-microphone.sentence.channel");
      },
    },
    gain: { value: defaults.gain, validate: rule("gain") },
    removeOffset: { value: defaults.removeOffset },
    chunk: {
      value: defaults.chunk,
      validate(this: EditorNode & Settings, value: unknown, _options?: unknown) {
        return isChunk(value, this.rate) || this._("edge-microphone.sentence.chunk", { ...RANGES.chunk });
      },
    },
    topic: { value: defaults.topic },
    begin: { value: defaults.begin },
    exampleWindow: { value: defaults.exampleWindow, validate: rule("exampleWindow") },
  },
  inputs: 1,
  outputs: 2,
  icon: "edge-microphone.svg",
  paletteLabel() {
    return this._("edge-microphone.paletteLabel");
  },
  label() {
    return this.name || this.topic || this._("edge-microphone.paletteLabel");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  inputLabels() {
    return this._("edge-microphone.port.input");
  },
  outputLabels(index) {
    return this._(index === 0 ? "edge-microphone.port.output" : "edge-microphone.port.examples");
  },
  oneditprepare() {
    const text = textsOf(this);
    fillMissing(this, defaults);
    const showDevices = offerDevices(() => String($("#node-input-source").val()), text);
    $("#node-input-source").on("change", showDevices);
    followLevel(this, text);
    examplesPanel(this, text);
    watch(this, Object.keys(defaults), (value) => {
      const source = value("source");
      showRow("device", source !== "auto" && source !== "command");
      showRow("command", source === "command");
      showRow("keep", Number(value("channels")) !== 1);
      $("#node-input-channel").toggle(value("keep") === "one");
      $("#edge-microphone-found").toggle(source !== "command");
      const wrong = problem(value, text);
      if (wrong !== undefined) sentence("#edge-microphone-sentence", wrong, "wrong");
      else sentence("#edge-microphone-sentence", plan(value, text));
    });
    const { rate, captureRate, channels, format, chunk, removeOffset } = { ...defaults, ...this };
    const isOwn = [rate, captureRate, channels, format, chunk, removeOffset].join() !== USUAL;
    $("#edge-microphone-more").prop("open", isOwn);
  },
});

/** What stands folded away, as it comes. */
const USUAL = [
  defaults.rate,
  defaults.captureRate,
  defaults.channels,
  defaults.format,
  defaults.chunk,
  defaults.removeOffset,
].join();

function textsOf(node: EditorNode): Text {
  return (key, values) => node._(`edge-microphone.${key}`, values);
}

/** What is wrong with a command, as a sentence, or "". */
function commandProblem(line: string, text: Text): string {
  const command = splitCommand(line);
  if (typeof command !== "string") return "";
  return line.trim() === "" ? text("sentence.noCommand") : text("sentence.badCommand", { problem: command });
}

function isChannel(value: unknown, channels: unknown): boolean {
  return keeps(RANGES.channel, value) && Number(value) <= Number(channels);
}

/** Chunks hold whole samples. */
function isChunk(value: unknown, rate: unknown): boolean {
  return keeps(RANGES.chunk, value) && Number.isInteger((Number(value) * Number(rate)) / 1000);
}

function problem(value: (name: string) => string, text: Text): string | undefined {
  if (value("source") === "command") {
    const wrong = commandProblem(value("command"), text);
    if (wrong !== "") return wrong;
  }
  for (const name of ["rate", "captureRate", "channels", "gain", "exampleWindow"] as const) {
    const { min, max } = RANGES[name];
    if (!keeps(RANGES[name], value(name))) return text(`sentence.${name}`, { min, max });
  }
  if (value("keep") === "one" && !isChannel(value("channel"), value("channels"))) return text("sentence.channel");
  return isChunk(value("chunk"), value("rate")) ? undefined : text("sentence.chunk", { ...RANGES.chunk });
}

/** What the node will do, in words. */
function plan(value: (name: string) => string, text: Text): string {
  const source = value("source");
  const device = value("device").trim();
  const channels = Number(value("channels"));
  const captureRate = Number(value("captureRate")) || Number(value("rate"));
  const from =
    source === "command" || source === "auto" || device === ""
      ? text(`sentence.from.${source}`)
      : text("sentence.from.device", { device });
  const sound =
    channels > 1 && value("keep") === "all"
      ? text("sentence.all", { channels })
      : text(channels === 1 ? "sentence.mono" : `sentence.${value("keep")}`, { channels, channel: value("channel") });
  return [
    text("sentence.listens", { from, sound, rate: value("rate"), chunk: value("chunk") }),
    ...(captureRate === Number(value("rate")) ? [] : [text("sentence.resampled", { captureRate })]),
    text(`sentence.${value("begin")}`),
  ].join(" ");
}
