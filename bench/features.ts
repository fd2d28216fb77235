import type * as FilterBanks from "../nodes/lib/dsp/kernels/filter-bank.ts";
import type * as Kernels from "../nodes/lib/dsp/kernels/index.ts";
import type * as Mel from "../nodes/lib/dsp/math/mel.ts";
import type * as Fft from "../nodes/lib/dsp/math/real-fft.ts";
import type * as Tapers from "../nodes/lib/dsp/math/taper.ts";
import type { BlockChoice, Frame } from "../nodes/lib/index.ts";
import { javascriptPeers, type Peer, PFFFT } from "./features/javascript.ts";
import { type Native, nativePeer } from "./features/native.ts";
import { features, inside, signal, windowOf, withoutWebAssembly } from "./features/ours.ts";
import { Python } from "./features/python.ts";
import { type Aim, type Candidate, type Race, race, tableOf } from "./features/race.ts";
import type { Bench, Table } from "./lib/bench.ts";
import { library } from "./lib/library.ts";
import { type Case, compare } from "./lib/measure.ts";

const plain = withoutWebAssembly();
const WASM = "ours, WebAssembly";
const TYPESCRIPT = "ours, TypeScript";
const LIBROSA = "librosa";
const SCIPY = "scipy, all frames at once";
const C = "C with PFFFT";

/** Who is there to be compared with. */
interface Peers {
  /** An empty list where Python, or the library that it takes, is missing. */
  python: Python["candidate"];
  javascript: readonly Peer[];
  native: Native;
}

const SECOND = signal(16_000, 1, 16_000);

/** Log-mel as librosa places and weighs it, with the numbers of the MLPerf keyword features. */
const LOG_MEL = { block: "log-mel", alignment: "centre", triangles: "Hz" };

/** For 1 s of audio, whichever of these peers there is. */
const AUDIO_AIMS: readonly Aim[] = [
  { what: WASM, times: 0.12, to: LIBROSA },
  { what: TYPESCRIPT, times: 0.4, to: LIBROSA },
  { what: WASM, times: 0.6, to: SCIPY },
  { what: WASM, times: 1.4, to: C },
];

async function logMel({ python, javascript, native }: Peers, notes: readonly string[]): Promise<Table> {
  const window = windowOf(SECOND, 1, 16_000);
  const input = { data: SECOND, shape: [SECOND.length] };
  const candidates = [
    features(WASM, library, [LOG_MEL], window),
    features(TYPESCRIPT, plain, [LOG_MEL], window),
    ...(await python(LIBROSA, "librosa log-mel", input)),
    ...(await python("librosa, filters made once", "librosa log-mel, filters ready", input)),
    ...(await python(SCIPY, "scipy log-mel", input)),
    ...(await python("numpy, all frames at once", "numpy log-mel", input)),
    ...native(C, "log-mel", 512, SECOND),
    ...javascript.map((peer) => logMelOf(peer)),
  ];
  return tableOf(
    "1 s at 16 kHz → 49 × 40 log-mel (frames of 30 ms every 20 ms, FFT 512)",
    [await race(candidates, [LIBROSA, SCIPY, WASM], AUDIO_AIMS)],
    [
      ...notes,
      "librosa: feature.melspectrogram and the logarithm; it makes its filters in each call",
      "with an FFT from npm: the rest as in our TypeScript",
    ],
  );
}

