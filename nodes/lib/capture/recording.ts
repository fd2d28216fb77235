import { EdgeMlError } from "../errors/index.js";
import { captureFault } from "./capture-fault.js";
import { LevelWatch, type SoundLevel } from "./level-watch.js";
import type { CaptureRequest, CaptureSource, RecorderCommand } from "./recorder.js";
import { RecorderProcess } from "./recorder-process.js";
import { SampleClock } from "./sample-clock.js";
import { SoundStream, type SoundStreamOptions } from "./sound-stream.js";

export interface RecordingPlan {
  source: CaptureSource;
  command: RecorderCommand;
  request: CaptureRequest;
  /** What is made of the samples; the device's side of it stands in the request. */
  sound: Omit<SoundStreamOptions, "format" | "captureRate" | "channels">;
  /** s without a byte after which the device counts as dead. */
  stall: number;
}

export interface RecordingHooks {
  /** The first bytes are there. */
  heard(): void;
  /** @param timestamp ms since 1970, of the first sample */
  chunk(samples: Float32Array, timestamp: number): void;
  /** A chunk was left out: a number of the device was none. */
  bad(): void;
  /** The recorder says that it lost samples: so many ms. */
  lost(ms: number): void;
  level(level: SoundLevel): void;
}

/** ms by which a recorder may be faster than the time; then it has to wait. So a file is played at its own pace. */
const AHEAD = 1000;

/** For the first byte a recorder has so many times the patience. */
const FIRST = 4;

/** What arecord says of a device without the rate, and of samples that nobody fetched in time. */
const OTHER_RATE = /rate is not accurate \(requested = \d+Hz, got = (\d+)Hz\)/;
const OVERRUN = /overrun!!! \(at least ([\d.]+) ms long\)/;

/** One recorder from its start to its end: its bytes become chunks with times. */
export class Recording {
  /** Why it ended; undefined when it was stopped. Fulfilled once its device is free again. Never rejects. */
  readonly ended: Promise<EdgeMlError | undefined>;
  readonly #plan: RecordingPlan;
  readonly #hooks: RecordingHooks;
  readonly #process: RecorderProcess;
  readonly #watchdog: NodeJS.Timeout;
  #rate: number;
  #stream!: SoundStream;
  #clock!: SampleClock;
  #levels!: LevelWatch;
  /** Of performance.now(), at the first bytes. */
  #began = Number.NaN;
  #pause: NodeJS.Timeout | undefined;
  /** Looks of the watchdog since the last bytes. */
  #idle = 0;
  #isStopped = false;
  #fault: EdgeMlError | undefined;

  constructor(plan: RecordingPlan, hooks: RecordingHooks) {
    this.#plan = plan;
    this.#hooks = hooks;
    this.#rate = plan.request.rate;
    this.#begin();
    this.#process = new RecorderProcess(plan.command, {
      bytes: (bytes) => this.#take(bytes),
      line: (text) => this.#hear(text),
    });
    // Looks are counted, not ms: after a process that stood still, the bytes that wait come before the next look.
    this.#watchdog = setInterval(() => this.#look(), 1000);
    this.ended = this.#end();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#process.stop();
  }

  async #end(): Promise<EdgeMlError | undefined> {
    const end = await this.#process.ended;
    clearInterval(this.#watchdog);
    clearTimeout(this.#pause);
    if (this.#isStopped) return undefined;
    const { source, command, request } = this.#plan;
    return this.#fault ?? captureFault(source, command, request.device, end);
  }

  /** What depends on the device's rate. */
  #begin(): void {
    const { request, sound } = this.#plan;
    const { channels, format } = request;
    const captureRate = this.#rate;
    this.#clock = new SampleClock(captureRate);
    this.#stream = new SoundStream(
      { ...sound, format, channels, captureRate },
      {
        came: (samples) => {
          this.#clock.arrived(this.#stream.captured + samples.length / channels);
          this.#levels.came(samples);
        },
        chunk: (samples, first, isGood) => {
          this.#levels.went(samples);
          if (isGood) this.#hooks.chunk(samples, this.#clock.timeOf(first));
          else this.#hooks.bad();
        },
      },
    );
    this.#levels = new LevelWatch(channels, format, this.#stream.channels, sound.rate, (level) =>
      this.#hooks.level(level),
    );
  }

  #take(bytes: Buffer): void {
    if (this.#isStopped || this.#fault !== undefined) return;
    this.#idle = 0;
    if (Number.isNaN(this.#began)) {
      this.#began = performance.now();
      this.#hooks.heard();
    }
    try {
      this.#stream.push(bytes);
    } catch (error) {
      this.#giveUp(EdgeMlError.from(error));
      return;
    }
    const ahead = (this.#stream.captured * 1000) / this.#rate - (performance.now() - this.#began);
    if (ahead <= AHEAD) return;
    this.#process.pause();
    clearTimeout(this.#pause);
    this.#pause = setTimeout(
      () => {
        this.#pause = undefined;
        this.#process.resume();
      },
      ahead - AHEAD / 2,
    );
  }

  #hear(line: string): void {
    const rate = Number(OTHER_RATE.exec(line)?.[1]);
    if (rate > 0 && rate !== this.#rate) {
      this.#rate = rate;
      this.#begin();
    }
    const lost = Number(OVERRUN.exec(line)?.[1]);
    if (!(lost > 0)) return;
    this.#clock.skip(lost);
    this.#stream.interrupt();
    this.#hooks.lost(lost);
  }

  #look(): void {
    const { stall, request, command } = this.#plan;
    if (this.#pause !== undefined || this.#isStopped || this.#fault !== undefined) return;
    // Until its first byte it may have to wake a device or a sound server.
    if (++this.#idle <= (Number.isNaN(this.#began) ? FIRST * stall : stall)) return;
    const device = request.device || command.program;
    this.#giveUp(new EdgeMlError("EDGE_ML_CAPTURE_STALLED", { device, expected: stall }));
  }

  #giveUp(fault: EdgeMlError): void {
    this.#fault = fault;
    void this.#process.stop();
  }
}
