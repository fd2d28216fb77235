import { EdgeMlError } from "../errors/index.js";
import { encodePcm16 } from "../sound/index.js";
import { chooseSource } from "./choose-source.js";
import { ChunkQueue } from "./chunk-queue.js";
import { hasPipewireDevice } from "./devices.js";
import type { SoundLevel } from "./level-watch.js";
import { type CaptureRequest, type CaptureSource, type RecorderCommand, recorderCommand } from "./recorder.js";
import { Recording, type RecordingPlan } from "./recording.js";

export interface CaptureOptions {
  source: "auto" | CaptureSource;
  /** For the source "command". */
  command?: RecorderCommand;
  /** What is asked of the device; for the source "command": what its bytes are. */
  request: CaptureRequest;
  sound: RecordingPlan["sound"];
}

/** Sound as it goes into the flow. */
export interface CapturedChunk {
  /** 16-bit little-endian PCM, channels interleaved. */
  pcm: Buffer;
  /** Hz */
  rate: number;
  channels: number;
  /** ms since 1970, of the first sample. */
  timestamp: number;
}

export type CaptureState =
  | { kind: "stopped" }
  /** A recorder was started, and nothing came yet. */
  | { kind: "starting" }
  | { kind: "listening" }
  /** It failed, and will be tried again; `attempt` counts from 1. */
  | { kind: "waiting"; fault: EdgeMlError; attempt: number };

export interface CaptureCounts {
  /** Chunks handed over. */
  chunks: number;
  /** Chunks that the flow did not take in time. */
  dropped: number;
  /** Chunks left out, since a number of the device was none. */
  bad: number;
  /** ms of sound that the device lost, as far as it says so. */
  lost: number;
}

export interface CaptureHooks {
  chunk(chunk: CapturedChunk): void;
  state(state: CaptureState): void;
  /** Once for each time that the sound is gone, and again when the reason becomes another. */
  fault(fault: EdgeMlError): void;
  level(level: SoundLevel): void;
}

/** Times in which a test need not wait. */
export interface CapturePatience {
  /** ms before the first new try; each one after it waits twice as long, up to the longest. */
  first: number;
  longest: number;
  /** s without a byte after which the device counts as dead. */
  stall: number;
  /** s of sound that may wait for the flow. */
  waiting: number;
}

const PATIENCE: CapturePatience = { first: 500, longest: 10_000, stall: 5, waiting: 5 };

/** ms for which a recorder must have run for its failure to be a new one. */
const STEADY = 5000;

/**
 * Keeps a recorder running: starts it, starts it again when it ends or falls silent, and waits for its end before the
 * next one, so that the device is free. While the device is gone it is tried again and again, at growing intervals.
 */
export class Capture {
  readonly counts: CaptureCounts = { chunks: 0, dropped: 0, bad: 0, lost: 0 };
  readonly #options: CaptureOptions;
  readonly #hooks: CaptureHooks;
  readonly #patience: CapturePatience;
  readonly #queue: ChunkQueue<CapturedChunk>;
  readonly #listeners = new Set<(chunk: CapturedChunk) => void>();
  #state: CaptureState = { kind: "stopped" };
  #level: SoundLevel | undefined;
  #isWanted = false;
  #run: Promise<void> = Promise.resolve();
  #recording: Recording | undefined;
  #wake: (() => void) | undefined;

  constructor(options: CaptureOptions, hooks: CaptureHooks, patience: Partial<CapturePatience> = {}) {
    this.#options = options;
    this.#hooks = hooks;
    this.#patience = { ...PATIENCE, ...patience };
    const { chunk, rate } = options.sound;
    this.#queue = new ChunkQueue(Math.ceil((this.#patience.waiting * rate) / chunk), (each) => this.#give(each));
  }

  get state(): CaptureState {
    return this.#state;
  }

  /** Of the last quarter of a second; undefined while nothing is heard. */
  get level(): SoundLevel | undefined {
    return this.#level;
  }

  /**
   * Hands every chunk to somebody else, too.
   * @returns ends that
   */
  listen(take: (chunk: CapturedChunk) => void): () => void {
    this.#listeners.add(take);
    return () => this.#listeners.delete(take);
  }

  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#run = this.#run.then(() => this.#keepRunning());
  }

  /** Fulfilled once the recorder is gone and its device free. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    this.#queue.clear();
    this.#wake?.();
    // Of now: one that is started meanwhile comes after it.
    const run = this.#run;
    await this.#recording?.stop();
    await run;
  }

  async #keepRunning(): Promise<void> {
    let attempt = 0;
    let reported: string | undefined;
    while (this.#isWanted) {
      if (attempt === 0) this.#be({ kind: "starting" });
      const began = performance.now();
      const fault = await this.#record();
      this.#level = undefined;
      if (!this.#isWanted || fault === undefined) break;
      if (performance.now() - began > STEADY) [attempt, reported] = [0, undefined];
      attempt++;
      this.#be({ kind: "waiting", fault, attempt });
      if (fault.code !== reported) this.#hooks.fault(fault);
      reported = fault.code;
      await this.#wait(Math.min(this.#patience.longest, this.#patience.first * 2 ** Math.min(attempt - 1, 20)));
    }
    if (!this.#isWanted) this.#be({ kind: "stopped" });
  }

  /** @returns why it ended; undefined when it was stopped. Never rejects. */
  async #record(): Promise<EdgeMlError | undefined> {
    try {
      const plan = await this.#plan();
      if (!this.#isWanted) return undefined;
      this.#recording = new Recording(plan, {
        heard: () => this.#be({ kind: "listening" }),
        chunk: (samples, timestamp) => this.#push(samples, timestamp),
        bad: () => this.counts.bad++,
        lost: (ms) => {
          this.counts.lost += ms;
        },
        level: (level) => {
          this.#level = level;
          this.#hooks.level(level);
        },
      });
      return await this.#recording.ended;
    } catch (error) {
      return EdgeMlError.from(error);
    } finally {
      this.#recording = undefined;
    }
  }

  async #plan(): Promise<RecordingPlan> {
    const { source: wanted, command, request, sound } = this.#options;
    const { stall } = this.#patience;
    const source = wanted === "auto" ? await chooseSource() : wanted;
    if (source === "pipewire" && request.device !== "" && (await hasPipewireDevice(request.device)) === false) {
      throw new EdgeMlError("EDGE_ML_CAPTURE_DEVICE", { device: request.device, reason: "PipeWire does not know it" });
    }
    if (source !== "command") return { source, command: recorderCommand(source, request), request, sound, stall };
    return { source, command: command ?? { program: "", args: [] }, request, sound, stall };
  }

  #push(samples: Float32Array, timestamp: number): void {
    const { rate, chunk } = this.#options.sound;
    this.#queue.push({ pcm: encodePcm16(samples), rate, channels: samples.length / chunk, timestamp });
    this.counts.dropped = this.#queue.dropped;
  }

  #give(chunk: CapturedChunk): void {
    this.counts.chunks++;
    this.#hooks.chunk(chunk);
    for (const take of this.#listeners) take(chunk);
  }

  #be(state: CaptureState): void {
    this.#state = state;
    this.#hooks.state(state);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.#wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
