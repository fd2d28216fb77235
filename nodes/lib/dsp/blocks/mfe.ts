import { FrameMemory } from "../kernels/frame-memory.js";
import { FramePicture } from "../kernels/frame-picture.js";
import { framing, samplesUp } from "../kernels/framing.js";
import { frameKernel } from "../kernels/index.js";
import { type Block, rateOf } from "./block.js";
import {
  bandOptions,
  edgeImpulseBank,
  frameOptions,
  type Implementation,
  implementationOption,
  noiseFloorOption,
} from "./edge-impulse-frames.js";
import { bandLimits, describePicture, frequencyBins } from "./picture.js";

interface MfeOptions {
  scale: number;
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
  /** dB */
  noiseFloor: number;
  implementation: Implementation;
}

const TITLE = "MFE";
const PRE_EMPHASIS = 0.98;
const STEPS = 256;

/**
 * Mel filter bank energies (Edge Impulse: Audio (MFE)): samples of 16 bits over 2¹⁵, y[i] = x[i] − 0.98·x[i−1] where the
 * window's last sample stands before its first; |X[k]|² / N of frames without a taper; triangles between whole bins on
 * the mel scale; dB between the noise floor, 0, and 12 dB, 1; clipped, and rounded to 256ths.
 * The highest value is 255/256: the reference's own 1 overflows its byte and comes out as 0.
 */
export const mfe: Block<MfeOptions, FrameMemory> = {
  id: "mfe",
  version: 1,
  title: TITLE,
  group: "audio",
  about: "Loudness in mel bands over time, for 16-bit samples: for sounds and keywords, as Edge Impulse has it.",
  cost: "O(frames · FFT length · log FFT length); of overlapping windows only the new frames",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      ...frameOptions({ frameStride: 0.01, fftLength: 256 }),
      ...bandOptions(40),
      noiseFloor: noiseFloorOption,
      implementation: implementationOption,
    },
  },
  plan(window, options) {
    const { fftLength, noiseFloor, filters, implementation } = options;
    const rate = rateOf(window, TITLE);
    const stride = samplesUp(options.frameStride, rate);
    const frames = framing(window.samples, samplesUp(options.frameLength, rate), stride, TITLE);
    const limits = bandLimits(TITLE, rate, options);
    const { bank, hertz } = edgeImpulseBank(limits, filters, fftLength, rate, implementation);
    const kernel = frameKernel({
      frameLength: Math.min(frames.length, fftLength),
      stride,
      fftLength,
      scale: options.scale / 2 ** 15,
      preEmphasis: { factor: PRE_EMPHASIS, first: "wraps" },
      spectrum: "power",
      gain: 1 / fftLength,
      bank,
      logarithm: {
        kind: "dB",
        floor: 1e-30,
        offset: 0,
        slope: 1 / (12 - noiseFloor),
        shift: -noiseFloor / (12 - noiseFloor),
        low: 0,
        high: (STEPS - 1) / STEPS,
        steps: STEPS,
      },
    });
    const picture = new FramePicture(frames, window.channels.length, true);
    return {
      ...describePicture(TITLE, window, frames.frames, frequencyBins(hertz, ""), rate / stride),
      compute(data, out, offset, { position }, memory) {
        picture.compute(kernel, data, out, offset, position, memory);
      },
    };
  },
  remember: () => new FrameMemory(),
};
