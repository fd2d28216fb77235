import { createRequire } from "node:module";
import type * as Onnx from "onnxruntime-node";
import type { ClassResult, Frame } from "../nodes/lib/index.ts";
import { type Bench, type Row, rowsOf, type Table } from "./lib/bench.ts";
import { library } from "./lib/library.ts";
import { compare, memory } from "./lib/measure.ts";
import { type Bundle, readBundle } from "./voice/bundle.ts";
import { Chain, windowerOf } from "./voice/chain.ts";
import { type Cost, costs, type Listener, shareRows } from "./voice/cost.ts";
import { ListeningFlow } from "./voice/node-red.ts";
import { PythonChain } from "./voice/python.ts";
import { lively, pieceOf, quiet, RATE } from "./voice/sound.ts";

const onnx = createRequire(import.meta.url)("onnxruntime-node") as typeof Onnx;

const MICROPHONES = [1, 4, 16];
/** s: of the sound that is used round and round. */
const SECONDS = 20;
/** Hours of the sound that is played for the memory. */
const HOURS = Number(process.env.EDGE_ML_VOICE_HOURS ?? 24);
/** Messages that are given before the flow is waited for, and how many hops one of them has. */
const AHEAD = 20;
const HOPS_A_MESSAGE = 2;
/** How far the scores of the chains may lie apart: float32 against float64, through the network. */
const TOLERANCE = 1e-3;

/** Microphones of a chain or a flow that are fed in turn. */
function microphones(name: string, streams: number, piece: (i: number) => Buffer, hop: number, push: Push): Listener {
  let at = 0;
  return {
    name,
    streams,
    async listen(hops) {
      for (let i = 0; i < hops; i++, at++) await push(piece(at), at * hop, streams);
      return undefined;
    },
  };
}

type Push = (pcm: Buffer, at: number, streams: number) => Promise<void>;

const named = (who: string, streams: number) => `${who}, ${streams} microphone${streams > 1 ? "s" : ""}`;

async function wholeChain(bundle: Bundle, flow: ListeningFlow): Promise<Table> {
  const { hop, manifest } = bundle;
  const sound = lively(SECONDS);
  const piece = pieceOf(sound, hop);
  const { chains: pythons, note } = await PythonChain.start(bundle, sound);
  const apart = await differenceFrom(bundle, piece, pythons);
  const listeners: Listener[] = [];
  for (const streams of MICROPHONES) {
    const chain = await Chain.start(bundle);
    const names = Array.from({ length: streams }, (_, i) => `${streams}-${i}`);
    listeners.push(
      microphones(named("the library", streams), streams, piece, hop, async (pcm, at) => {
        await Promise.all(names.map((name) => chain.push(name, pcm, at)));
      }),
      microphones(named("a flow in Node-RED", streams), streams, piece, hop, async (pcm, at) => {
        for (const name of names) flow.push(name, pcm, at);
        await flow.settled();
      }),
    );
    for (const python of pythons) {
      listeners.push({
        name: named(`Python, ${python.name}`, streams),
        streams,
        listen: (hops) => python.run(streams, hops),
      });
    }
  }
  const results = await costs(listeners);
  const peer = pythons[0]?.name;
  const rows = shareRows(results, (1000 * hop) / RATE, ({ streams }) =>
    listeners.find(({ name }) => peer !== undefined && name === named(`Python, ${peer}`, streams)),
  );
  for (const python of pythons) python.stop();
  const notes = [
    `${manifest.name} ${manifest.version}, ${bundle.bytes.length} bytes; PCM in messages of one hop; Node-RED ${flow.version}`,
    note,
    ...(pythons.length > 0 ? [`before: the same scores, within ${apart.toExponential(0)}`] : []),
  ];
  return { title: `Share of a core, a hop of ${(1000 * hop) / RATE} ms, from PCM to the decision`, rows, notes };
}

/** Whether all compute the same is checked before: comparing the time of different things says nothing. */
async function differenceFrom(bundle: Bundle, piece: (i: number) => Buffer, pythons: readonly PythonChain[]) {
  const { size, hop, manifest } = bundle;
  const chain = await Chain.start(bundle);
  const ours: Map<string, number>[] = [];
  const hops = pythons[0]?.scores.length ?? 0;
  for (let i = 0; i < hops; i++) {
    for (const frame of framesOf(chain, "compared", piece(i), i * hop)) {
      const outcome = await chain.infer(frame);
      if (outcome?.result.kind !== "class") throw new Error("The model gave no classes.");
      const { scores } = outcome.result as ClassResult;
      ours.push(new Map(scores.map(({ label, score }) => [label, score])));
    }
  }
  // The hop that fills the first window.
  const first = Math.floor(size / hop) - 1;
  let worst = 0;
  for (const [i, scores] of ours.entries()) {
    for (const { name, scores: theirs } of pythons) {
      for (const [c, label] of manifest.labels!.entries()) {
        const [one, other] = [scores.get(label)!, theirs[first + i]![c]!];
        const error = Math.abs(one - other);
        if (!(error <= TOLERANCE)) throw new Error(`Python, ${name} gives ${other} for ${label}, ours ${one}.`);
        worst = Math.max(worst, error);
      }
    }
  }
  return worst;
}

function framesOf(chain: Chain, stream: string, pcm: Buffer, at: number): Frame[] {
  const frames: Frame[] = [];
  chain.window(stream, pcm, at, (window) => frames.push(chain.features(window)));
  return frames;
}

