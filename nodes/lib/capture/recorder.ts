import { EdgeMlError } from "../errors/index.js";
import type { PcmFormat } from "../sound/index.js";

/** What sound is recorded through. */
export type CaptureSource = "alsa" | "pulse" | "pipewire" | "command";

/** Sources that have a program of their own. */
export type SystemSource = Exclude<CaptureSource, "command">;

/** The formats that a device may have; the most common first. */
export const CAPTURE_FORMATS = ["s16le", "s24le", "s32le", "f32le", "u8"] as const satisfies readonly PcmFormat[];
export type CaptureFormat = (typeof CAPTURE_FORMATS)[number];

/** What is asked of a device. */
export interface CaptureRequest {
  /** Empty: the system's own choice. */
  device: string;
  /** Hz */
  rate: number;
  channels: number;
  format: CaptureFormat;
}

/** A program that is started as it stands here, without a shell. */
export interface RecorderCommand {
  program: string;
  args: readonly string[];
}

interface Recorder {
  program: string;
  /** The Debian package that it comes with. */
  package: string;
  /** What the program calls the formats; one that it does not know is missing. */
  formats: Partial<Record<CaptureFormat, string>>;
  args(request: CaptureRequest, format: string): string[];
}

/** ms of sound that a sound server may hold back. */
const LATENCY = 30;

export const RECORDERS: Readonly<Record<SystemSource, Recorder>> = {
  alsa: {
    program: "arecord",
    package: "alsa-utils",
    formats: { s16le: "S16_LE", s24le: "S24_3LE", s32le: "S32_LE", f32le: "FLOAT_LE", u8: "U8" },
    // Not quiet: it would keep silent about a rate that the device does not have, and about sound that was lost. Not as
    // WAV, which ends after 2 GiB. µs: short periods for short delays, a long buffer for a process that comes late.
    args: ({ device, rate, channels }, format) => [
      ...(device === "" ? [] : ["-D", device]),
      ...["-t", "raw", "-f", format, "-r", String(rate), "-c", String(channels)],
      ...["--period-time=20000", "--buffer-time=500000"],
    ],
  },
  pulse: {
    program: "parec",
    package: "pulseaudio-utils",
    formats: { s16le: "s16le", s24le: "s24le", s32le: "s32le", f32le: "float32le", u8: "u8" },
    args: ({ device, rate, channels }, format) => [
      ...(device === "" ? [] : [`--device=${device}`]),
      ...["--raw", `--format=${format}`, `--rate=${rate}`, `--channels=${channels}`],
      ...[`--latency-msec=${LATENCY}`, "--client-name=Node-RED edge-microphone"],
    ],
  },
  pipewire: {
    program: "pw-record",
    package: "pipewire-bin",
    formats: { s16le: "s16", s32le: "s32", f32le: "f32", u8: "u8" },
    // Without the property it would go on with another microphone when its own is gone.
    args: ({ device, rate, channels }, format) => [
      ...(device === "" ? [] : ["--target", device, "-P", "{ node.dont-reconnect = true }"]),
      ...["--format", format, "--rate", String(rate), "--channels", String(channels)],
      ...["--latency", `${LATENCY}ms`, "-"],
    ],
  },
};

/**
 * The command that records from a device: raw samples on its standard output.
 * @throws EdgeMlError EDGE_ML_SETTING when the program does not know the format, or a device's name looks like an option
 */
export function recorderCommand(source: SystemSource, request: CaptureRequest): RecorderCommand {
  const { program, formats, args } = RECORDERS[source];
  const format = formats[request.format];
  if (format === undefined) {
    const expected = `${Object.keys(formats).join(", ")} with ${program}`;
    throw new EdgeMlError("EDGE_ML_SETTING", { field: "format", got: request.format, expected });
  }
  if (/^-|[\0\r\n]/.test(request.device)) {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field: "device",
      got: JSON.stringify(request.device),
      expected: "a name",
    });
  }
  return { program, args: args(request, format) };
}
