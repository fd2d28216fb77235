import { FrameMemory } from "../kernels/frame-memory.js";
import { FramePicture } from "../kernels/frame-picture.js";
import { framing, samplesUp } from "../kernels/framing.js";
import { type FramePlan, frameKernel } from "../kernels/index.js";
import { type Block, rateOf } from "./block.js";
import { frameOptions, type Implementation, implementationOption, noiseFloorOption } from "./edge-impulse-frames.js";
import { describePicture, frequencyBins } from "./picture.js";

interface SpectrogramOptions {
  scale: number;
  /** s */
  frameLength: number;
  /** s */
  frameStride: number;
  fftLength: number;
  /** dB */
  noiseFloor: number;
  implementation: Implementation;
}

const TITLE = "Spectrogram";

/**
 * The power of each frequency from frame to frame (Edge Impulse: Spectrogram): P = |X[k]|² / N of frames without a taper,
 * in dB between the noise floor, 0, and 12 dB, 1: (10·log10(max(P, 1e-30)) − floor) / (12 − floor), not below 0.
 * Version 3 divides a window that has a sample beyond ±1 by 2¹⁵, and gives at most 1.
 */
export const spectrogram: Block<SpectrogramOptions, FrameMemory> = {
  id: "spectrogram",
  version: 1,
  title: TITLE,
  group: "audio",
  about: "Every frequency over time, in dB: for sounds and vibrations other than speech.",
  cost: "O(frames · FFT length · log FFT length); of overlapping windows only the new frames",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      ...frameOptions({ frameStride: 0.01, fftLength: 128 }),
      noiseFloor: noiseFloorOption,
      implementation: implementationOption,
    },
  },
  plan(window, { scale, frameLength, frameStride, fftLength, noiseFloor, implementation }) {
    const rate = rateOf(window, TITLE);
    const stride = samplesUp(frameStride, rate);
    const frames = framing(window.samples, samplesUp(frameLength, rate), stride, TITLE);
    const old = implementation === "3";
    const plan: FramePlan = {
      frameLength: Math.min(frames.length, fftLength),
      stride,
      fftLength,
      scale,
      spectrum: "power",
      gain: 1 / fftLength,
      logarithm: {
        kind: "dB",
        floor: 1e-30,
        offset: 0,
        slope: 1 / (12 - noiseFloor),
        shift: -noiseFloor / (12 - noiseFloor),
        low: 0,
        high: old ? 1 : Number.POSITIVE_INFINITY,
        steps: 0,
      },
    };
    const hertz = Float64Array.from({ length: fftLength / 2 + 1 }, (_, k) => (k * rate) / fftLength);
    const kernel = frameKernel(plan);
    const pcmKernel = old ? frameKernel({ ...plan, scale: scale / 2 ** 15 }) : kernel;
    const picture = new FramePicture(frames, window.channels.length, false);
    return {
      ...describePicture(TITLE, window, frames.frames, frequencyBins(hertz, ""), rate / stride),
      compute(data, out, offset, { position }, memory) {
        const chosen = old && isPcm(data, scale) ? pcmKernel : kernel;
        picture.compute(chosen, data, out, offset, position, memory);
      },
    };
  },
  remember: () => new FrameMemory(),
};

function isPcm(window: Float32Array, scale: number): boolean {
  for (let i = 0; i < window.length; i++) if (Math.abs(window[i]! * scale) > 1) return true;
  return false;
}