/** The same with another FFT: there is no package on npm that computes these bands. */
function logMelOf({ name, make }: Peer): Candidate {
  const { melPoints, triangles } = inside<typeof Mel>("math/mel.js");
  const { filterBank } = inside<typeof FilterBanks>("kernels/filter-bank.js");
  const taper = Float32Array.from(inside<typeof Tapers>("math/taper.js").taperWeights("hann", 480));
  const { starts, offsets, weights } = filterBank(
    triangles(melPoints(20, 4000, 40, "HTK"), { fftLength: 512, rate: 16_000 }, { axis: "Hz" }),
  );
  const power = make(512);
  const frame = new Float32Array(512);
  const spectrum = new Float64Array(257);
  const compute = () => {
    const out = new Float32Array(49 * 40);
    for (let f = 0, at = 0; f < 49; f++) {
      // librosa puts the frame into the middle of the FFT.
      for (let i = 0, from = f * 320 + 16; i < 480; i++) frame[16 + i] = taper[i]! * SECOND[from + i]!;
      power(frame, spectrum);
      for (let k = 0; k < 257; k++) spectrum[k] = Math.sqrt(spectrum[k]!);
      for (let band = 0; band < 40; band++) {
        let sum = 0;
        for (let w = offsets[band]!, k = starts[band]!; w < offsets[band + 1]!; w++, k++) {
          sum += weights[w]! * spectrum[k]!;
        }
        out[at++] = Math.log(sum + 1e-6);
      }
    }
    return out;
  };
  return {
    name: `JavaScript with ${name}`,
    result: compute,
    run(count) {
      for (let i = 0; i < count; i++) compute();
    },
  };
}

async function mfcc({ python }: Peers): Promise<Table> {
  const window = windowOf(SECOND, 1, 16_000);
  const input = { data: SECOND, shape: [SECOND.length] };
  const blocks = [{ ...LOG_MEL, coefficients: 10 }];
  const candidates = [
    features(WASM, library, blocks, window),
    features(TYPESCRIPT, plain, blocks, window),
    ...(await python(LIBROSA, "librosa MFCC", input)),
    ...(await python("librosa, filters made once", "librosa MFCC, filters ready", input)),
    ...(await python(SCIPY, "scipy MFCC", input)),
    ...(await python("numpy, all frames at once", "numpy MFCC", input)),
  ];
  return tableOf("1 s at 16 kHz → 49 × 10 MFCC of that log-mel", [
    await race(candidates, [LIBROSA, SCIPY, WASM], AUDIO_AIMS),
  ]);
}

/**
 * Windows of 1 s, 20 ms after each other, of a signal that begins anew after four of them: few enough to stay in the
 * processor's memory, where a window that was just cut is.
 */
async function streaming(): Promise<Table> {
  const hop = 320;
  const period = signal(4 * hop, 1, 16_000);
  const windows = Array.from({ length: 4 }, (_, i) =>
    windowOf(
      Float32Array.from({ length: 16_000 }, (_, at) => period[(i * hop + at) % period.length]!),
      1,
      16_000,
    ),
  );
  const races: Race[] = [];
  for (const [engine, dsp] of [
    ["WebAssembly", library],
    ["TypeScript", plain],
  ] as const) {
    const alone = `${engine}: each window by itself`;
    const following = `${engine}: each from the one before`;
    races.push(
      await race(
        [inStream(following, dsp, windows, hop), inStream(alone, dsp, windows, undefined)],
        [alone],
        [{ what: following, times: 0.04, to: alone }],
      ),
    );
    const blockAlone = `${engine}, the block alone: each window by itself`;
    const blockFollowing = `${engine}, the block alone: each from the one before`;
    races.push(
      await race(
        [inBlock(blockFollowing, dsp, windows, hop), inBlock(blockAlone, dsp, windows, undefined)],
        [blockAlone],
      ),
    );
  }
  return tableOf("1 s of log-mel every 20 ms: one new frame, or all 49", races);
}

/** @param hop how far windows lie from each other in their stream; undefined hides it */
function inStream(
  name: string,
  { FeatureExtractor }: Pick<typeof library, "FeatureExtractor">,
  windows: readonly Frame[],
  hop: number | undefined,
): Candidate {
  const extractor = new FeatureExtractor([{ block: "log-mel" }]);
  const frames = windows.map(({ data, info }) => ({ data, info: { ...info } }));
  let seq = 0;
  const next = () => {
    const frame = frames[seq % frames.length]!;
    if (hop !== undefined) frame.info.position = seq * hop;
    seq++;
    return extractor.extract(frame).data;
  };
  return {
    name,
    result() {
      seq = 0;
      return Array.from({ length: 60 }, next).flatMap((data) => Array.from(data));
    },
    run(count) {
      for (let i = 0; i < count; i++) next();
    },
  };
}

