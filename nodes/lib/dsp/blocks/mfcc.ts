import { EdgeMlError } from "../../errors/index.js";
import { FrameMemory } from "../kernels/frame-memory.js";
import { FramePicture } from "../kernels/frame-picture.js";
import { framing, samplesUp } from "../kernels/framing.js";
import { type FramePlan, frameKernel } from "../kernels/index.js";
import { dctMatrix } from "../math/dct.js";
import { SlidingNormalisation } from "../math/sliding-normalisation.js";
import { type Block, rateOf } from "./block.js";
import {
  bandOptions,
  edgeImpulseBank,
  frameOptions,
  type Implementation,
  implementationOption,
} from "./edge-impulse-frames.js";
import { bandLimits, describePicture } from "./picture.js";

interface MfccOptions {
  scale: number;
  coefficients: number;
  /** s */
  frameLength: number;
  /** s */
  frameStride: number;
  fftLength: number;
  filters: number;
  /** Hz */
  lowFrequency: number;
  /** Hz; 0 is half the rate */
  highFrequency: number;
  /** Frames; 0 is none. */
  normalisationWindow: number;
  /** 0 is none. */
  preEmphasis: number;
  implementation: Implementation;
}

const TITLE = "MFCC";
/** What the logarithm takes instead of less: the reference's value for an exact zero. */
const SILENCE = 1e-10;

/**
 * Mel-frequency cepstral coefficients (Edge Impulse: Audio (MFCC)): y[i] = x[i] − p·x[i−1] where the window's last sample
 * stands before its first; |X[k]|² / N of frames without a taper; triangles between whole bins on the mel scale; natural
 * logarithm; orthonormal DCT-II. The first coefficient is the logarithm of the frame's energy. Then each coefficient is
 * normalised over the frames around it. Energies below 1e-10 count as 1e-10, which is −23 in the logarithm.
 * For the coefficients of librosa or TensorFlow see log-mel.
 */
export const mfcc: Block<MfccOptions, FrameMemory> = {
  id: "mfcc",
  version: 1,
  title: TITLE,
  group: "audio",
  about: "The shape of the spectrum in a few numbers per frame: for speech, as Edge Impulse has it.",
  cost: "O(frames · FFT length · log FFT length); of overlapping windows only the new frames",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      ...frameOptions({ frameStride: 0.02, fftLength: 256 }),
      coefficients: { type: "integer", minimum: 1, maximum: 256, default: 13, title: "Coefficients" },
      ...bandOptions(32),
      normalisationWindow: {
        type: "integer",
        minimum: 0,
        maximum: 1001,
        default: 101,
        title: "Normalisation window (frames)",
        description: "An odd number; 0 is none.",
      },
      preEmphasis: {
        type: "number",
        minimum: 0,
        maximum: 1,
        default: 0.98,
        title: "Pre-emphasis",
        description: "How much of the sample before is taken away; 0 is none.",
      },
      implementation: implementationOption,
    },
  },
  plan(window, options) {
    const { coefficients, fftLength, filters, normalisationWindow, preEmphasis, implementation } = options;
    if (coefficients > filters) throw wrong("coefficients", coefficients, `at most the number of filters, ${filters}`);
    if (normalisationWindow > 0 && normalisationWindow % 2 === 0) {
      throw wrong("normalisationWindow", normalisationWindow, "an odd number of frames, or 0");
    }
    const rate = rateOf(window, TITLE);
    const stride = samplesUp(options.frameStride, rate);
    const frames = framing(window.samples, samplesUp(options.frameLength, rate), stride, TITLE);
    const limits = bandLimits(TITLE, rate, options);
    // Normalisation takes away what a factor of the samples adds to a logarithm. Those of 16-bit samples are about 20: nearer
    // to 0, float32 keeps more of their digits.
    const factor = normalisationWindow > 0 ? 2 ** -10 : 1;
    const floor = SILENCE * factor ** 2;
    const plan: FramePlan = {
      frameLength: Math.min(frames.length, fftLength),
      stride,
      fftLength,
      scale: options.scale * factor,
      spectrum: "power",
      gain: 1 / fftLength,
      bank: edgeImpulseBank(limits, filters, fftLength, rate, implementation).bank,
      logarithm: {
        kind: "ln",
        floor,
        offset: 0,
        slope: 1,
        shift: 0,
        low: Number.NEGATIVE_INFINITY,
        high: Number.POSITIVE_INFINITY,
        steps: 0,
      },
      transform: { coefficients, matrix: dctMatrix(coefficients, filters) },
      energyFirst: { floor },
    };
    if (preEmphasis > 0) plan.preEmphasis = { factor: preEmphasis, first: "wraps" };
    const names = Array.from({ length: coefficients }, (_, i) => (i === 0 ? "log energy" : `c${i}`));
    const columns = window.channels.length;
    const size = frames.frames * coefficients;
    const kernel = frameKernel(plan);
    const picture = new FramePicture(frames, columns, preEmphasis > 0);
    const normalisation =
      normalisationWindow > 0 ? new SlidingNormalisation(frames.frames, coefficients, normalisationWindow) : undefined;
    return {
      ...describePicture(TITLE, window, frames.frames, { names, units: names.map(() => "") }, rate / stride),
      compute(data, out, offset, { position }, memory) {
        picture.compute(kernel, data, out, offset, position, memory);
        if (!normalisation) return;
        for (let channel = 0; channel < columns; channel++) normalisation.apply(out, offset + channel * size);
      },
    };
  },
  remember: () => new FrameMemory(),
};

function wrong(field: string, got: number, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field, got, expected });
}
