import { duration, type EditorNode, isNumber, keeps, numberRule, sentence, showRow, watch } from "../editor/dialog.js";
import { defaults, MAX_SPEED, type ReplaySettings } from "./config.js";
import type { Preview } from "./preview.js";

type ReplayNode = EditorNode & ReplaySettings & { name: string };

const speedRule = { min: 0.001, max: MAX_SPEED };
const gapRule = { min: 0 };
const intervalRule = { min: 1e-6, max: 31_536_000 };
const MAX_SHOWN_ZONES = 600;
const FORMATS = ["iso", "M/d/yyyy", "d/M/yyyy", "d.M.yyyy", "epoch s", "epoch ms", "excel", "dd.MM.yyyy HH:mm:ss"];

RED.nodes.registerType<ReplaySettings & { name: string }>("edge-replay", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    file: {
      value: defaults.file,
      validate(this: ReplayNode, value: string, _options?: unknown) {
        return this.begin === "command" || String(value ?? "").trim() !== "" || this._("edge-replay.sentence.noFile");
      },
    },
    columns: { value: defaults.columns },
    time: { value: defaults.time },
    timeColumn: {
      value: defaults.timeColumn,
      validate(this: ReplayNode, value: string, _options?: unknown) {
        const named = String(value ?? "").trim() !== "";
        return this.time !== "column" || named || this._("edge-replay.sentence.noTimeColumn");
      },
    },
    timeFormat: { value: defaults.timeFormat },
    zone: { value: defaults.zone },
    interval: { value: defaults.interval, validate: numberRule("edge-replay.sentence.interval", intervalRule) },
    labelColumn: { value: defaults.labelColumn },
    topic: { value: defaults.topic },
    topicColumn: { value: defaults.topicColumn },
    pace: { value: defaults.pace },
    speed: {
      value: defaults.speed,
      validate: numberRule("edge-replay.sentence.speed", { ...speedRule, when: (node) => node.pace === "time" }),
    },
    longestGap: {
      value: defaults.longestGap,
      validate: numberRule("edge-replay.sentence.longestGap", { ...gapRule, when: (node) => node.pace === "time" }),
    },
    loop: { value: defaults.loop },
    begin: { value: defaults.begin },
  },
  inputs: 1,
  outputs: 2,
  outputLabels(index) {
    return this._(`edge-replay.output.${index === 0 ? "readings" : "end"}`);
  },
  icon: "edge-replay.svg",
  paletteLabel() {
    return this._("edge-replay.paletteLabel");
  },
  label() {
    return (
      this.name ||
      (this.file ?? "").replace(/^examples:/, "").replace(/^.*\//, "") ||
      this._("edge-replay.paletteLabel")
    );
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    const text = (key: string, values?: Record<string, unknown>) => this._(`edge-replay.${key}`, values);
    // A flow that was written by hand need not hold every setting.
    for (const name of ["begin", "pace", "speed", "longestGap", "time", "zone", "interval"] as const) {
      if (this[name] === undefined) $(`#node-input-${name}`).val(defaults[name]);
    }
    let preview: Preview | undefined;
    let asked = "";
    let update: () => void = () => undefined;

    const options = (list: string, values: readonly string[]) =>
      $(list)
        .empty()
        .append(values.map((value) => $("<option>").val(value)));
    options("#edge-replay-formats", FORMATS);
    // Not every browser lists its zones.
    const zones = (Intl as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf?.("timeZone") ?? [];
    options("#edge-replay-zones", ["UTC", ...zones.slice(0, MAX_SHOWN_ZONES)]);
    $.getJSON("edge-replay/files", (found: { folder: string; files: string[] }) => {
      options("#edge-replay-files", found.files);
      $("#node-input-file").attr("title", text("hint.folder", { folder: found.folder }));
    });

    const chosen = new Set<string>(this.columns ?? []);
    $("#edge-replay-choose").val(chosen.size > 0 ? "some" : "all");
    const showColumns = () => {
      const names = new Set([...(preview?.columns ?? []).filter(usable).map(({ name }) => name), ...chosen]);
      $("#edge-replay-columns")
        .empty()
        .append(
          [...names].map((name) =>
            $('<label style="display:block; width:auto">').append(
              $('<input type="checkbox" style="width:auto; margin:0 6px 0 0">')
                .prop("checked", chosen.has(name))
                .data("column", name)
                .on("change", function () {
                  if ($(this).prop("checked")) chosen.add(name);
                  else chosen.delete(name);
                  update();
                }),
              document.createTextNode(name),
            ),
          ),
        )
        .toggle($("#edge-replay-choose").val() === "some");
    };

    const look = (file: string, zone: string) => {
      const key = `${file} ${zone}`;
      if (key === asked) return;
      asked = key;
      preview = undefined;
      $("#edge-replay-preview").text("");
      if (file === "") return;
      const answer = (show: () => void) => {
        // An answer to an earlier question is too late.
        if (asked !== key) return;
        show();
        showColumns();
        update();
      };
      $.getJSON("edge-replay/preview", { file, zone })
        .done((found: Preview) =>
          answer(() => {
            preview = found;
            options(
              "#edge-replay-names",
              found.columns.map(({ name }) => name),
            );
            $("#edge-replay-preview").css("color", "").text(describe(found));
            const label = $("#node-input-labelColumn");
            if (found.labels[0]) label.attr("placeholder", text("hint.label", { column: found.labels[0] }));
          }),
        )
        .fail((response: { responseJSON?: { message?: string } }) =>
          answer(() => {
            const message = response.responseJSON?.message ?? text("hint.unread");
            $("#edge-replay-preview").css("color", "var(--red-ui-text-color-error, #c02020)").text(message);
          }),
        );
    };

    const describe = (found: Preview): string => {
      const rows = text("hint.rows", {
        rows: found.rows.toLocaleString(),
        columns: found.columns.filter(({ kind }) => kind === "number").length,
      });
      if (!found.time) return `${rows} ${text("hint.noTime")}`;
      const time = text(found.time.ambiguous ? "hint.ambiguous" : "hint.time", {
        column: found.time.column,
        format: found.time.title,
        example: found.time.example,
      });
      const step = found.time.step ? ` ${text("hint.step", { step: duration(found.time.step) })}` : "";
      return `${rows}${step} ${time}`;
    };

    const plan = (value: (name: string) => string) => {
      const file = value("file").trim();
      const realTime = value("pace") === "time";
      if (value("begin") === "deploy" && file === "") return ["noFile"] as const;
      if (realTime && !keeps(speedRule, value("speed"))) return ["speed", speedRule] as const;
      if (realTime && !keeps(gapRule, value("longestGap"))) return ["longestGap", gapRule] as const;
      if (value("time") === "column" && value("timeColumn").trim() === "") return ["noTimeColumn"] as const;
      if (!keeps(intervalRule, value("interval"))) return ["interval", intervalRule] as const;
      return undefined;
    };

    const names = [
      ...["file", "begin", "pace", "speed", "longestGap", "loop", "labelColumn", "topic", "topicColumn"],
      ...["time", "timeColumn", "timeFormat", "zone", "interval"],
    ];
    const show = (value: (name: string) => string) => {
      const realTime = value("pace") === "time";
      showRow("speed", realTime);
      showRow("longestGap", realTime);
      showRow("timeColumn", value("time") === "column");
      showRow("timeFormat", value("time") !== "none");
      showRow("zone", value("time") !== "none");
      showRow("interval", value("time") !== "column");
      look(value("file").trim(), value("zone").trim() || "UTC");
      const wrong = plan(value);
      if (wrong) return sentence("#edge-replay-sentence", text(`sentence.${wrong[0]}`, { ...wrong[1] }), "wrong");
      const some = $("#edge-replay-choose").val() === "some" && chosen.size > 0;
      const parts = [
        text(preview ? "sentence.rows" : "sentence.file", {
          rows: preview?.rows.toLocaleString(),
          file: value("file").trim() || text("sentence.anyFile"),
          columns: some ? text("sentence.columns", { count: chosen.size }) : text("sentence.allColumns"),
        }),
        realTime ? text("sentence.time", { pace: paceText(value, preview) }) : text("sentence.flow"),
        text(value("loop") === "true" ? "sentence.loop" : "sentence.once"),
        text(value("begin") === "deploy" ? "sentence.deploy" : "sentence.command"),
      ];
      sentence("#edge-replay-sentence", parts.join(" "));
    };
    const paceText = (value: (name: string) => string, found: Preview | undefined): string => {
      const speed = Number(value("speed"));
      const step = found?.time?.step ?? (isNumber(value("interval")) ? Number(value("interval")) : undefined);
      const faster = speed === 1 ? text("sentence.realTime") : text("sentence.faster", { speed });
      return step ? `${faster} (${text("sentence.every", { step: duration(step / speed) })})` : faster;
    };
    watch(this, names, (value) => {
      update = () => show(value);
      update();
    });
    $("#edge-replay-choose").on("change", () => {
      // Leaving out is easier than finding all: begin with every column of numbers but the label.
      if ($("#edge-replay-choose").val() === "some" && chosen.size === 0) {
        const label = String($("#node-input-labelColumn").val());
        for (const { name, kind } of preview?.columns ?? []) if (kind === "number" && name !== label) chosen.add(name);
      }
      showColumns();
      update();
    });
    showColumns();
    const settings = { ...defaults, ...this };
    const own = (["time", "topicColumn", "timeFormat", "zone"] as const).some(
      (name) => settings[name] !== defaults[name],
    );
    $("#edge-replay-more").prop("open", own);
  },
  oneditsave() {
    const boxes = $("#edge-replay-columns input:checked");
    this.columns =
      $("#edge-replay-choose").val() === "some" ? boxes.map((_, box) => String($(box).data("column"))).get() : [];
  },
});

function usable({ kind }: { kind: string }): boolean {
  return kind === "number" || kind === "empty";
}