/** The block by itself, into the same numbers each time: what is left of `inStream` without a new frame each time. */
function inBlock(
  name: string,
  { chooseBlock }: Pick<typeof library, "chooseBlock">,
  windows: readonly Frame[],
  hop: number | undefined,
): Candidate {
  const { block, recipe } = chooseBlock("log-mel", {});
  const plan = block.plan({ samples: 16_000, channels: ["c0"], rate: 16_000 }, recipe.options);
  const memory = block.remember?.(recipe.options);
  const out = new Float32Array(plan.names.length);
  const moment: { start: number; end: number; position?: number } = { start: 0, end: 0 };
  let seq = 0;
  const next = () => {
    if (hop !== undefined) moment.position = seq * hop;
    plan.compute(windows[seq++ % windows.length]!.data, out, 0, moment, memory);
    return out;
  };
  return {
    name,
    result() {
      seq = 0;
      return Array.from({ length: 60 }, () => Array.from(next())).flat();
    },
    run(count) {
      for (let i = 0; i < count; i++) next();
    },
  };
}

async function statistics({ python }: Peers): Promise<Table> {
  const data = signal(128, 3, 100);
  const numpy = "numpy, all channels at once";
  const ours = "ours (flatten, zero crossings)";
  const candidates = [
    features(ours, library, [{ block: "flatten" }, { block: "zero-crossings" }], windowOf(data, 3, 100)),
    ...(await python(numpy, "numpy statistics", { data, shape: [128, 3] })),
  ];
  return tableOf("24 statistics of 3 × 128", [
    await race(candidates, [numpy, ours], [{ what: ours, times: 0.04, to: numpy }]),
  ]);
}

async function spectralAnalysis({ python }: Peers): Promise<Table> {
  const rate = 100;
  const data = signal(128, 3, rate);
  const races: Race[] = [];
  for (const filter of ["none", "low"]) {
    for (const fftLength of [16, 32, 64, 128]) {
      const what = `FFT ${fftLength}${filter === "none" ? "" : ", low-pass of order 6"}`;
      const [ours, scipy] = [`${what}: ours`, `${what}: scipy`];
      const options = { fftLength, filter, order: 6, cutoff: 20 };
      const input = { data, shape: [128, 3], options: { ...options, rate } };
      const candidates = [
        features(ours, library, [{ block: "spectral-analysis", ...options }], windowOf(data, 3, rate)),
        ...(await python(scipy, "scipy spectral analysis", input)),
      ];
      races.push(await race(candidates, [scipy, ours], [{ what: ours, times: 0.3, to: scipy }]));
    }
  }
  return tableOf("Spectral analysis of 3 × 128", races, ["scipy: all channels and frames at once"]);
}

/** How many transforms are asked for at once, where that can be. */
const BATCH = 64;

async function powerSpectra({ python, javascript, native }: Peers): Promise<Table> {
  const races: Race[] = [];
  for (const length of [256, 512, 1024, 2048]) {
    const data = signal(BATCH * length, 1, 16_000);
    const input = { data, shape: [BATCH, length] };
    const named = (name: string) => `${length}: ${name}`;
    const scipy = named(`scipy, ${BATCH} at once`);
    const candidates = [
      oursInWasm(named(WASM), data, length),
      oursInTypeScript(named(TYPESCRIPT), data, length),
      ...native(named(C), "power", length, data),
      ...javascript.map(({ name, make }) => eachInTurn(named(name), make(length), data, length)),
      ...(await python(scipy, "scipy power spectra", input, BATCH)),
      ...(await python(named(`numpy, ${BATCH} at once`), "numpy power spectra", input, BATCH)),
      ...(await python(named("numpy, each by itself"), "numpy power spectrum", input, BATCH)),
    ];
    races.push(await race(candidates, [named(PFFFT.name), scipy, named(WASM)], [], { repeats: 7, ms: 40 }));
  }
  return tableOf("Power spectrum |X|² of N float32 numbers, by a real FFT", races);
}

