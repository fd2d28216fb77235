import { type EditorNode, isNumber, sentence } from "../editor/dialog.js";
import { choiceList, optionProblem, readList, type Text } from "../editor/option-fields.js";
import type { Description, Row } from "../editor/option-rules.js";
import { draw, indexAt, type Picture } from "../editor/picture.js";
import type { BlockPicture } from "./block-picture.js";
import { defaults, type FeaturesSettings, MAX_BLOCKS, MAX_FILTERS } from "./config.js";
import type { Preview } from "./preview.js";

/** Both lists of a node, from which flows written by hand may leave something out. */
interface Settings {
  name: string;
  blocks?: Row[];
  filters?: Row[];
}

/** What is wrong with a list, as a sentence of the catalog, or undefined. */
function problem(kind: "block" | "filter", rows: readonly Row[], text: Text): string | undefined {
  const [known, max] = kind === "block" ? [EDGE_ML_BLOCKS, MAX_BLOCKS] : [EDGE_ML_FILTERS, MAX_FILTERS];
  if (kind === "block" && rows.length === 0) return text("wrong.none");
  if (rows.length > max) return text("wrong.tooMany", { max });
  for (const row of rows) {
    const description = find(known, row[kind]);
    if (description === undefined) return text("wrong.unknown", { id: row[kind] });
    const broken = optionProblem(description, row, text, `${kind}.${description.id}`);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

function find(descriptions: readonly Description[], id: unknown): Description | undefined {
  return descriptions.find((each) => each.id === id);
}

function textsOf(node: EditorNode): Text {
  return (key, values) => node._(`edge-features.${key}`, values);
}

RED.nodes.registerType<Settings>("edge-features", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    filters: {
      value: defaults.filters,
      validate(this: EditorNode, rows: Row[] | undefined, _options: unknown) {
        return problem("filter", rows ?? [], textsOf(this)) ?? true;
      },
    },
    blocks: {
      value: defaults.blocks,
      validate(this: EditorNode, rows: Row[] | undefined, _options: unknown) {
        return problem("block", rows ?? defaults.blocks, textsOf(this)) ?? true;
      },
    },
  },
  inputs: 1,
  outputs: 1,
  icon: "edge-features.svg",
  paletteLabel() {
    return this._("edge-features.paletteLabel");
  },
  label() {
    if (this.name) return this.name;
    const titles = (this.blocks ?? defaults.blocks).map(({ block }) =>
      find(EDGE_ML_BLOCKS, block) ? this._(`edge-features.block.${block}.title`) : String(block),
    );
    return titles.join(" + ") || this._("edge-features.paletteLabel");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    const text = textsOf(this);
    const preview = previewOf(this.id, text);
    // Both lists tell of a change while they are filled, when only one is there.
    let ready = false;
    const update = () => {
      if (!ready) return;
      const { filters, blocks } = readLists();
      const wrong = problem("filter", filters, text) ?? problem("block", blocks, text);
      if (wrong !== undefined) {
        sentence("#edge-features-sentence", wrong, "wrong");
        return preview.clear();
      }
      const titles = (kind: "block" | "filter", rows: readonly Row[]) =>
        rows.map((row) => text(`${kind}.${row[kind]}.title`));
      const values = {
        blocks: joined(titles("block", blocks), "sentence.and", text),
        filters: joined(titles("filter", filters), "sentence.then", text),
      };
      sentence("#edge-features-sentence", text(filters.length > 0 ? "sentence.filtered" : "sentence.plan", values));
      preview.ask({ filters, blocks } as unknown as FeaturesSettings);
    };
    const filters = this.filters ?? defaults.filters;
    choiceList($("#node-input-filter-list"), {
      kind: "filter",
      descriptions: EDGE_ML_FILTERS,
      rows: filters as Row[],
      first: EDGE_ML_FILTERS[0]?.id,
      text,
      change: update,
    });
    choiceList($("#node-input-block-list"), {
      kind: "block",
      descriptions: EDGE_ML_BLOCKS,
      rows: (this.blocks ?? defaults.blocks) as Row[],
      first: defaults.blocks[0]!.block,
      text,
      change: update,
    });
    $("#edge-features-filters")
      .toggle(EDGE_ML_FILTERS.length > 0 || filters.length > 0)
      .prop("open", filters.length > 0);
    ready = true;
    update();
  },
  oneditsave() {
    Object.assign(this, readLists());
  },
});

