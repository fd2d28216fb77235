import { interleaved, type Reading } from "../../frame/index.js";
import { Aligner } from "../resample/index.js";
import { ChunkClock } from "./chunk-clock.js";
import type { WindowCounts } from "./counts.js";
import type { Emit } from "./frame-maker.js";
import type { Align, WindowPlan } from "./options.js";
import { checkOutput } from "./output-limit.js";
import { Cell, isMissing, newRow } from "./row.js";
import { Screen } from "./screen.js";
import { TopicChannels } from "./topic-channels.js";
import { WindowLine } from "./window-line.js";

/**
 * The windows of topics that are joined into one stream: each value is screened, brought together on time with those of
 * the other channels, and the rows go the way of any other stream's.
 */
export class JoinedWindow {
  /** ms: when the stream was last used, by the clock of who asks. */
  used = 0;
  /** Bytes that its keeper has counted. */
  accounted = 0;
  readonly #plan: WindowPlan;
  readonly #counts: WindowCounts;
  readonly #columns: number;
  readonly #topics: TopicChannels;
  readonly #screen: Screen;
  readonly #aligner: Aligner;
  readonly #line: WindowLine;
  readonly #row;
  /** Which of the aligned channels is the gate's, or -1. */
  readonly #gate: number;
  /** 1 for each channel whose newest value is one of a stuck channel. */
  readonly #stuck: Uint8Array;
  /** Of each aligned channel that comes in chunks. */
  readonly #clocks: (ChunkClock | undefined)[];

  /** @throws EdgeMlError EDGE_ML_SETTING */
  constructor(stream: string, plan: WindowPlan, align: Align, counts: WindowCounts, position: number) {
    const channels = Object.freeze(plan.channels.map(({ channel }) => channel));
    const aligned = [...channels];
    if (plan.gate !== undefined && !channels.includes(plan.gate.channel)) aligned.push(plan.gate.channel);
    const rate = align.clock === "" ? plan.resample?.rate : undefined;
    this.#plan = plan;
    this.#counts = counts;
    this.#columns = channels.length;
    this.#topics = new TopicChannels(aligned);
    this.#screen = new Screen(plan, channels.length);
    this.#line = new WindowLine(stream, plan, channels, counts, rate, position);
    this.#row = newRow(channels.length);
    this.#gate = plan.gate === undefined ? -1 : aligned.indexOf(plan.gate.channel);
    this.#clocks = aligned.map(() => undefined);
    this.#stuck = new Uint8Array(channels.length);
    this.#aligner = new Aligner(
      {
        channels: aligned.length,
        clock: rate === undefined ? { channel: channels.indexOf(align.clock) } : { rate },
        method: align.method,
        limit: align.limit,
        wait: plan.tolerance,
        reset: plan.reset,
      },
      counts,
      {
        row: (time, values, label) => this.#take(time, values, label),
        interrupt: () => this.#line.interrupt(),
      },
    );
  }

  get channels(): readonly string[] {
    return this.#line.channels;
  }

  get bytes(): number {
    return this.#line.bytes + this.#aligner.bytes;
  }

  get nextPosition(): number {
    return this.#line.nextPosition;
  }

  /** @throws EdgeMlError EDGE_ML_TOO_LARGE */
  push(reading: Reading, emit: Emit): void {
    const line = this.#line;
    line.emit = emit;
    const { label, rate } = reading;
    const map = this.#topics.map(reading);
    const width = map.length;
    // A topic without names is one channel.
    const values = reading.values.kind === "plain" ? interleaved(reading, 1) : reading.values.values;
    const moments = values.length / width;
    if (moments > 1) checkOutput(this.#plan, moments, this.#columns, rate);
    if (reading.trigger === true) line.isEvent = true;
    const clock = rate === undefined ? undefined : this.#clockOf(map[0]!);
    if (clock !== undefined) {
      clock.begin(reading, rate!, moments, this.#plan.reset);
      clock.add(moments);
    }
    for (let i = 0; i < moments; i++) {
      const at = clock === undefined ? reading.time : clock.at(i);
      for (let k = 0; k < width; k++) this.#value(map[k]!, at, values[i * width + k]!, label);
    }
    this.#counts.samples += moments;
  }

  trigger(): void {
    this.#line.isEvent = true;
  }

  /** Of the channel whose chunks come; undefined for one that is none of ours. */
  #clockOf(channel: number): ChunkClock | undefined {
    if (channel < 0) return undefined;
    this.#clocks[channel] ??= new ChunkClock();
    return this.#clocks[channel];
  }

  #value(channel: number, time: number, value: number, label: string | undefined): void {
    if (channel < 0) {
      this.#counts.unknown++;
      return;
    }
    let good = value;
    if (channel < this.#columns) {
      const cell = this.#screen.judge(channel, value);
      this.#stuck[channel] = cell === Cell.stuck ? 1 : 0;
      if (isMissing(cell)) good = Number.NaN;
    }
    this.#aligner.push(channel, time, good, label);
  }

  #take(time: number, values: Float64Array, label: string | undefined): void {
    if (!this.#line.admits(time, this.#gate < 0 ? Number.NaN : values[this.#gate]!)) return;
    const row = this.#row;
    row.bad = 0;
    for (let c = 0; c < this.#columns; c++) {
      const value = values[c]!;
      const cell = Number.isNaN(value) ? Cell.missing : this.#stuck[c] === 1 ? Cell.stuck : Cell.good;
      row.values[c] = value;
      row.cells[c] = cell;
      if (cell !== Cell.good) row.bad++;
    }
    this.#line.take(row, time, label);
  }
}
