import { type CaptureOptions, recorderCommand, splitCommand } from "../lib/capture/index.js";
import { EdgeMlError } from "../lib/errors/index.js";
import { compileSettings } from "../lib/frame/index.js";
import { type MicrophoneSettings, schema } from "./config.js";

const checkTypes = compileSettings<MicrophoneSettings>(schema);

/**
 * The settings of a node, checked.
 * @throws EdgeMlError EDGE_ML_SETTING naming the setting
 */
export function microphoneSettings(raw: object): MicrophoneSettings {
  const settings = checkTypes(raw);
  const { keep, channel, channels, rate, captureRate, chunk } = settings;
  if (keep === "one" && channel > channels)
    throw wrong("channel", channel, `at most ${channels}, the device's channels`);
  if (captureRate !== 0 && captureRate < 1000)
    throw wrong("captureRate", captureRate, "0 (the same), or at least 1000 Hz");
  if (!Number.isInteger((rate * chunk) / 1000)) {
    throw wrong("chunk", `${chunk} ms`, `a whole number of samples at ${rate} Hz, for example 50 ms`);
  }
  captureOptions(settings);
  return settings;
}

/** @throws EdgeMlError EDGE_ML_SETTING when no recorder can be made of the settings */
export function captureOptions(settings: MicrophoneSettings): CaptureOptions {
  const { source, device, rate, channels, format, keep, channel, gain, removeOffset, chunk } = settings;
  const request = { device: device.trim(), rate: settings.captureRate || rate, channels, format };
  const sound: CaptureOptions["sound"] = {
    keep: keep === "one" ? channel : keep,
    gain,
    removeOffset,
    rate,
    chunk: (rate * chunk) / 1000,
  };
  if (source === "command") {
    const command = splitCommand(settings.command);
    if (typeof command === "string") throw wrong("command", command, "a program and its arguments");
    return { source, command, request: { ...request, device: "" }, sound };
  }
  // Whether the program knows the format and the device can be a name is the same every time: it is said at once.
  if (source !== "auto") recorderCommand(source, request);
  return { source, request: source === "auto" ? { ...request, device: "" } : request, sound };
}

function wrong(field: string, got: unknown, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field, got, expected });
}