function readLists(): { filters: Row[]; blocks: Row[] } {
  return { filters: readList($("#node-input-filter-list")), blocks: readList($("#node-input-block-list")) };
}

/** "A, B and C", or "A, then B". */
function joined(parts: readonly string[], key: string, text: Text): string {
  if (parts.length < 2) return parts.join("");
  return text(key, { list: parts.slice(0, -1).join(", "), last: parts.at(-1) });
}

// ── Preview ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const WAIT = 300;
const HEIGHT = 72;
/** Names in the list that can be opened. */
const SHOWN_NAMES = 500;
/** Names in the line above it. */
const FIRST_NAMES = 4;

/** The made-up window on which blocks and filters work with their defaults. */
function sampleFor({ blocks, filters }: FeaturesSettings): Record<(typeof SAMPLE_FIELDS)[number], number> {
  const groups = new Set(blocks.map(({ block }) => find(EDGE_ML_BLOCKS, block)?.group));
  if (groups.has("audio")) return { channels: 1, samples: 16_000, rate: 16_000 };
  if (groups.has("vibration")) return { channels: 2, samples: 4096, rate: 10_000 };
  if (groups.has("frequency") || filters.length > 0) return { channels: 2, samples: 1000, rate: 1000 };
  return { channels: 2, samples: 256, rate: 100 };
}

const SAMPLE_FIELDS = ["channels", "samples", "rate"] as const;

/** Asks the server what the settings make of a window, and shows the answer. */
function previewOf(node: string, text: Text): { ask(settings: FeaturesSettings): void; clear(): void } {
  const panel = $("#edge-features-preview");
  const says = $("#edge-features-preview-says");
  const fields = SAMPLE_FIELDS.map((name) => ({ name, field: $(`#edge-features-sample-${name}`) }));
  let chosen = false;
  let last: FeaturesSettings | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const say = (what: string, wrong = false) =>
    says.text(what).css("color", wrong ? "var(--red-ui-text-color-error, #c02020)" : "");
  const hide = () => $("#edge-features-pictures, #edge-features-names div").empty();

  const fail = (why: string) => {
    hide();
    $("#edge-features-names").hide();
    say(why, true);
  };

  const fetch = (settings: FeaturesSettings) => {
    // The dialog was closed meanwhile.
    if (!says[0]?.isConnected) return;
    if (!chosen) {
      const sample = sampleFor(settings);
      for (const { name, field } of fields) field.val(sample[name]);
    }
    for (const { field } of fields) field.toggleClass("input-error", !isNumber(field.val()));
    if (fields.some(({ field }) => !isNumber(field.val()))) return fail(text("preview.wrongSample"));
    const sample = Object.fromEntries(fields.map(({ name, field }) => [name, Number(field.val())]));
    const question = ++asked;
    const current = () => question === asked && says[0]?.isConnected;
    $.ajax("edge-ml/features/preview", {
      method: "POST",
      contentType: "application/json",
      data: JSON.stringify({ node, ...settings, sample }),
    })
      .done((answer: Preview) => {
        if (current()) show(answer, settings);
      })
      .fail((request) => {
        if (!current()) return;
        const reasons: Record<number, string> = {
          0: "preview.unreachable",
          401: "preview.forbidden",
          403: "preview.forbidden",
          404: "preview.undeployed",
        };
        const reason = reasons[request.status];
        fail(reason ? text(reason) : String(request.responseJSON?.message ?? request.statusText));
      });
  };

  const show = (preview: Preview, settings: FeaturesSettings) => {
    const { source, stream, features, cost, blocks } = preview;
    const key = source === "live" && stream ? "liveStream" : source;
    const summary = text(`preview.${key}`, {
      features: counted(features, text),
      cost: shown(cost < 10 ? cost : Math.round(cost)),
      stream,
    });
    say(summary);
    $("#edge-features-sample")
      .toggle(source === "synthetic")
      .css("display", source === "synthetic" ? "inline-flex" : "none");
    hide();
    const line = (words: string) => $('<div style="margin-top:4px">').text(words).appendTo("#edge-features-pictures");
    for (const [i, block] of blocks.entries()) {
      // One bar alone says nothing: it is as high as the picture.
      if (block.features === 1) {
        line(inWords(block, 0, text));
        continue;
      }
      const name = text(`block.${settings.blocks[i]?.block}.title`);
      const title = text("preview.block", { title: name, features: counted(block.features, text) });
      if (blocks.length > 1) line(title);
      drawBlock(block, title, (words) => say(words ?? summary), text);
    }
    showNames(preview, text);
  };

  for (const { field } of fields) {
    field.on("input", () => {
      chosen = true;
      if (last) api.ask(last);
    });
  }
  const api = {
    ask(settings: FeaturesSettings) {
      last = settings;
      panel.show();
      clearTimeout(timer);
      timer = setTimeout(() => fetch(settings), WAIT);
    },
    /** Something is wrong: an old picture would be of something else. */
    clear() {
      clearTimeout(timer);
      asked++;
      hide();
      panel.hide();
    },
  };
  return api;
}

