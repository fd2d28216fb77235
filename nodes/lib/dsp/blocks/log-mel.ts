import { EdgeMlError } from "../../errors/index.js";
import { filterBank } from "../kernels/filter-bank.js";
import { FrameMemory } from "../kernels/frame-memory.js";
import { FramePicture } from "../kernels/frame-picture.js";
import { framing, samplesNear } from "../kernels/framing.js";
import { type FramePlan, frameKernel } from "../kernels/index.js";
import { dctMatrix } from "../math/dct.js";
import { equalAreas, MEL_SCALES, type MelScale, melPoints, triangles } from "../math/mel.js";
import { TAPERS, type Taper, taperWeights } from "../math/taper.js";
import { type Block, rateOf } from "./block.js";
import { bandLimits, describePicture, FFT_LENGTHS, frequencyBins, type PictureBins } from "./picture.js";

interface LogMelOptions {
  scale: number;
  /** s */
  frameLength: number;
  /** s */
  frameStride: number;
  fftLength: number;
  taper: Taper;
  alignment: "start" | "centre";
  padding: "none" | "zeros" | "reflect";
  spectrum: "magnitude" | "power";
  bands: number;
  /** Hz */
  lowFrequency: number;
  /** Hz; 0 is half the rate */
  highFrequency: number;
  melScale: MelScale;
  triangles: "mel" | "Hz";
  normalisation: "none" | "Slaney";
  logarithm: "ln" | "dB" | "none";
  offset: number;
  floor: number;
  /** 0 is none. */
  coefficients: number;
  cepstrum: "orthonormal" | "HTK";
}

const TITLE = "Log-mel";

/**
 * Mel bands of tapered frames and their logarithm, in the definitions of the libraries that networks are trained with.
 * The spectrum is |X[k]| or |X[k]|² as it is, without a factor for the taper or the length, as there.
 *
 * As it stands, 49 × 40 of one second at 16 kHz: the keyword features of MLPerf Tiny (TensorFlow; with `coefficients` 10
 * and `cepstrum` HTK its 49 × 10 MFCC).
 * librosa.feature.melspectrogram: frameLength fftLength/rate, power, alignment centre, padding zeros, melScale Slaney,
 * triangles Hz, normalisation Slaney; power_to_db(top_db=None): dB, offset 0, floor 1e-10. torchaudio's MelSpectrogram:
 * the same with padding reflect, melScale HTK, normalisation none. The top_db of either looks at the whole window, and is
 * not here.
 *
 * ln(max(x, floor) + offset); dB is 10·log10 of power and 20·log10 of magnitude. Cepstral coefficients: the DCT-II of it.
 */
