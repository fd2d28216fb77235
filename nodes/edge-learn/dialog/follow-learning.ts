import type { EditorNode } from "../../editor/dialog.js";
import type { Text } from "../../editor/option-fields.js";
import type { LearningView } from "../view.js";
import { showLive } from "./live-line.js";
import { showResult } from "./result-panel.js";
import { resultView } from "./result-view.js";

/** ms */
const EVERY = 1000;

/** Shows what the deployed node does and what its model's last training found, as long as the dialog is open. */
export function followLearning(node: EditorNode, text: Text): void {
  const says = $("#edge-learn-live-says");
  const url = `edge-ml/learning/${encodeURIComponent(node.id)}`;
  const isOpen = () => says[0]?.isConnected === true;
  let known = "";
  /** It has looked before: what comes now is new. */
  let looked = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Raised at the press of a button: what was asked before it is out of date. */
  let turn = 0;

  const fail = (request: JQuery.jqXHR) => {
    if (!isOpen()) return;
    const reasons: Record<number, string> = {
      0: "live.unreachable",
      401: "live.forbidden",
      403: "live.forbidden",
      404: "live.undeployed",
    };
    const reason = reasons[request.status];
    says
      .text(reason ? text(reason) : String(request.responseJSON?.message ?? request.statusText))
      .css("color", "var(--red-ui-text-color-error, #c02020)");
  };
  const show = (view: LearningView) => {
    if (!isOpen()) return;
    showLive(view.live, text);
    const { newest } = view;
    const seen = looked;
    looked = true;
    if (!newest || newest.version === known) return;
    known = newest.version;
    const found = newest.report && resultView(newest.report, text);
    showResult(found, newest.problem ?? text("result.foreign", { version: known }), seen);
  };
  const lookAfter = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
  };
  const ask = () => {
    if (!isOpen()) return;
    const asked = turn;
    $.getJSON(url, { known })
      .done((view: LearningView) => {
        if (asked === turn) show(view);
      })
      .fail((request) => {
        if (asked === turn) fail(request);
      })
      .always(() => {
        if (asked === turn) lookAfter(EVERY);
      });
  };
  for (const command of ["train", "stop", "again"] as const) {
    $(`#edge-learn-${command}`).on("click", () => {
      turn++;
      clearTimeout(timer);
      $.ajax(url, { method: "POST", contentType: "application/json", data: JSON.stringify({ command }) })
        .done((view: LearningView) => {
          show(view);
          lookAfter(EVERY);
        })
        .fail((request) => {
          fail(request);
          // It is read before the next look at the node takes its place.
          lookAfter(5 * EVERY);
        });
    });
  }
  showLive(undefined, text);
  ask();
}
