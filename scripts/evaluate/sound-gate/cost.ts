import { FeatureExtractor, Windower, type WindowOptions } from "../../../nodes/lib/dsp/index.ts";
import { type Frame, readReading } from "../../../nodes/lib/frame/index.ts";

const RATE = 16_000;
const SIZE = 19_440;
const HOP = 800;
const LOG_MEL = {
  block: "log-mel",
  frameLength: 0.025,
  frameStride: 0.01,
  fftLength: 512,
  taper: "hann",
  spectrum: "power",
  bands: 40,
  lowFrequency: 60,
  highFrequency: 7600,
};

/** What the sound gate and the features cost, in CPU time of this process for one hop. */
export function costOf(noise: Float32Array): { what: string; us: number }[] {
  const gate = { margin: 6, level: -70, hold: 1000 };
  const options: WindowOptions = { by: "samples", size: SIZE, hop: HOP };
  const open = windowsOf(noise, options);
  const quiet = windowsOf(noise, { ...options, sound: gate });
  const extractor = new FeatureExtractor([LOG_MEL]);
  const features = (frames: readonly Frame[]) => {
    const started = process.cpuUsage();
    for (const frame of frames) extractor.extract(frame);
    return cpu(started) / frames.length;
  };
  features(open.frames);
  const following = features(open.frames);
  // Each window begins where the one before has ended: nothing to take over, as after a silence.
  const first = features(open.frames.filter((_, i) => i % Math.ceil(SIZE / HOP) === 0));
  return [
    { what: "windows, without the gate", us: open.us },
    { what: "windows, all of them held back", us: quiet.us },
    { what: "features of a window that overlaps the one before", us: following },
    { what: "features of the first window after a silence", us: first },
  ];
}

function windowsOf(noise: Float32Array, options: WindowOptions): { frames: Frame[]; us: number } {
  let frames: Frame[] = [];
  let us = 0;
  const windower = new Windower(options);
  // The first round warms up, and lets the gate know the noise.
  for (let round = 0; round < 2; round++) {
    frames = [];
    const started = process.cpuUsage();
    for (let at = 0; at + HOP <= noise.length; at += HOP) {
      const timestamp = (1000 * (round * noise.length + at)) / RATE;
      const msg = { payload: noise.subarray(at, at + HOP), rate: RATE, timestamp };
      windower.push(readReading(msg, timestamp), (frame) => frames.push(frame));
    }
    us = cpu(started) / (noise.length / HOP);
  }
  return { frames, us };
}

/** µs since then. */
function cpu(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}
