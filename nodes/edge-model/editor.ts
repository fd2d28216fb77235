import { type EditorNode, sentence } from "../editor/dialog.js";
import type { Finding } from "../lib/doctor/index.js";
import { MODEL_NAME } from "../lib/model/store/name-rule.js";
import { defaults, type ModelSettings } from "./config.js";
import type { ModelSummary, VersionSummary } from "./summary.js";

const ROUTE = "edge-ml/models";
const DOCTOR_ROUTE = "edge-ml/doctor";

/** An icon and a colour for each level of a finding. */
const LEVELS: Record<Finding["level"], [icon: string, colour: string]> = {
  good: ["fa-check", "#5a9b8f"],
  note: ["fa-info-circle", "inherit"],
  warning: ["fa-exclamation-triangle", "#c08020"],
  problem: ["fa-times-circle", "#c02020"],
};

/** Those with a name in the catalog; others are shown as they are. */
const METHODS = ["pca", "kmeans"];

type Text = (key: string, values?: Record<string, unknown>) => string;

RED.nodes.registerType<ModelSettings>("edge-model", {
  category: "config",
  color: "#9AC7BF",
  defaults: {
    model: {
      value: defaults.model,
      required: true,
      validate(this: EditorNode, name: string, _options: unknown) {
        return MODEL_NAME.test(name) ? true : this._("edge-model.sentence.name");
      },
    },
  },
  icon: "edge-model.svg",
  paletteLabel() {
    return this._("edge-model.paletteLabel");
  },
  label() {
    return this.model || this._("edge-model.paletteLabel");
  },
  oneditprepare() {
    const text: Text = (key, values) => this._(`edge-model.${key}`, values);
    const field = $("#node-config-input-model");
    let models: ModelSummary[] | undefined;

    const show = () => {
      const name = String(field.val()).trim();
      const model = models?.find((model) => model.name === name);
      const valid = MODEL_NAME.test(name);
      const unusable = model !== undefined && model.current === undefined;
      sentence(
        "#edge-model-sentence",
        valid ? plan(text, name, models, model) : text("sentence.name"),
        valid && !unusable ? "plan" : "wrong",
      );
      $("#edge-model-versions").toggle(model !== undefined);
      $("#edge-model-versions tbody")
        .empty()
        .append(model?.versions.map((version) => row(text, model, version, use)) ?? []);
    };

    const load = () =>
      $.getJSON(ROUTE)
        .done((answer: ModelSummary[]) => {
          models = answer;
          $("#edge-model-names")
            .empty()
            .append(models.map((model) => $("<option>").val(model.name)));
        })
        .fail((request: JQuery.jqXHR) => failed(text, request))
        .always(show);

    const use = (model: string, version: string) => {
      $.ajax(`${ROUTE}/${encodeURIComponent(model)}/current`, {
        method: "POST",
        contentType: "application/json",
        data: JSON.stringify({ version }),
      })
        .done(() => RED.notify(text("notify.used", { name: model, version }), { type: "success", timeout: 3000 }))
        .fail((request: JQuery.jqXHR) => failed(text, request))
        .always(() => void load());
    };

    $("#edge-model-doctor").on("click", () => {
      $.getJSON(DOCTOR_ROUTE)
        .done((findings: Finding[]) => $("#edge-model-findings").empty().append(findings.map(findingRow)).show())
        .fail((request: JQuery.jqXHR) => failed(text, request));
    });
    field.on("input change", show);
    show();
    void load();
  },
});

/** What the node stands for, in words. */
function plan(text: Text, name: string, models: ModelSummary[] | undefined, model: ModelSummary | undefined): string {
  if (models === undefined) return text("sentence.plain", { name });
  if (model === undefined) return text("sentence.none", { name });
  const current = model.versions.find((version) => version.version === model.current);
  if (current === undefined) return text("sentence.unreadable", { name });
  const values = { name, version: current.version, frames: count(current.frames), time: time(current.created) };
  return text(current.learned ? "sentence.learned" : "sentence.elsewhere", values);
}

function row(
  text: Text,
  model: ModelSummary,
  version: VersionSummary,
  use: (model: string, version: string) => void,
): JQuery {
  const cells = version.problem
    ? [cellOf(text("label.problem", { problem: version.problem })).attr("colspan", 3)]
    : [time(version.created), method(text, version), number(version.threshold)].map((cell) => cellOf(cell));
  const last = cellOf("");
  if (version.version === model.current) last.append($("<b>").text(text("label.inUse")));
  else if (!version.problem) {
    $('<button type="button" class="red-ui-button red-ui-button-small">')
      .text(text("label.use"))
      .on("click", () => use(model.name, version.version))
      .appendTo(last);
  }
  return $("<tr>")
    .attr("data-version", version.version)
    .append(cellOf(version.version), ...cells, last);
}

function findingRow({ level, text, remedy }: Finding): JQuery {
  const [icon, color] = LEVELS[level];
  const line = $('<div style="margin-bottom:6px">')
    .attr("data-level", level)
    .append($('<i class="fa" style="width:20px">').addClass(icon).css({ color }), document.createTextNode(text));
  // To be marked and copied.
  if (remedy !== undefined)
    line.append($('<code style="display:block; margin:2px 0 0 20px; white-space:normal">').text(remedy));
  return line;
}

function cellOf(text: string): JQuery {
  return $('<td style="padding:4px 10px 4px 0">').text(text);
}

function method(text: Text, { learned, method, frames }: VersionSummary): string {
  if (!learned) return text("label.elsewhere");
  const name = METHODS.includes(String(method)) ? text(`method.${method}`) : method;
  return text("label.learnedFrom", { method: name, frames: count(frames) });
}

function time(created: string | undefined): string {
  const date = new Date(created ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

function count(value: number | undefined): string {
  return value === undefined ? "" : value.toLocaleString();
}

function number(value: number | undefined): string {
  return value === undefined ? "" : String(Number(value.toPrecision(4)));
}

function failed(text: Text, request: JQuery.jqXHR): void {
  const message = request.status === 401 || request.status === 403 ? text("notify.forbidden") : undefined;
  RED.notify(message ?? request.responseJSON?.message ?? text("notify.failed"), { type: "error" });
}
