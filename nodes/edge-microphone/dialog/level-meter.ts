import type { EditorNode } from "../../editor/dialog.js";
import type { Text } from "../../editor/option-fields.js";
import type { MicrophoneView } from "../routes.js";

/** ms */
const EVERY = 300;
const SLOWLY = 2000;

/** Shows what the deployed node hears, as long as the dialog is open. */
export function followLevel(node: EditorNode, text: Text): void {
  const says = $("#edge-microphone-level");
  const meter = $<HTMLMeterElement>("#edge-microphone-meter")[0]!;
  const url = `edge-ml/microphone/${encodeURIComponent(node.id)}/level`;

  const ask = () => {
    if (!meter.isConnected) return;
    $.getJSON(url)
      .done((view: MicrophoneView) => {
        meter.value = view.rms ?? meter.min;
        says.text(words(view, text));
        setTimeout(ask, view.state === "listening" ? EVERY : SLOWLY);
      })
      .fail((request) => {
        meter.value = meter.min;
        says.text(text([401, 403].includes(request.status) ? "level.forbidden" : "level.unreachable"));
        setTimeout(ask, SLOWLY);
      });
  };
  ask();
}

function words({ state, rms, peak, clipped = 0, silentFor = 0, problem }: MicrophoneView, text: Text): string {
  if (problem !== undefined) return problem;
  if (rms === undefined) return text(`level.${state}`);
  if (rms === null) return text("level.silent", { seconds: Math.floor(silentFor) });
  const values = { rms: Math.round(rms), peak: Math.round(peak ?? rms) };
  return text(clipped > 0 ? "level.clipping" : "level.heard", values);
}
