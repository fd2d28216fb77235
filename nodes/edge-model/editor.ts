import { type EditorNode, sentence } from "../editor/dialog.js";
import type { Finding } from "../lib/doctor/index.js";
import type { ModelDescription } from "../lib/model/description/description.js";
import { MODEL_NAME } from "../lib/model/store/name-rule.js";
import { rowsAbout, type Text } from "./about.js";
import { defaults, type ModelSettings } from "./config.js";
import { isModelFile } from "./model-file.js";
import type { ModelSummary, VersionSummary } from "./summary.js";

const ROUTE = "edge-ml/models";
const BUNDLED_ROUTE = "edge-ml/bundled-models";
const FILES_ROUTE = "edge-ml/model-files";
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
    /** Names of the models that come with the package. */
    let bundled: readonly string[] = [];
    /** The version that is described, and of which model. */
    let chosen: { name: string; version: string } | undefined;

    const nameNow = () => String(field.val()).trim();

    /** The name that the dialog shows now. */
    let shown: string | undefined;

    const show = () => {
      const name = nameNow();
      shown = name;
      const model = models?.find((model) => model.name === name);
      const valid = MODEL_NAME.test(name);
      const unusable = model !== undefined && model.current === undefined;
      sentence(
        "#edge-model-sentence",
        valid ? plan(text, name, models, model, bundled) : text("sentence.name"),
        valid && !unusable ? "plan" : "wrong",
      );
      $("#edge-model-versions").toggle(model !== undefined);
      $("#edge-model-versions tbody")
        .empty()
        .append(model?.versions.map((version) => row(text, model, version, actions)) ?? []);
      $("#edge-model-upload, #edge-model-import").prop("disabled", !valid);
      const version = model?.current ?? model?.versions[0]?.version;
      if (model === undefined || version === undefined) look(undefined);
      else if (chosen?.name !== name) look({ name, version });
    };

    const look = (version: typeof chosen) => {
      chosen = version;
      if (!version) {
        $("#edge-model-about").hide();
        return;
      }
      $.getJSON(versionRoute(version.name, version.version))
        .done((about: ModelDescription) => {
          const title = text("about.title", version);
          // Another one may have been chosen meanwhile.
          if (chosen === version) describe(text, title, about);
        })
        .fail((request: JQuery.jqXHR) => failed(text, request));
    };

    const listNames = () => {
      const names = new Set([...bundled, ...(models ?? []).map(({ name }) => name)]);
      const optionOf = (name: string) => {
        const option = $("<option>").val(name);
        return bundled.includes(name) ? option.text(text("label.bundled", { name })) : option;
      };
      $("#edge-model-names")
        .empty()
        .append([...names].sort().map(optionOf));
    };

    const loadBundled = () =>
      $.getJSON(BUNDLED_ROUTE).done((answer: string[]) => {
        bundled = answer;
        listNames();
        show();
      });

    const load = () =>
      $.getJSON(ROUTE)
        .done((answer: ModelSummary[]) => {
          models = answer;
          listNames();
        })
        .fail((request: JQuery.jqXHR) => failed(text, request))
        .always(show);

    const listFiles = () =>
      $.getJSON(FILES_ROUTE).done((paths: string[]) => {
        $("#edge-model-import")
          .empty()
          .append($("<option>").val("").text(text("label.chooseFile")))
          .append(paths.map((path) => $("<option>").val(path).text(path)));
        $("#edge-model-import-row").toggle(paths.length > 0);
      });

    const actions: Actions = {
      look: (name, version) => look({ name, version }),
      use: (name, version) =>
        void $.ajax(`${ROUTE}/${encodeURIComponent(name)}/current`, {
          method: "POST",
          contentType: "application/json",
          data: JSON.stringify({ version }),
        })
          .done(() => told(text("notify.used", { name, version })))
          .fail((request: JQuery.jqXHR) => failed(text, request))
          .always(() => void load()),
      remove: (name, version) =>
        void $.ajax(versionRoute(name, version), { method: "DELETE" })
          .done(() => {
            told(text("notify.deleted", { name, version }));
            chosen = undefined;
          })
          .fail((request: JQuery.jqXHR) => failed(text, request))
          .always(() => void load()),
      // Not a plain link: that would come without the login's token.
      download: (name, version) =>
        void $.ajax(`${versionRoute(name, version)}/file`, { xhrFields: { responseType: "blob" } })
          .done((file: Blob, _status: string, request: JQuery.jqXHR) => {
            const header = request.getResponseHeader("content-disposition") ?? "";
            saveAs(file, /filename="([^"]+)"/.exec(header)?.[1] ?? `${name}-${version}.onnx`);
          })
          .fail((request: JQuery.jqXHR) => failed(text, request)),
    };

    /** Sends a file, or the path of one, to become the newest version of the model that is named. */
    const bring = (query: string, contentType: string, data: Blob | string, file: string) => {
      const name = nameNow();
      sentence("#edge-model-sentence", text("sentence.busy", { file }));
      $("#edge-model-upload, #edge-model-import").prop("disabled", true);
      $.ajax(`${ROUTE}/${encodeURIComponent(name)}/versions${query}`, {
        method: "POST",
        contentType,
        data: data as string,
        processData: false,
      })
        .done(({ version }: { version: string }) => {
          told(text("notify.used", { name, version }));
          chosen = undefined;
          void load();
        })
        .fail((request: JQuery.jqXHR) => {
          show();
          const about: ModelDescription | undefined = request.responseJSON?.description;
          if (!about) {
            failed(text, request);
            return;
          }
          chosen = undefined;
          describe(text, text("about.refused", { file }), about);
        })
        .always(() => {
          $("#edge-model-upload, #edge-model-import").val("").prop("disabled", false);
          void listFiles();
        });
    };

    $("#edge-model-upload").on("change", function () {
      const files = [...((this as HTMLInputElement).files ?? [])];
      if (files.length === 0) return;
      const model = files.find((file) => isModelFile(file.name)) ?? files[0]!;
      const list = JSON.stringify(files.map((file) => [file.name, file.size]));
      bring(`?files=${encodeURIComponent(list)}`, "application/octet-stream", new Blob(files), model.name);
    });
    $("#edge-model-import").on("change", function () {
      const path = String($(this).val());
      if (path !== "") bring("", "application/json", JSON.stringify({ path }), path);
    });

    // Leaving the field must not draw the rows anew while a button in them is being pressed.
    field.on("input change", () => nameNow() !== shown && show());
    $("#edge-model-doctor").on("click", () => {
      $.getJSON(DOCTOR_ROUTE)
        .done((findings: Finding[]) => $("#edge-model-findings").empty().append(findings.map(findingRow)).show())
        .fail((request: JQuery.jqXHR) => failed(text, request));
    });
    show();
    void load();
    void loadBundled();
    void listFiles();
  },
});

