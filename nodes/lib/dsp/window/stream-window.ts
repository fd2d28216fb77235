import { EdgeMlError } from "../../errors/index.js";
import { MAX_FRAME_LENGTH, type Reading } from "../../frame/index.js";
import type { WindowCounts } from "./counts.js";
import { type Cutter, cutterOf } from "./cutter.js";
import { type Emit, FrameMaker } from "./frame-maker.js";
import { type GapFill, gapFillOf } from "./gap-fill.js";
import { GapSplit } from "./gap-split.js";
import { GateKeeper } from "./gate-keeper.js";
import { Layout } from "./layout.js";
import type { WindowPlan } from "./options.js";
import { RateCheck } from "./rate-check.js";
import { ReadingSorter } from "./reading-sorter.js";
import type { RowSink } from "./row.js";
import { Screen } from "./screen.js";
import { TimeOrder } from "./time-order.js";

/** What one message may become: 256 MiB of windows, and as many of them. Beyond, a chunk must be cut. */
const MAX_OUTPUT_LENGTH = 4 * MAX_FRAME_LENGTH;
const MAX_OUTPUT_FRAMES = 100_000;

/** A stream's way from its values to its windows, once its channels are known. */
interface Line {
  layout: Layout;
  screen: Screen;
  /** Where a screened row goes first: to the filling of gaps, or at once to the cutter. */
  first: RowSink;
  fill: GapFill | undefined;
  cutter: Cutter;
  maker: FrameMaker;
}

/**
 * The windows of one stream: readings are sorted (where the plan allows for it), held in the order of time, gated,
 * screened, filled and cut. O(1) amortised for each sample, plus one copy for each window.
 */
export class StreamWindow {
  /** ms: when the stream was last used, by the clock of who asks. */
  used = 0;
  readonly #stream: string;
  readonly #plan: WindowPlan;
  readonly #counts: WindowCounts;
  readonly #position: number;
  readonly #gate: GateKeeper | undefined;
  readonly #order: TimeOrder;
  readonly #sorter: ReadingSorter | undefined;
  #check: RateCheck | undefined;
  #line: Line | undefined;
  #rate: number | undefined;
  /** The next sample begins a window, where events do. */
  #isEvent = false;

  /** @param position the number of its first sample */
  constructor(stream: string, plan: WindowPlan, counts: WindowCounts, position: number) {
    this.#stream = stream;
    this.#plan = plan;
    this.#counts = counts;
    this.#position = position;
    this.#gate = plan.gate && new GateKeeper(plan.gate);
    this.#order = new TimeOrder(plan.reset);
    if (plan.tolerance > 0) this.#sorter = new ReadingSorter(plan.tolerance, (reading) => this.#read(reading));
  }

  get channels(): readonly string[] {
    return this.#line?.layout.channels ?? [];
  }

  /** Bytes held for samples. */
  get bytes(): number {
    const line = this.#line;
    if (line === undefined) return 0;
    let bytes = line.maker.bytes;
    if (line.fill !== undefined) bytes += line.fill.bytes;
    if (this.#sorter !== undefined) bytes += this.#sorter.bytes;
    return bytes;
  }

  /** The number that a sample has from which on no window overlaps one of this stream. */
  get nextPosition(): number {
    return this.#line?.maker.nextPosition ?? this.#position;
  }

  /** @throws EdgeMlError EDGE_ML_PAYLOAD, EDGE_ML_TOO_LARGE */
  push(reading: Reading, emit: Emit): void {
    const line = this.#line ?? this.#begin(reading);
    if (line === undefined) {
      this.#counts.empty++;
      return;
    }
    line.maker.emit = emit;
    const sorter = this.#sorter;
    if (sorter === undefined) this.#read(reading, line);
    else if (reading.timed && reading.rate === undefined && isMoment(reading, line.layout)) {
      this.#sort(line, sorter, reading);
    } else {
      sorter.flush();
      this.#read(reading, line);
    }
  }

  /** The next sample begins a window, where events do. */
  trigger(): void {
    this.#isEvent = true;
  }

  #sort(line: Line, sorter: ReadingSorter, reading: Reading): void {
    const lateness = sorter.lateness(reading.time);
    if (lateness > 0) {
      if (this.#order.behind(lateness) === "late") {
        this.#counts.late++;
        return;
      }
      this.#restart(line);
    }
    if (sorter.push(reading)) this.#counts.sorted++;
  }