/** What each stage takes of it. */
async function stages(bundle: Bundle): Promise<Table> {
  const { hop, size, manifest } = bundle;
  const piece = pieceOf(lively(SECONDS), hop);
  const chain = await Chain.start(bundle);
  const windows: Frame[] = [];
  const hops = (SECONDS * RATE) / hop;
  for (let i = 0; i < hops; i++) chain.window("stages", piece(i), i * hop, (window) => windows.push(window));
  const frames = windows.map((window) => chain.features(window));
  const outcomes: ClassResult[] = [];
  for (const frame of frames) outcomes.push((await chain.infer(frame))!.result as ClassResult);
  const session = await onnx.InferenceSession.create(bundle.bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const windower = windowerOf(size, hop);
  let pushed = 0;
  let extracted = 0;
  let inferred = 0;
  let decided = 0;
  const results = await compare([
    {
      name: "PCM into windows",
      run(count) {
        for (let i = 0; i < count; i++, pushed++) {
          const timestamp = (pushed * hop * 1000) / RATE;
          const msg = { topic: "s", payload: piece(pushed), rate: RATE, timestamp };
          windower.push(library.readReading(msg, timestamp), () => undefined);
        }
      },
    },
    {
      // Once around the list no two windows overlap: those frames are all computed anew.
      name: "log-mel, the new frames of a window",
      run(count) {
        for (let i = 0; i < count; i++) chain.features(windows[extracted++ % windows.length]!);
      },
    },
    {
      name: "the network and its check, through Inference",
      async run(count) {
        for (let i = 0; i < count; i++) await chain.infer(frames[inferred++ % frames.length]!);
      },
    },
    {
      name: "bare session.run",
      async run(count) {
        for (let i = 0; i < count; i++) {
          const { data, info } = frames[i % frames.length]!;
          await session.run({ [manifest.input.name]: new onnx.Tensor("float32", data, [1, ...info.shape]) });
        }
      },
    },
    {
      name: "the decision",
      run(count) {
        for (let i = 0; i < count; i++) {
          const at = decided++ % outcomes.length;
          const { info } = frames[at]!;
          chain.decide("stages", outcomes[at]!, { ...info, end: (decided * hop * 1000) / RATE });
        }
      },
    },
  ]);
  return { title: "One hop of one microphone, stage by stage (library)", rows: rowsOf(results, "bare session.run") };
}

/** What the sound gate of edge-window saves where nobody speaks. */
async function gate({ hop }: Bundle, flow: ListeningFlow): Promise<Table> {
  const sounds: [string, Buffer][] = [
    ["as lively as speech", lively(SECONDS)],
    ["a quiet room", quiet(SECONDS)],
  ];
  const results = new Map<Listener, Cost>();
  for (const [how, window] of [
    ["without the gate", {}],
    ["with it", { sound: true }],
  ] as const) {
    await flow.deploy(window);
    const listeners = sounds.map(([what, sound]) =>
      microphones(`${what}, ${how}`, 1, pieceOf(sound, hop), hop, async (pcm, at) => {
        flow.push(what, pcm, at);
        await flow.settled();
      }),
    );
    for (const [one, cost] of await costs(listeners)) results.set(one, cost);
  }
  const [first] = results.keys();
  const rows = shareRows(results, (1000 * hop) / RATE, () => first);
  return { title: "Share of a core with the sound gate of edge-window (a flow in Node-RED, 1 microphone)", rows };
}

/** Many hours as fast as the flow takes them. */
async function flatMemory({ hop }: Bundle, flow: ListeningFlow): Promise<Table> {
  const length = HOPS_A_MESSAGE * hop;
  const piece = pieceOf(lively(SECONDS), length);
  const each = Math.round((3600 * RATE) / length);
  const rows: Row[] = [];
  const look = (when: string) => {
    const held = memory();
    rows.push({ what: `${when}: heap and typed arrays`, value: held, unit: "bytes" });
    rows.push({ what: `${when}: the whole process`, value: process.memoryUsage().rss, unit: "bytes" });
  };
  const play = async (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      flow.push("day", piece(i), i * length);
      if (i % AHEAD === 0) await flow.settled();
    }
    await flow.settled();
  };
  const began = performance.now();
  // The first minute fills what is kept.
  const start = Math.round(each / 60);
  await play(0, start);
  look("after a minute");
  let done = start;
  for (const hours of new Set([Math.min(1, HOURS), HOURS / 2, HOURS])) {
    const until = Math.round(hours * each);
    await play(done, until);
    done = Math.max(done, until);
    look(`after ${hours} h`);
  }
  const seconds = (performance.now() - began) / 1000;
  const notes = [`${HOURS} h of sound in ${Math.round(seconds)} s, messages of ${(1000 * length) / RATE} ms`];
  return { title: "Memory of a flow that listens, after a collection", rows, notes };
}

export const bench: Bench = {
  title: "a voice trigger",
  async run() {
    const bundle = readBundle();
    const flow = await ListeningFlow.start(bundle);
    await flow.deploy();
    const tables = [await wholeChain(bundle, flow), await stages(bundle), await gate(bundle, flow)];
    await flow.deploy();
    tables.push(await flatMemory(bundle, flow));
    await flow.stop();
    return tables;
  },
};
