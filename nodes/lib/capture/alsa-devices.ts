import { type CaptureDevice, captureDevice } from "./capture-device.js";

/** card 1: U18dB [USB PnP Sound Device], device 0: USB Audio [USB Audio] */
const HARDWARE = /^card (\d+): (\S+) \[(.*?)\], device (\d+): (.*?) \[(.*?)\]/;

/**
 * Devices in the output of `arecord -l`. They are named by the card's own name, since its number changes with the order in
 * which cards are plugged in, and through plughw, which has every rate and format.
 */
export function alsaHardware(output: string): CaptureDevice[] {
  const devices: CaptureDevice[] = [];
  for (const line of output.split("\n")) {
    const found = HARDWARE.exec(line);
    if (found === null) continue;
    const [, , card, title, device, , sub] = found;
    const words = sub !== "" && sub !== title ? `${title}, ${sub}` : title!;
    devices.push(captureDevice("alsa", `plughw:CARD=${card},DEV=${device}`, words, false));
  }
  return devices;
}

/** What `arecord -L` lists besides: plugins that convert or discard, and cards that stand in the other list. */
const NO_DEVICE =
  /^(null|lavrate|samplerate|speexrate|speex|upmix|vdownmix|oss|jack|default|sysdefault|dmix|surround\d+|iec958|hdmi|usbstream)$|:/;

/** Devices of the configuration in the output of `arecord -L`: names at the beginning of a line, words on the next ones. */
export function alsaConfigured(output: string): CaptureDevice[] {
  const devices: CaptureDevice[] = [];
  const lines = output.split("\n");
  for (const [i, line] of lines.entries()) {
    if (!/^\S/.test(line) || NO_DEVICE.test(line.trim())) continue;
    const words = /^\s+\S/.test(lines[i + 1] ?? "") ? lines[i + 1]!.trim() : line.trim();
    devices.push(captureDevice("alsa", line.trim(), words, false));
  }
  return devices;
}