/** What can be done with one version. */
interface Actions {
  look(model: string, version: string): void;
  use(model: string, version: string): void;
  download(model: string, version: string): void;
  remove(model: string, version: string): void;
}

function versionRoute(name: string, version: string): string {
  return `${ROUTE}/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;
}

/** Shows what a file is, and first what is wrong with it. */
function describe(text: Text, title: string, about: ModelDescription): void {
  const problems = about.problems.map(({ message }) =>
    $('<div class="edge-model-problem" style="color:var(--red-ui-text-color-error, #c02020); margin:4px 0">').text(
      message,
    ),
  );
  const rows = rowsAbout(text, about).map(([name, value]) =>
    $("<tr>").append(
      $('<th style="text-align:left; vertical-align:top; padding:2px 10px 2px 0; white-space:nowrap">').text(name),
      $('<td style="padding:2px 0; overflow-wrap:anywhere">').text(value),
    ),
  );
  $("#edge-model-about")
    .css({ width: "0", "min-width": "100%" })
    .empty()
    .append($('<b class="edge-model-title">').text(title), ...problems, $('<table style="width:100%">').append(...rows))
    .show();
}

function saveAs(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  $("<a>").attr({ href: url, download: name })[0]!.click();
  URL.revokeObjectURL(url);
}

/** What the node stands for, in words. */
function plan(
  text: Text,
  name: string,
  models: ModelSummary[] | undefined,
  model: ModelSummary | undefined,
  bundled: readonly string[],
): string {
  if (models === undefined) return text("sentence.plain", { name });
  if (model === undefined && bundled.includes(name)) return text("sentence.bundled", { name });
  if (model === undefined) return text("sentence.none", { name });
  const current = model.versions.find((version) => version.version === model.current);
  if (current === undefined) return text("sentence.unreadable", { name });
  const values = { name, version: current.version, frames: count(current.frames), time: time(current.created) };
  return text(current.learned ? "sentence.learned" : "sentence.elsewhere", values);
}

function row(text: Text, model: ModelSummary, version: VersionSummary, actions: Actions): JQuery {
  const cells = version.problem
    ? [cellOf(text("label.problem", { problem: version.problem })).attr("colspan", 3)]
    : [time(version.created), method(text, version), number(version.threshold)].map((cell) => cellOf(cell));
  const last = cellOf("").css("white-space", "nowrap");
  const action = (act: keyof Actions, icon?: string) => {
    const button = $('<button type="button" class="red-ui-button red-ui-button-small" style="margin-right:2px">')
      .attr("data-action", act)
      .on("click", () => actions[act](model.name, version.version))
      .appendTo(last);
    const name = text(`label.${act}`);
    if (icon) button.attr({ title: name, "aria-label": name }).append($(`<i class="fa ${icon}">`));
    else button.text(name);
  };
  const used = version.version === model.current;
  if (used) last.append($('<b style="margin-right:8px">').text(text("label.inUse")));
  else if (!version.problem) action("use");
  action("look", "fa-info-circle");
  action("download", "fa-download");
  if (!used) action("remove", "fa-trash-o");
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
  return $('<td style="padding:2px 6px 2px 0">').text(text);
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

function told(message: string): void {
  RED.notify(message, { type: "success", timeout: 3000 });
}

function failed(text: Text, request: JQuery.jqXHR): void {
  const message = request.status === 401 || request.status === 403 ? text("notify.forbidden") : undefined;
  RED.notify(message ?? request.responseJSON?.message ?? text("notify.failed"), { type: "error" });
}
