import { type NumberRange, numberSetting } from "../glue/number-setting.js";
import type { CaptureFormat, CaptureSource } from "../lib/capture/recorder.js";

/** Settings of an edge-microphone node, checked. */
export interface MicrophoneSettings {
  source: "auto" | CaptureSource;
  /** As the source names it; empty: the system's own choice. */
  device: string;
  /** Of the source "command": program and arguments. */
  command: string;
  /** Hz, of what goes into the flow. */
  rate: number;
  /** Hz, of the device; 0: the same. */
  captureRate: number;
  /** Of the device. */
  channels: number;
  format: CaptureFormat;
  /** Of several channels: their mean, one of them, or all. */
  keep: "mix" | "one" | "all";
  /** Of "one": its number, from 1. */
  channel: number;
  /** dB */
  gain: number;
  removeOffset: boolean;
  /** ms of sound in a message. */
  chunk: number;
  topic: string;
  begin: "deploy" | "command";
  /** s, of the windows that are made of recorded examples. */
  exampleWindow: number;
}

export const SOURCES = ["auto", "alsa", "pulse", "pipewire", "command"] as const;
export const FORMATS = ["s16le", "s24le", "s32le", "f32le", "u8"] as const;
export const KEEPS = ["mix", "one", "all"] as const;

export const defaults: MicrophoneSettings = {
  source: "auto",
  device: "",
  command: "",
  rate: 16_000,
  captureRate: 0,
  channels: 1,
  format: "s16le",
  keep: "mix",
  channel: 1,
  gain: 0,
  removeOffset: true,
  chunk: 50,
  topic: "microphone",
  begin: "deploy",
  exampleWindow: 1.215,
};

export const RANGES = {
  rate: { min: 4000, max: 192_000, integer: true },
  captureRate: { min: 0, max: 384_000, integer: true },
  channels: { min: 1, max: 32, integer: true },
  channel: { min: 1, max: 32, integer: true },
  gain: { min: -40, max: 60 },
  chunk: { min: 10, max: 1000 },
  exampleWindow: { min: 0.2, max: 3 },
} satisfies Record<string, NumberRange>;

const number = (name: keyof typeof RANGES) => numberSetting(RANGES[name], defaults[name]);

/** JSON schema of the settings. */
export const schema = {
  type: "object",
  properties: {
    source: { type: "string", enum: SOURCES, default: defaults.source },
    device: { type: "string", maxLength: 500, default: defaults.device },
    command: { type: "string", maxLength: 4000, default: defaults.command },
    rate: number("rate"),
    captureRate: number("captureRate"),
    channels: number("channels"),
    format: { type: "string", enum: FORMATS, default: defaults.format },
    keep: { type: "string", enum: KEEPS, default: defaults.keep },
    channel: number("channel"),
    gain: number("gain"),
    removeOffset: { type: "boolean", default: defaults.removeOffset },
    chunk: number("chunk"),
    topic: { type: "string", maxLength: 128, default: defaults.topic },
    begin: { type: "string", enum: ["deploy", "command"], default: defaults.begin },
    exampleWindow: number("exampleWindow"),
  },
};
