import { EdgeMlError } from "../../errors/index.js";
import { type Reading, TimeOrder } from "../../frame/index.js";
import { ChunkClock } from "./chunk-clock.js";
import type { WindowCounts } from "./counts.js";
import type { Emit } from "./frame-maker.js";
import { Layout } from "./layout.js";
import type { WindowPlan } from "./options.js";
import { checkOutput } from "./output-limit.js";
import { RateCheck } from "./rate-check.js";
import { ReadingSorter } from "./reading-sorter.js";
import { Screen } from "./screen.js";
import { WindowLine } from "./window-line.js";

/** What a stream has once its channels are known. */
interface Known {
  layout: Layout;
  screen: Screen;
  line: WindowLine;
}

/**
 * The windows of one stream: readings are sorted (where the plan asks for it), kept in the order of time, screened, and
 * go down the line to their windows. O(1) amortised for each sample, plus one copy for each window.
 */
export class StreamWindow {
  /** ms: when the stream was last used, by the clock of who asks. */
  used = 0;
  /** Bytes that its keeper has counted. */
  accounted = 0;
  readonly #stream: string;
  readonly #plan: WindowPlan;
  readonly #counts: WindowCounts;
  readonly #position: number;
  readonly #order: TimeOrder;
  readonly #sorter: ReadingSorter | undefined;
  #clock: ChunkClock | undefined;
  #check: RateCheck | undefined;
  #known: Known | undefined;
  #rate: number | undefined;

  /** @param position the number of its first sample */
  constructor(stream: string, plan: WindowPlan, counts: WindowCounts, position: number) {
    this.#stream = stream;
    this.#plan = plan;
    this.#counts = counts;
    this.#position = position;
    this.#order = new TimeOrder(plan.reset);
    if (plan.tolerance > 0) this.#sorter = new ReadingSorter(plan.tolerance, (reading) => this.#read(reading));
  }

  get channels(): readonly string[] {
    return this.#known?.line.channels ?? [];
  }

  /** Bytes held for samples. */
  get bytes(): number {
    if (this.#known === undefined) return 0;
    return this.#known.line.bytes + (this.#sorter === undefined ? 0 : this.#sorter.bytes);
  }

  /** The number that a sample has from which on no window overlaps one of this stream. */
  get nextPosition(): number {
    return this.#known?.line.nextPosition ?? this.#position;
  }

  /** @throws EdgeMlError EDGE_ML_PAYLOAD, EDGE_ML_TOO_LARGE */
  push(reading: Reading, emit: Emit): void {
    const known = this.#known ?? this.#begin(reading);
    if (known === undefined) {
      this.#counts.empty++;
      return;
    }
    known.line.emit = emit;
    const sorter = this.#sorter;
    if (sorter === undefined) this.#read(reading, known);
    else if (reading.timed && reading.rate === undefined && isMoment(reading, known.layout)) {
      this.#sort(known, sorter, reading);
    } else {
      sorter.flush();
      this.#read(reading, known);
    }
  }

  /** The next sample begins a window, where events do. */
  trigger(): void {
    if (this.#known !== undefined) this.#known.line.isEvent = true;
  }

  #sort(known: Known, sorter: ReadingSorter, reading: Reading): void {
    const lateness = sorter.lateness(reading.time);
    if (lateness > 0) {
      if (this.#order.behind(lateness) === "late") {
        this.#counts.late++;
        return;
      }
      this.#restart(known);
    }
    if (sorter.push(reading)) this.#counts.sorted++;
  }

  #begin(reading: Reading): Known | undefined {
    const plan = this.#plan;
    const layout = Layout.of(plan, reading);
    if (layout === undefined) return undefined;
    const { channels } = layout;
    this.#rate = reading.rate;
    const line = new WindowLine(this.#stream, plan, channels, this.#counts, this.#rate, this.#position);
    this.#known = { layout, screen: new Screen(plan, channels.length), line };
    return this.#known;
  }

  /** Takes the samples of one message. */
  #read(reading: Reading, known = this.#known!): void {
    const { layout } = known;
    if (this.#plan.sound !== undefined && this.#plan.resample === undefined) needRate(reading.rate);
    const { values } = reading;
    if (values.kind === "named") {
      const map = layout.named(values.names);
      this.#counts.unknown += layout.unknown;
      this.#samples(known, reading, values.values, 1, 0, map);
    } else {
      const columns = layout.channels.length;
      const plain = layout.moments(reading);
      const moments = plain.length / columns;
      if (moments > 1) checkOutput(this.#plan, moments, columns, reading.rate);
      this.#samples(known, reading, plain, moments, columns, layout.plain);
    }
  }

  /**
   * @param stride from one moment to the next in `values`
   * @param map for each channel, and last for the gate, where its value is in a moment; -1 = nowhere
   */
  #samples(
    known: Known,
    reading: Reading,
    values: Float64Array | Float32Array,
    moments: number,
    stride: number,
    map: Int32Array,
  ): void {
    const { rate } = reading;
    let first = 0;
    let time = reading.time;
    if (rate !== this.#rate) this.#changeRate(known.line, rate);
    let clock: ChunkClock | undefined;
    if (rate !== undefined) {
      if (reading.timed) this.#checkRate(known.line, time, (moments * 1000) / rate);
      this.#clock ??= new ChunkClock();
      clock = this.#clock;
      time = clock.begin(reading, rate, moments, this.#plan.reset);
    }
    const { last } = this.#order;
    if (clock !== undefined && time <= last && clock.at(moments - 1) > last) {
      // A chunk that begins in the one before it and goes on after it: its new part counts.
      while (clock.at(first) <= last) first++;
      this.#counts.late += first;
    } else {
      const order = this.#order.judge(time, moments === 1 && reading.timed);
      if (order === "late" || order === "duplicate") {
        if (order === "late") this.#counts.late += moments;
        else this.#counts.duplicates++;
        return;
      }
      if (order === "restart") this.#restart(known);
    }
    this.#counts.samples += moments - first;
    if (reading.trigger === true) known.line.isEvent = true;
    const { line, screen } = known;
    const { label } = reading;
    clock?.add(moments);
    const gateAt = map[map.length - 1]!;
    for (let i = first; i < moments; i++) {
      const base = i * stride;
      const at = clock === undefined ? time : clock.at(i);
      this.#order.last = at;
      if (line.admits(at, gateAt < 0 ? Number.NaN : values[base + gateAt]!)) {
        line.take(screen.look(values, base, map), at, label);
      }
    }
  }

  #changeRate(line: WindowLine, rate: number | undefined): void {
    this.#rate = rate;
    line.changeRate(rate);
    this.#check?.reset();
    this.#clock?.reset();
  }

  #checkRate(line: WindowLine, time: number, length: number): void {
    this.#check ??= new RateCheck();
    this.#check.chunk(time, length);
    line.rateIsWrong = this.#check.isWrong;
  }

  /** The clock was set back, or the source began again. What still waits came before. */
  #restart({ line, screen }: Known): void {
    this.#sorter?.flush();
    line.restart();
    screen.reset();
    this.#check?.reset();
    this.#order.last = Number.NaN;
  }
}

/** How loud something is depends on how fast it changes. */
function needRate(rate: number | undefined): void {
  if (rate !== undefined) return;
  const expected = "the rate of the samples in Hz, since windows without sound are left out";
  throw new EdgeMlError("EDGE_ML_PAYLOAD", { field: "msg.rate", got: "missing", expected });
}

function isMoment({ values }: Reading, layout: Layout): boolean {
  return values.kind === "named" || values.values.length === layout.channels.length;
}
