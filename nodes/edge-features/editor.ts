import { type EditorNode, isNumber, sentence } from "../editor/dialog.js";
import { defaults } from "./config.js";

const STATISTICS = ["average", "minimum", "maximum", "rms", "stdev", "skewness", "kurtosis"];

interface BlockRow {
  block: string;
  scale?: number | string;
  statistics?: string[];
}

/** What is wrong with a list of blocks, as a key of the catalog, or undefined. */
function problem(rows: BlockRow[]): string | undefined {
  if (rows.length === 0) return "none";
  for (const row of rows) {
    if (!isNumber(row.scale ?? 1)) return "scale";
    if (row.block === "flatten" && row.statistics?.length === 0) return "noStatistics";
  }
  return undefined;
}

RED.nodes.registerType<{ name: string; blocks: BlockRow[] }>("edge-features", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    blocks: {
      value: defaults.blocks,
      validate(this: EditorNode, rows: BlockRow[], _options: unknown) {
        const key = problem(rows);
        return key === undefined ? true : this._(`edge-features.sentence.${key}`);
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
    return this.name || this.blocks.map((row) => this._(`edge-features.block.${row.block}`)).join(" + ");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    const text = (key: string, values?: Record<string, unknown>) => this._(`edge-features.${key}`, values);
    const list = $("#node-input-block-list");

    const show = () => {
      const rows = readRows();
      const key = problem(rows);
      if (key !== undefined) return sentence("#edge-features-sentence", text(`sentence.${key}`), "wrong");
      const parts = rows.map((row) => text(`sentence.${row.block}`, { count: row.statistics?.length }));
      sentence("#edge-features-sentence", text("sentence.all", { list: parts.join(", ") }));
    };

    list.editableList({
      addButton: text("label.add"),
      removable: true,
      sortable: true,
      height: "auto",
      addItem(container: JQuery, _index: number, row: Partial<BlockRow>) {
        const block = row.block ?? "flatten";
        const select = $('<select class="edge-block">')
          .append(
            ["raw", "flatten"].map((id) =>
              $("<option>")
                .val(id)
                .text(text(`block.${id}`)),
            ),
          )
          .val(block);
        const scale = $('<input type="text" class="edge-scale" style="width:70px">').val(row.scale ?? 1);
        const boxes = $('<div class="edge-statistics" style="width:0; min-width:100%">').append(
          STATISTICS.map((id) =>
            $('<label style="display:inline-block; width:auto; margin-right:12px">').append(
              $('<input type="checkbox" style="width:auto; margin:0 4px 0 0">')
                .val(id)
                .prop("checked", row.statistics?.includes(id) ?? true),
              document.createTextNode(text(`statistic.${id}`)),
            ),
          ),
        );
        $('<div style="display:flex; gap:8px; align-items:center; margin-bottom:4px">')
          .append(select, $("<span>").text(text("label.scale")), scale)
          .appendTo(container);
        boxes.appendTo(container);
        const refresh = () => {
          boxes.toggle(select.val() === "flatten");
          show();
        };
        select.on("change", refresh);
        scale.on("input", show);
        boxes.on("change", show);
        refresh();
      },
      removeItem: show,
      sortItems: show,
    });
    list.editableList("addItems", this.blocks);
    show();
  },
  oneditsave() {
    this.blocks = readRows();
  },
});

function readRows(): BlockRow[] {
  const rows: BlockRow[] = [];
  $("#node-input-block-list")
    .editableList("items")
    .each((_, element) => {
      const item = $(element);
      const block = String(item.find(".edge-block").val());
      const text = String(item.find(".edge-scale").val()).trim();
      const row: BlockRow = { block, scale: isNumber(text) ? Number(text) : text };
      if (block === "flatten") {
        row.statistics = item
          .find(".edge-statistics input:checked")
          .map((_, box) => String($(box).val()))
          .get();
      }
      rows.push(row);
    });
  return rows;
}