export const logMel: Block<LogMelOptions, FrameMemory> = {
  id: "log-mel",
  version: 1,
  title: TITLE,
  group: "audio",
  about: "Mel bands over time as librosa, torch and TensorFlow make them: for your own keyword and sound networks.",
  cost: "O(frames · FFT length · log FFT length); of overlapping windows only the new frames",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      scale: { type: "number", default: 1, title: "Multiply by" },
      frameLength: { type: "number", exclusiveMinimum: 0, maximum: 86_400, default: 0.03, title: "Frame length (s)" },
      frameStride: {
        type: "number",
        exclusiveMinimum: 0,
        maximum: 86_400,
        default: 0.02,
        title: "Frame stride (s)",
        description: "From the start of one frame to the start of the next.",
      },
      fftLength: {
        type: "integer",
        enum: FFT_LENGTHS,
        default: 512,
        title: "FFT length (samples)",
        description: "At least the samples of a frame.",
      },
      taper: { type: "string", enum: TAPERS, default: "hann", title: "Taper" },
      alignment: {
        type: "string",
        enum: ["start", "centre"],
        default: "start",
        title: "Frame in a longer FFT",
        description: "Where the zeros go: behind (TensorFlow), or on both sides (librosa, torch).",
      },
      padding: {
        type: "string",
        enum: ["none", "zeros", "reflect"],
        default: "none",
        title: "Padding of the window",
        description:
          "Half an FFT on both sides, so that frames are centred on their time (librosa zeros, torch reflect).",
      },
      spectrum: { type: "string", enum: ["magnitude", "power"], default: "magnitude", title: "Spectrum" },
      bands: { type: "integer", minimum: 1, maximum: 512, default: 40, title: "Mel bands" },
      lowFrequency: { type: "number", minimum: 0, maximum: 1e6, default: 20, title: "Lowest frequency (Hz)" },
      highFrequency: {
        type: "number",
        minimum: 0,
        maximum: 1e6,
        default: 4000,
        title: "Highest frequency (Hz)",
        description: "0 is half the sample rate.",
      },
      melScale: { type: "string", enum: MEL_SCALES, default: "HTK", title: "Mel scale" },
      triangles: {
        type: "string",
        enum: ["mel", "Hz"],
        default: "mel",
        title: "Triangles straight over",
        description: "mel in TensorFlow, Hz in librosa and torch.",
      },
      normalisation: {
        type: "string",
        enum: ["none", "Slaney"],
        default: "none",
        title: "Normalisation of the triangles",
        description: "Slaney gives all of them the same area (librosa).",
      },
      logarithm: { type: "string", enum: ["ln", "dB", "none"], default: "ln", title: "Logarithm" },
      offset: { type: "number", minimum: 0, default: 1e-6, title: "Added before the logarithm" },
      floor: { type: "number", minimum: 0, default: 0, title: "Least value before the logarithm" },
      coefficients: {
        type: "integer",
        minimum: 0,
        maximum: 512,
        default: 0,
        title: "Cepstral coefficients",
        description: "0 gives the mel bands themselves.",
      },
      cepstrum: {
        type: "string",
        enum: ["orthonormal", "HTK"],
        default: "orthonormal",
        title: "Cepstral scaling",
        description: "HTK (TensorFlow) has the first coefficient √2 larger.",
      },
    },
  },
  when: { offset: { logarithm: ["ln", "dB"] }, floor: { logarithm: ["ln", "dB"] } },
  plan(window, options) {
    const { fftLength, bands, coefficients, melScale, spectrum } = options;
    const rate = rateOf(window, TITLE);
    const length = samplesNear(options.frameLength, rate);
    if (length > fftLength) throw wrong("fftLength", fftLength, `at least the ${length} samples of a frame`);
    if (coefficients > bands) throw wrong("coefficients", coefficients, `at most the number of bands, ${bands}`);
    if (coefficients > 0 && options.logarithm === "none") throw wrong("logarithm", "none", "ln or dB for a cepstrum");
    if (options.logarithm !== "none" && options.offset + options.floor < LEAST) {
      throw wrong("offset", options.offset, `at least ${LEAST}, or the least value above 0: silence has no logarithm`);
    }
    const stride = samplesNear(options.frameStride, rate);
    const limits = bandLimits(TITLE, rate, options);
    const weights = taperWeights(options.taper, length);
    const taper = options.alignment === "centre" ? centred(weights, fftLength) : weights;
    const frames = framing(
      window.samples,
      taper.length,
      stride,
      TITLE,
      options.padding === "none" ? undefined : { samples: fftLength / 2, kind: options.padding },
    );
    const points = melPoints(limits[0], limits[1], bands, melScale);
    const rows = triangles(
      points,
      { fftLength, rate },
      options.triangles === "mel" ? { axis: "mel", scale: melScale } : { axis: "Hz" },
    );
    if (options.normalisation === "Slaney") equalAreas(rows, points);
    const plan: FramePlan = {
      frameLength: taper.length,
      stride,
      fftLength,
      scale: options.scale,
      taper,
      spectrum,
      // The libraries that it follows compute in float32 as well.
      precision: "single",
      gain: 1,
      bank: filterBank(rows),
    };
    if (options.logarithm !== "none") {
      plan.logarithm = {
        kind: options.logarithm,
        floor: options.floor,
        offset: options.offset,
        slope: options.logarithm === "dB" && spectrum === "magnitude" ? 2 : 1,
        shift: 0,
        low: Number.NEGATIVE_INFINITY,
        high: Number.POSITIVE_INFINITY,
        steps: 0,
      };
    }
    if (coefficients > 0) plan.transform = { coefficients, matrix: cepstrum(coefficients, bands, options.cepstrum) };
    const kernel = frameKernel(plan);
    const picture = new FramePicture(frames, window.channels.length, false);
    const bins = coefficients > 0 ? cepstralBins(coefficients) : frequencyBins(points.subarray(1, -1), unit(options));
    return {
      ...describePicture(TITLE, window, frames.frames, bins, rate / stride),
      compute(data, out, offset, { position }, memory) {
        picture.compute(kernel, data, out, offset, position, memory);
      },
    };
  },
  remember: () => new FrameMemory(),
};

/** What float32 can still tell from 0. */
const LEAST = 1e-30;

function centred(weights: Float64Array, length: number): Float64Array {
  const wide = new Float64Array(length);
  wide.set(weights, Math.floor((length - weights.length) / 2));
  return wide;
}

function cepstrum(coefficients: number, bands: number, scaling: LogMelOptions["cepstrum"]): Float64Array {
  const matrix = dctMatrix(coefficients, bands);
  if (scaling === "HTK") for (let i = 0; i < bands; i++) matrix[i]! *= Math.SQRT2;
  return matrix;
}

function cepstralBins(coefficients: number): PictureBins {
  const names = Array.from({ length: coefficients }, (_, i) => `c${i}`);
  return { names, units: names.map(() => "") };
}

function unit({ logarithm, spectrum }: LogMelOptions): string {
  if (logarithm === "dB") return "dB";
  if (logarithm === "ln") return "";
  return spectrum === "power" ? "x²" : "x";
}

function wrong(field: string, got: number | string, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field, got, expected });
}
