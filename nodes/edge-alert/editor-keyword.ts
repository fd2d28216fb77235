import { duration } from "../editor/dialog.js";
import { type AlertSettings, defaults, keywordDefaults, labelList } from "./config.js";
import { parseThresholds } from "./keyword-thresholds.js";

export type Text = (key: string, values?: Record<string, unknown>) => string;
/** A setting as it stands in the dialog, by its name. */
export type Fields = (name: string) => string;

/** What is wrong with the thresholds: the sentence of the catalog, and what it names. */
export function wrongThresholds(labels: string, text: string): { key: string; label?: string } | undefined {
  const thresholds = parseThresholds(text);
  if (thresholds === undefined) return { key: "thresholds" };
  const words = labelList(labels);
  if (words.length === 0) return undefined;
  const stray = [...thresholds.own.keys()].find((label) => !words.includes(label));
  return stray === undefined ? undefined : { key: "thresholdOf", label: stray };
}

/** In words what the node will do with spoken words; `severity` and `data` as in every sentence. */
export function keywordPlan(field: Fields, text: Text, severity: string, data: string): string {
  const number = (name: string) => Number(field(name));
  const say = (key: string, values?: Record<string, unknown>) => text(`sentence.keyword.${key}`, values);
  const held = (name: string) => (number(name) > 0 ? text("sentence.held", { time: duration(number(name)) }) : "");
  const words = labelList(field("labels"));
  const [needed, among] = [number("needed"), number("among")];
  const ratio = number("uncertainRatio");
  return say("all", {
    severity,
    words: words.length === 0 ? say("any") : `"${words.join(text("sentence.or"))}"`,
    score: say(`score.${field("smoothing")}`, { size: number("smoothingSize") }),
    threshold: threshold(field("thresholds"), say),
    results: among > 1 ? say("results", { needed, among }) : "",
    held: held("raiseAfter"),
    ratio: number("clearRatio"),
    clear: held("clearAfter"),
    pause: number("refractory") > 0 ? say("pause", { time: duration(number("refractory")) }) : "",
    over: field("tellOver") === "true" ? say("over") : "",
    uncertain: ratio > 0 ? say("uncertain", { ratio }) : "",
    data,
  });
}

function threshold(typed: string, say: Text): string {
  const { all, own } = parseThresholds(typed)!;
  if (own.size > 0) return say("own", { own: labelList(typed).join(", ") });
  return all === undefined ? say("ofModel") : String(all);
}

/** Puts in what suits spoken words when they are chosen, and takes it out again when something else is. */
export class KeywordPreset {
  #isOn: boolean;
  /** What the fields held before. */
  #before = new Map<string, string | boolean>();

  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  update(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    for (const [name, value] of Object.entries(keywordDefaults)) {
      if (isOn) {
        this.#before.set(name, read(name));
        write(name, value);
      } else if (String(read(name)) === String(value)) {
        write(name, this.#before.get(name) ?? defaults[name as keyof AlertSettings]!);
      }
    }
    this.#before.clear();
  }
}

function read(name: string): string | boolean {
  const field = $(`#node-input-${name}`);
  return field.is(":checkbox") ? field.prop("checked") === true : String(field.val() ?? "");
}

function write(name: string, value: string | number | boolean): void {
  const field = $(`#node-input-${name}`);
  if (field.is(":checkbox")) field.prop("checked", value === true);
  else field.val(String(value));
}