function oursInWasm(name: string, data: Float32Array, length: number): Candidate {
  const { frameKernel } = inside<typeof Kernels>("kernels/index.js");
  const kernel = frameKernel({
    frameLength: length,
    stride: length,
    fftLength: length,
    scale: 1,
    spectrum: "power",
    gain: 1,
  });
  const out = new Float32Array(BATCH * kernel.outputs);
  const compute = () => kernel.compute(data, 0, BATCH, out, 0);
  return {
    name: kernel.engine === "wasm" ? name : `${name} (this machine has none: TypeScript)`,
    result() {
      compute();
      return out;
    },
    run(count) {
      for (let done = 0; done < count; done += BATCH) compute();
    },
  };
}

function oursInTypeScript(name: string, data: Float32Array, length: number): Candidate {
  const { RealFft } = inside<typeof Fft>("math/real-fft.js");
  const fft = new RealFft(length);
  return eachInTurn(name, (x, out) => fft.power(x, out), data, length);
}

function eachInTurn(
  name: string,
  power: (x: Float32Array, out: Float64Array) => void,
  data: Float32Array,
  length: number,
): Candidate {
  const inputs = Array.from({ length: BATCH }, (_, i) => data.subarray(i * length, (i + 1) * length));
  const out = new Float64Array(length / 2 + 1);
  return {
    name,
    result() {
      return inputs.flatMap((x) => {
        power(x, out);
        return Array.from(out);
      });
    },
    run(count) {
      for (let i = 0; i < count; i++) power(inputs[i % BATCH]!, out);
    },
  };
}

/** Those that take a second of sound. */
const AUDIO: ReadonlySet<string> = new Set(["spectrogram", "mfe", "log-mel", "mfcc"]);

/** What the others are tried with, in this order: some need a higher rate than slow sensors have. */
const SHAPES = [
  { samples: 256, channels: 3, rate: 100 },
  { samples: 4096, channels: 3, rate: 10_000 },
];

async function everyBlock(): Promise<Table> {
  const results = await compare(
    library.blocks.map(({ id, title }) =>
      AUDIO.has(id)
        ? caseOf(id, title, { samples: 16_000, channels: 1, rate: 16_000 })
        : caseOf(id, title, SHAPES.find((shape) => takes({ block: id }, shape)) ?? SHAPES[0]!),
    ),
    { repeats: 5, ms: 30 },
  );
  return {
    title: "Each block at its defaults",
    rows: [...results].map(([what, value]) => ({ what, value, unit: "µs" })),
  };
}

function takes(choice: BlockChoice, { samples, channels, rate }: (typeof SHAPES)[number]): boolean {
  try {
    new library.FeatureExtractor([choice]).extract(windowOf(signal(samples, channels, rate), channels, rate));
    return true;
  } catch {
    return false;
  }
}

function caseOf(id: string, title: string, { samples, channels, rate }: (typeof SHAPES)[number]): Case {
  const window = windowOf(signal(samples, channels, rate), channels, rate);
  const size = `${channels} × ${samples.toLocaleString("en-US")} at ${rate.toLocaleString("en-US")} Hz`;
  return features(`${title}, ${size}`, library, [{ block: id }], window);
}

export const bench: Bench = {
  title: "edge-features' library, and what else computes the same",
  async run() {
    const { python, note } = await Python.start();
    const { peers: javascript, notes } = await javascriptPeers();
    const { native, note: nativeNote } = nativePeer();
    const peers: Peers = { python: python ? python.candidate.bind(python) : async () => [], javascript, native };
    try {
      return [
        await logMel(peers, [note, nativeNote, ...notes]),
        await mfcc(peers),
        await streaming(),
        await statistics(peers),
        await spectralAnalysis(peers),
        await powerSpectra(peers),
        await everyBlock(),
      ];
    } finally {
      python?.stop();
    }
  },
};
