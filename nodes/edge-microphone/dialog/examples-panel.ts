import type { EditorNode } from "../../editor/dialog.js";
import type { Text } from "../../editor/option-fields.js";
import type { ExampleView } from "../../lib/capture/index.js";
import type { ExamplesView } from "../example-routes.js";

/** s: as the running node records; what is said then is shown. */
const READY = 1.3;
const SPEAK = 2;
/** ms */
const TICK = 100;

/** Records examples with the running node, plays, deletes and counts them, and sends them to the flow. */
export function examplesPanel(node: EditorNode, text: Text): void {
  const url = `edge-ml/microphone/${encodeURIComponent(node.id)}/examples`;
  const button = $("#edge-microphone-record");
  const send = $("#edge-microphone-send");
  const label = $("#edge-microphone-example");
  const says = $("#edge-microphone-recording");
  const list = $("#edge-microphone-examples");
  let isRecording = false;
  let isDeployed = false;
  let count = 0;

  const tell = (line: string, isWrong = false) => says.text(line).toggleClass("edge-microphone-wrong", isWrong);
  const failed = (request: JQuery.jqXHR) => tell(problemOf(request, text), true);

  const enable = () => {
    button.prop("disabled", !isDeployed || isRecording || String(label.val()).trim() === "");
    send.prop("disabled", isRecording || count === 0);
  };

  const show = ({ deployed, examples }: ExamplesView) => {
    if (!deployed) tell(text("examples.undeployed"));
    isDeployed = deployed;
    count = examples.length;
    const counts = new Map<string, number>();
    for (const each of examples) counts.set(each.label, (counts.get(each.label) ?? 0) + 1);
    $("#edge-microphone-counts").text(
      [...counts].map(([of, times]) => text("examples.count", { label: of, count: times })).join(", "),
    );
    list.empty().append(examples.map(row));
    enable();
  };

  const load = () => $.getJSON(url).done(show).fail(failed);

  const row = ({ id, label: of, seconds }: ExampleView) => {
    const path = `${url}/${encodeURIComponent(id)}`;
    const action = (icon: string, key: string, act: () => void) =>
      $('<button type="button" class="red-ui-button red-ui-button-small" style="margin-right:4px">')
        .attr({ title: text(`examples.${key}`), "aria-label": text(`examples.${key}`), "data-action": key })
        .append($(`<i class="fa ${icon}">`))
        .on("click", act);
    return $('<div class="edge-microphone-row" style="margin-bottom:2px">').append(
      action("fa-play", "play", () => {
        // Not a plain link: that would come without the login's token.
        $.ajax(`${path}/sound`, { xhrFields: { responseType: "blob" } })
          .done((sound: Blob) => play(sound, () => tell(text("examples.noPlayer"), true)))
          .fail(failed);
      }),
      action("fa-trash-o", "remove", () => void $.ajax(path, { method: "DELETE" }).fail(failed).always(load)),
      $("<span>").text(text("examples.one", { label: of, seconds: seconds.toFixed(1) })),
    );
  };

  const post = (path: string, data: object) =>
    $.ajax(path, { method: "POST", contentType: "application/json", data: JSON.stringify(data) });

  button.on("click", () => {
    isRecording = true;
    enable();
    const stop = countDown((line) => tell(line), text);
    post(url, { label: String(label.val()).trim() })
      .done(() => tell(text("examples.kept")))
      .fail(failed)
      .always(() => {
        stop();
        isRecording = false;
        void load();
      });
  });

  send.on("click", () => {
    post(`${url}/send`, {})
      .done(({ sent }: { sent: number }) => tell(text("examples.sent", { count: sent })))
      .fail(failed)
      .always(load);
  });

  label.on("input", enable);
  enable();
  void load();
}

/** Says when to speak. @returns ends it */
function countDown(tell: (line: string) => void, text: Text): () => void {
  const began = performance.now();
  const tick = () => {
    const passed = (performance.now() - began) / 1000;
    if (passed < READY) tell(text("examples.ready"));
    else if (passed < READY + SPEAK) tell(text("examples.speak", { seconds: (READY + SPEAK - passed).toFixed(1) }));
    else tell(text("examples.wait"));
  };
  tick();
  const timer = setInterval(tick, TICK);
  return () => clearInterval(timer);
}

function play(sound: Blob, failed: () => void): void {
  const url = URL.createObjectURL(sound);
  const player = new Audio(url);
  const done = () => URL.revokeObjectURL(url);
  player.addEventListener("ended", done);
  player.play().catch(() => {
    done();
    failed();
  });
}

function problemOf(request: JQuery.jqXHR, text: Text): string {
  if ([401, 403].includes(request.status)) return text("examples.forbidden");
  if (request.status === 404) return text("examples.undeployed");
  return request.responseJSON?.message || text("examples.unreachable");
}
