import type { Text } from "../../editor/option-fields.js";
import type { CaptureDevice, CaptureDevices } from "../../lib/capture/index.js";

/**
 * Fills the device field's list with what the gateway has, for the source that is chosen, and again at the press of the
 * button. The field stays free: a device that is not plugged in now can be named, too.
 * @returns to be called when the source changes
 */
export function offerDevices(source: () => string, text: Text): () => void {
  const list = $("#edge-microphone-devices");
  const says = $("#edge-microphone-found");
  let found: CaptureDevices | undefined;

  const show = () => {
    if (found === undefined) return;
    const own = found.devices.filter((device) => device.source === source());
    list.empty().append(own.map((device) => $("<option>").val(device.device).text(titleOf(device, text))));
    says.css("color", "").text(sentence(found, source(), own, text));
  };
  const look = () => {
    says.css("color", "").text(text("found.looking"));
    $.getJSON("edge-ml/microphone/devices")
      .done((answer: CaptureDevices) => {
        found = answer;
        show();
      })
      .fail((request) => {
        const key = [401, 403].includes(request.status) ? "found.forbidden" : "found.failed";
        says.css("color", "var(--red-ui-text-color-error, #c02020)").text(text(key));
      });
  };
  $("#edge-microphone-refresh").on("click", look);
  look();
  return show;
}

function titleOf({ title, isMonitor }: CaptureDevice, text: Text): string {
  return isMonitor ? text("found.monitor", { title }) : title;
}

function sentence(
  { devices, installed }: CaptureDevices,
  source: string,
  own: readonly CaptureDevice[],
  text: Text,
): string {
  if (installed.length === 0) return text("found.nothing");
  if (source === "command") return "";
  if (source === "auto") {
    const microphones = devices.filter(({ isMonitor }) => !isMonitor);
    return microphones.length > 0 ? text("found.auto", { list: names(microphones) }) : text("found.none");
  }
  if (!installed.some((each) => each === source)) return text(`found.missing.${source}`);
  return own.length > 0 ? text("found.devices", { list: names(own) }) : text("found.none");
}

const SHOWN = 3;

function names(devices: readonly CaptureDevice[]): string {
  const titles = [...new Set(devices.map(({ title }) => title))];
  return titles.slice(0, SHOWN).join("; ") + (titles.length > SHOWN ? "; …" : "");
}