/** Draws one block's features; tells what is under the mouse, if anything is. */
function drawBlock(block: BlockPicture, title: string, tell: (words: string | undefined) => void, text: Text): void {
  const canvas = $('<canvas class="edge-picture" role="img" style="display:block; width:100%; margin-top:2px">')
    .css("height", HEIGHT)
    .attr("aria-label", title)
    .appendTo("#edge-features-pictures");
  const element = canvas[0] as HTMLCanvasElement;
  const size = { width: element.clientWidth || 400, height: HEIGHT };
  const sharp = window.devicePixelRatio || 1;
  element.width = Math.round(size.width * sharp);
  element.height = Math.round(size.height * sharp);
  const context = element.getContext("2d");
  if (!context) return;
  context.scale(sharp, sharp);
  const values = block.values.map((value) => value ?? Number.NaN);
  const picture: Picture = block.map
    ? { kind: "map", values, frames: block.map.frames, bins: block.map.bins }
    : { kind: "bars", values, units: block.units };
  // The theme's own colour of text, which can be seen on its own background.
  draw(context, picture, size, { bar: "#5a9b8f", axis: getComputedStyle(element).color });
  canvas
    .on("mousemove", ({ offsetX, offsetY }) => {
      const index = indexAt(picture, { width: element.clientWidth, height: element.clientHeight }, offsetX, offsetY);
      tell(index === undefined ? undefined : inWords(block, index, text));
    })
    .on("mouseleave", () => tell(undefined));
}

/** One feature: its name, value and unit. */
function inWords({ values, names, units, map }: BlockPicture, index: number, text: Text): string {
  const value = values[index] ?? text("preview.none");
  const unitOf = (unit: string | undefined) => (unit === undefined || unit === "x" ? "" : unit);
  if (!map) return text("preview.value", { name: names[index], value, unit: unitOf(units[index]) });
  const time = Number((Math.floor(index / map.bins) * map.step).toPrecision(4));
  return text("preview.cell", { name: names[index % map.bins], time, value, unit: unitOf(units[0]) });
}

/** The names of all features, as a line that opens into a list. */
function showNames({ blocks, features }: Preview, text: Text): void {
  const names = blocks.flatMap(({ names, units, map }) => {
    if (map) return [text("preview.map", { frames: map.frames, bins: map.bins }), ...names];
    return names.map((name, i) => (["", "x"].includes(units[i]!) ? name : `${name} (${units[i]})`));
  });
  const list = $("#edge-features-names").show();
  const first = names.slice(0, FIRST_NAMES).join(", ");
  list.children("summary").text(text("preview.names", { names: names.length > FIRST_NAMES ? `${first}, …` : first }));
  const rest = Math.max(0, features - SHOWN_NAMES);
  list
    .children("div")
    .empty()
    .append(names.slice(0, SHOWN_NAMES).map((name) => $("<div>").text(name)))
    .append(rest > 0 && names.length > SHOWN_NAMES ? $("<div>").text(text("preview.more", { rest: shown(rest) })) : []);
}

/** How many features, for people. */
function counted(features: number, text: Text): string {
  return features === 1 ? text("preview.one") : text("preview.many", { count: shown(features) });
}

/** A number for people: 1,960. */
function shown(number: number): string {
  return number.toLocaleString("en-US");
}