  #begin(reading: Reading): Line | undefined {
    const plan = this.#plan;
    const layout = Layout.of(plan, reading);
    if (layout === undefined) return undefined;
    const { channels } = layout;
    this.#rate = reading.rate;
    const maker = new FrameMaker(this.#stream, plan, channels, this.#counts, this.#rate, this.#position);
    const cutter = cutterOf(plan, maker, this.#counts);
    const fill = gapFillOf(plan.gap, channels.length, cutter);
    const first = fill ?? (plan.gap.policy === "split" ? new GapSplit(channels.length, cutter, this.#counts) : cutter);
    this.#line = { layout, screen: new Screen(plan, channels.length), first, fill, cutter, maker };
    return this.#line;
  }

  /** Takes the samples of one message. */
  #read(reading: Reading, line = this.#line!): void {
    const { layout } = line;
    const { values } = reading;
    if (values.kind === "named") {
      const map = layout.named(values.names);
      this.#counts.unknown += layout.unknown;
      this.#samples(line, reading, values.values, 1, 0, map);
    } else {
      const moments = layout.moments(values.values.length);
      if (moments > 1) this.#checkOutput(moments, layout.channels.length, reading.rate);
      this.#samples(line, reading, values.values, moments, layout.channels.length, layout.plain);
    }
  }

  /**
   * @param stride from one moment to the next in `values`
   * @param map for each channel, and last for the gate, where its value is in a moment; -1 = nowhere
   */
  #samples(
    line: Line,
    reading: Reading,
    values: Float64Array | Float32Array,
    moments: number,
    stride: number,
    map: Int32Array,
  ): void {
    const { rate } = reading;
    let first = 0;
    let time = reading.time;
    if (rate !== this.#rate) this.#changeRate(line, rate);
    else if (rate !== undefined) time = this.#continued(reading, rate, moments);
    if (rate !== undefined && reading.timed) this.#checkRate(line, reading.time, (moments * 1000) / rate);
    const step = rate === undefined ? 0 : 1000 / rate;
    const { last } = this.#order;
    if (time <= last && step > 0 && time + (moments - 1) * step > last) {
      // A chunk that begins in the one before it and goes on after it: its new part counts.
      first = Math.floor((last - time) / step) + 1;
      this.#counts.late += first;
    } else {
      const order = this.#order.judge(time, moments === 1 && reading.timed);
      if (order === "late" || order === "duplicate") {
        if (order === "late") this.#counts.late += moments;
        else this.#counts.duplicates++;
        return;
      }
      if (order === "restart") this.#restart(line);
    }
    this.#counts.samples += moments - first;
    if (reading.trigger === true) this.#isEvent = true;
    for (let i = first; i < moments; i++) {
      this.#sample(line, time + i * step, values, i * stride, map, reading.label);
    }
  }

  #changeRate(line: Line, rate: number | undefined): void {
    if (!Number.isNaN(this.#order.last)) {
      if (line.maker.ring.length > 0) this.#counts.restarts++;
      this.#interrupt(line);
      this.#check?.reset();
    }
    this.#rate = rate;
    line.maker.rate = rate;
    line.maker.rateIsWrong = false;
  }

  #checkRate(line: Line, time: number, length: number): void {
    this.#check ??= new RateCheck();
    this.#check.chunk(time, length);
    line.maker.rateIsWrong = this.#check.isWrong;
  }

  /** The clock was set back, or the source began again. What still waits came before. */
  #restart(line: Line): void {
    this.#sorter?.flush();
    this.#counts.restarts++;
    this.#interrupt(line);
    line.screen.reset();
    this.#check?.reset();
    line.maker.rateIsWrong = false;
    this.#order.last = Number.NaN;
  }

  /**
   * When a chunk with a rate begins. Arrival times jitter, and timestamps are rounded: a chunk that seems to follow the
   * one before it does so exactly.
   */
  #continued({ time, timed }: Reading, rate: number, moments: number): number {
    const step = 1000 / rate;
    const next = this.#order.last + step;
    if (timed) return time <= this.#order.last && time > this.#order.last - step ? next : time;
    const slack = Math.max(1000, 2 * moments * step);
    return time - next > slack || next - time > this.#plan.reset || Number.isNaN(next) ? time : next;
  }

  #sample(
    line: Line,
    time: number,
    values: Float64Array | Float32Array,
    base: number,
    map: Int32Array,
    label: string | undefined,
  ): void {
    const { gapLimit } = this.#plan;
    if (gapLimit > 0 && time - this.#order.last > gapLimit) {
      line.fill?.flush();
      line.cutter.advance(time, gapLimit);
      this.#counts.gaps++;
      this.#interrupt(line);
    }
    this.#order.last = time;
    if (this.#gate !== undefined && !this.#isOpen(this.#gate, line, time, values, base, map)) return;
    const row = line.screen.look(values, base, map);
    row.time = time;
    row.label = label;
    row.event = this.#isEvent;
    this.#isEvent = false;
    line.first.take(row);
  }

  #isOpen(
    gate: GateKeeper,
    line: Line,
    time: number,
    values: Float64Array | Float32Array,
    base: number,
    map: Int32Array,
  ): boolean {
    const at = map[map.length - 1]!;
    if (gate.open(at < 0 ? Number.NaN : values[base + at]!, time)) return true;
    this.#counts.gated++;
    this.#isEvent = false;
    line.fill?.flush();
    line.cutter.advance(time, Number.POSITIVE_INFINITY);
    this.#discard(line);
    return false;
  }

  /** What was collected is left out: no window spans what happened. */
  #discard({ fill, cutter }: Line): void {
    fill?.interrupt();
    cutter.interrupt();
  }

  #interrupt(line: Line): void {
    line.fill?.flush();
    this.#discard(line);
    this.#gate?.reset();
  }

  /** A message of many samples must not become more windows than memory holds. */
  #checkOutput(moments: number, columns: number, rate: number | undefined): void {
    const { by, size, hop } = this.#plan;
    const frames = 1 + (by === "samples" ? moments / hop : rate === undefined ? 0 : (moments * 1000) / rate / hop);
    const samples = by === "samples" ? size : Math.min(moments, ((rate ?? 0) * size) / 1000);
    if (frames <= MAX_OUTPUT_FRAMES && frames * samples * columns <= MAX_OUTPUT_LENGTH) return;
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
      field: "msg.payload",
      got: `${moments} samples, which make ${Math.floor(frames)} windows`,
      expected: `${MAX_OUTPUT_FRAMES} windows, or ${MAX_OUTPUT_LENGTH} numbers, from one message`,
    });
  }
}

function isMoment({ values }: Reading, layout: Layout): boolean {
  return values.kind === "named" || values.values.length === layout.channels.length;
}
