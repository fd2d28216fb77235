import { duration, type EditorNode, isNumber, keeps, numberRule, sentence, showRow, watch } from "../editor/dialog.js";
import { CHUNK, defaults, MAX_SPEED, type ReplaySettings } from "./config.js";
import type { Preview, SoundPreview, TablePreview } from "./preview.js";

type ReplayNode = EditorNode & ReplaySettings & { name: string };

const speedRule = { min: 0.001, max: MAX_SPEED };
const gapRule = { min: 0 };
const intervalRule = { min: 1e-6, max: 31_536_000 };
/** Flows of before there was sound do not hold it. */
const chunkRule = { ...CHUNK, optional: true };
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
    chunk: { value: defaults.chunk, validate: numberRule("edge-replay.sentence.chunk", chunkRule) },
    soundStart: { value: defaults.soundStart },
    soundTime: {
      value: defaults.soundTime,
      validate(this: ReplayNode, value: string, _options?: unknown) {
        return this.soundStart !== "given" || isTime(value) || this._("edge-replay.sentence.soundTime");
      },
    },
    soundLabel: { value: defaults.soundLabel },
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
    for (const name of [
      "begin",
      "pace",
      "speed",
      "longestGap",
      "time",
      "zone",
      "interval",
      "chunk",
      "soundStart",
      "soundLabel",
    ] as const) {
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
      const names = new Set([
        ...columnsOf(preview)
          .filter(usable)
          .map(({ name }) => name),
        ...chosen,
      ]);
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
              columnsOf(found).map(({ name }) => name),
            );
            const words = found.kind === "table" ? describe(found) : describeSound(found);
            $("#edge-replay-preview").css("color", "").text(words);
            const label = $("#node-input-labelColumn");
            if (found.kind === "table" && found.labels[0])
              label.attr("placeholder", text("hint.label", { column: found.labels[0] }));
          }),
        )
        .fail((response: { responseJSON?: { message?: string } }) =>
          answer(() => {
            const message = response.responseJSON?.message ?? text("hint.unread");
            $("#edge-replay-preview").css("color", "var(--red-ui-text-color-error, #c02020)").text(message);
          }),
        );
    };

    const describeSound = (found: SoundPreview): string => {
      const { files, looked, unreadable, error, truncated } = found;
      const values = {
        duration: duration(found.duration),
        rate: found.rates.map((rate) => rate.toLocaleString()).join(", "),
        channels: found.channels
          .map((count) => text(count === 1 ? "hint.mono" : "hint.channels", { count }))
          .join(", "),
        files: files.toLocaleString(),
        looked: looked.toLocaleString(),
      };
      const kind = files === 1 ? "hint.sound" : looked < files ? "hint.manySounds" : "hint.sounds";
      const cut = truncated ? ` ${text(files === 1 ? "hint.truncated" : "hint.someTruncated")}` : "";
      const bad = unreadable > 0 ? ` ${text("hint.unreadable", { count: unreadable, error })}` : "";
      return `${text(kind, values)}${cut}${bad}`;
    };

    const describe = (found: TablePreview): string => {
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
      if (!keeps(chunkRule, value("chunk"))) return ["chunk", CHUNK] as const;
      if (value("soundStart") === "given" && !isTime(value("soundTime"))) return ["soundTime"] as const;
      return undefined;
    };

    const names = [
      ...["file", "begin", "pace", "speed", "longestGap", "loop", "labelColumn", "topic", "topicColumn"],
      ...["time", "timeColumn", "timeFormat", "zone", "interval"],
      ...["chunk", "soundStart", "soundTime", "soundLabel"],
    ];
    const show = (value: (name: string) => string) => {
      const realTime = value("pace") === "time";
      const isSound = preview?.kind === "sound";
      const isTable = preview?.kind === "table";
      showRow("speed", realTime);
      showRow("longestGap", realTime);
      // While nobody knows what the file is, or a message names it, it may be either.
      for (const name of ["labelColumn", "topicColumn", "time"]) showRow(name, !isSound);
      $("#edge-replay-choose").parent().toggle(!isSound);
      $("#edge-replay-columns").toggle(!isSound && $("#edge-replay-choose").val() === "some");
      for (const name of ["chunk", "soundStart", "soundLabel"]) showRow(name, !isTable);
      showRow("soundTime", !isTable && value("soundStart") === "given");
      showRow("timeColumn", !isSound && value("time") === "column");
      showRow("timeFormat", !isSound && value("time") !== "none");
      showRow("zone", isSound ? value("soundStart") === "given" : value("time") !== "none");
      showRow("interval", !isSound && value("time") !== "column");
      look(value("file").trim(), value("zone").trim() || "UTC");
      const wrong = plan(value);
      if (wrong) return sentence("#edge-replay-sentence", text(`sentence.${wrong[0]}`, { ...wrong[1] }), "wrong");
      const parts = [
        what(value("file").trim(), Number(value("chunk") || defaults.chunk)),
        realTime ? text("sentence.time", { pace: paceText(value, preview) }) : text("sentence.flow"),
        text(value("loop") === "true" ? "sentence.loop" : "sentence.once"),
        text(value("begin") === "deploy" ? "sentence.deploy" : "sentence.command"),
      ];
      sentence("#edge-replay-sentence", parts.join(" "));
    };
    const what = (file: string, chunk: number): string => {
      if (preview?.kind === "sound") {
        const { files } = preview;
        return text(files === 1 ? "sentence.sound" : "sentence.sounds", { file, files: files.toLocaleString(), chunk });
      }
      const some = $("#edge-replay-choose").val() === "some" && chosen.size > 0;
      return text(preview ? "sentence.rows" : "sentence.file", {
        rows: preview?.rows.toLocaleString(),
        file: file || text("sentence.anyFile"),
        columns: some ? text("sentence.columns", { count: chosen.size }) : text("sentence.allColumns"),
      });
    };
    const paceText = (value: (name: string) => string, found: Preview | undefined): string => {
      const speed = Number(value("speed"));
      const interval = isNumber(value("interval")) ? Number(value("interval")) : undefined;
      const step = found?.kind === "sound" ? undefined : (found?.time?.step ?? interval);
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
        for (const { name, kind } of columnsOf(preview)) if (kind === "number" && name !== label) chosen.add(name);
      }
      showColumns();
      update();
    });
    showColumns();
    const settings = { ...defaults, ...this };
    const own = (["time", "topicColumn", "timeFormat", "zone", "chunk", "soundStart"] as const).some(
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

/** The columns of a table; sound has none. */
function columnsOf(preview: Preview | undefined): TablePreview["columns"] {
  return preview?.kind === "table" ? preview.columns : [];
}

/** What the browser reads as a time; the node says it when it reads it differently. */
function isTime(value: unknown): boolean {
  return !Number.isNaN(Date.parse(String(value ?? "").trim()));
}

function usable({ kind }: { kind: string }): boolean {
  return kind === "number" || kind === "empty";
}
