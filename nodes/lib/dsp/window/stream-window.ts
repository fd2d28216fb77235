import { EdgeMlError } from "../../errors/index.js";
import { type Frame, type FrameInfo, MAX_FRAME_LENGTH, type Reading } from "../../frame/index.js";
import type { Recipe } from "../../recipe/index.js";
import type { WindowCounts } from "./counts.js";
import { GateKeeper } from "./gate-keeper.js";
import { Layout } from "./layout.js";
import { recipeOf, type WindowPlan } from "./options.js";
import { RowRing } from "./row-ring.js";
import { Screen } from "./screen.js";
import { TimeOrder } from "./time-order.js";

export type Emit = (frame: Frame) => void;

/** What one message may become: 256 MiB of windows, and as many of them. Beyond, a chunk must be cut. */
const MAX_OUTPUT_LENGTH = 4 * MAX_FRAME_LENGTH;
const MAX_OUTPUT_FRAMES = 100_000;

/** What a stream has once its channels are known. */
interface Rows {
  layout: Layout;
  ring: RowRing;
  screen: Screen;
  recipe: Recipe;
}

/** The windows of one stream. O(1) amortised for each sample, plus one copy for each window. */
export class StreamWindow {
  readonly #stream: string;
  readonly #plan: WindowPlan;
  readonly #counts: WindowCounts;
  readonly #gate: GateKeeper | undefined;
  readonly #order: TimeOrder;
  #rows: Rows | undefined;
  #rate: number | undefined;
  #label: string | undefined;
  #seq = 0;
  /** By samples: how many more until the next window. */
  #due: number;
  /** By time: where the oldest window begins that is still open; undefined until a reading counts. */
  #start: number | undefined;

  constructor(stream: string, plan: WindowPlan, counts: WindowCounts) {
    this.#stream = stream;
    this.#plan = plan;
    this.#counts = counts;
    this.#gate = plan.gate && new GateKeeper(plan.gate);
    this.#order = new TimeOrder(plan.reset);
    this.#due = plan.size;
  }

  get channels(): readonly string[] {
    return this.#rows?.layout.channels ?? [];
  }

  /** Bytes held for samples. */
  get bytes(): number {
    return this.#rows?.ring.bytes ?? 0;
  }

  /** @throws EdgeMlError EDGE_ML_PAYLOAD, EDGE_ML_TOO_LARGE */
  push(reading: Reading, emit: Emit): void {
    const rows = this.#rows ?? this.#begin(reading);
    if (rows === undefined) {
      this.#counts.empty++;
      return;
    }
    const { layout } = rows;
    const { values } = reading;
    if (values.kind === "named") {
      const map = layout.named(values.names);
      this.#counts.unknown += layout.unknown;
      this.#samples(rows, reading, values.values, 1, 0, map, emit);
    } else {
      const moments = layout.moments(values.values.length);
      if (moments > 1) this.#checkOutput(moments, layout.channels.length, reading.rate);
      this.#samples(rows, reading, values.values, moments, layout.channels.length, layout.plain, emit);
    }
  }

  #begin(reading: Reading): Rows | undefined {
    const layout = Layout.of(this.#plan, reading);
    if (layout === undefined) return undefined;
    const { channels } = layout;
    const longest = Math.floor(MAX_FRAME_LENGTH / channels.length);
    if (this.#plan.by === "samples" && this.#plan.size > longest) {
      throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
        field: "the window",
        got: `${this.#plan.size} samples of ${channels.length} channels`,
        expected: `${longest} samples`,
      });
    }
    this.#rows = {
      layout,
      ring: new RowRing(channels.length, this.#plan.by === "samples" ? this.#plan.size : longest),
      screen: new Screen(this.#plan, channels.length),
      recipe: recipeOf(this.#plan, channels, undefined),
    };
    return this.#rows;
  }

  /**
   * Takes the samples of one message.
   * @param stride from one moment to the next in `values`
   * @param map for each channel, and last for the gate, where its value is in a moment; -1 = nowhere
   */
  #samples(
    rows: Rows,
    reading: Reading,
    values: Float64Array | Float32Array,
    moments: number,
    stride: number,
    map: Int32Array,
    emit: Emit,
  ): void {
    const { rate } = reading;
    let first = 0;
    let time = reading.time;
    if (rate !== this.#rate) {
      if (rows.ring.length > 0) {
        this.#counts.restarts++;
        this.#interrupt(rows);
      }
      this.#rate = rate;
    } else if (rate !== undefined) {
      time = this.#continued(reading, rate, moments);
    }
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
      if (order === "restart") {
        this.#counts.restarts++;
        this.#interrupt(rows);
        rows.screen.reset();
        this.#order.last = Number.NaN;
      }
    }
    this.#counts.samples += moments - first;
    for (let i = first; i < moments; i++) {
      this.#sample(rows, time + i * step, values, i * stride, map, reading.label, emit);
    }
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
    rows: Rows,
    time: number,
    values: Float64Array | Float32Array,
    base: number,
    map: Int32Array,
    label: string | undefined,
    emit: Emit,
  ): void {
    const { ring, screen } = rows;
    const { by, size, hop, gapLimit } = this.#plan;
    if (gapLimit > 0 && time - this.#order.last > gapLimit) {
      if (by === "time") this.#closeUntil(rows, time, gapLimit, emit);
      this.#counts.gaps++;
      this.#interrupt(rows);
    }
    this.#order.last = time;
    if (by === "time") this.#closeUntil(rows, time, Number.POSITIVE_INFINITY, emit);

    const columns = ring.columns;
    if (this.#gate) {
      const at = map[columns]!;
      if (!this.#gate.open(at < 0 ? Number.NaN : values[base + at]!, time)) {
        this.#counts.gated++;
        this.#discard(rows);
        return;
      }
    }
    for (let c = 0; c < columns; c++) {
      const at = map[c]!;
      if (at < 0) screen.look(c, Number.NaN, false);
      else screen.look(c, values[base + at]!, true);
    }
    this.#label = label;

    if (by === "samples") {
      if (ring.length === size) ring.shift();
      ring.push(time, screen.values, screen.cells);
      if (--this.#due === 0) {
        this.#due = hop;
        this.#emit(rows, emit);
      }
      return;
    }
    // A window that began before its stream did would be cut short: the first one is the next that begins.
    this.#start ??= Math.ceil(time / hop) * hop;
    if (time < this.#start) return;
    if (ring.length === ring.limit) this.#overflow(rows);
    ring.push(time, screen.values, screen.cells);
  }

  /**
   * By time: sends the windows that end at or before `time`.
   * @param hole ms: a window whose last sample lies further than this before its end is not sent
   */
  #closeUntil(rows: Rows, time: number, hole: number, emit: Emit): void {
    const { size, hop } = this.#plan;
    const { ring } = rows;
    if (this.#start === undefined) return;
    while (time >= this.#start + size) {
      if (ring.length > 0 && this.#start + size - ring.lastTime <= hole) this.#emit(rows, emit);
      this.#start += hop;
      ring.dropBefore(this.#start);
      // Nothing for a while: on to the first window that is still open.
      if (ring.length === 0) this.#start = Math.max(this.#start, (Math.floor((time - size) / hop) + 1) * hop);
    }
  }

  #emit({ layout, ring, recipe }: Rows, emit: Emit): void {
    const { channels } = layout;
    const info: FrameInfo = {
      kind: "window",
      shape: [ring.length, channels.length],
      names: channels as string[],
      stream: this.#stream,
      seq: this.#seq++,
      start: ring.firstTime,
      end: ring.lastTime,
      quality: ring.quality(channels),
      recipe,
    };
    if (this.#rate !== undefined) info.rate = this.#rate;
    if (this.#label !== undefined) info.label = this.#label;
    this.#counts.frames++;
    if (!info.quality.ok) this.#counts.bad++;
    emit({ data: ring.copy(), info });
  }

  /** What was collected is left out: no window spans what happened. */
  #discard({ ring, screen }: Rows): void {
    if (ring.length > 0) ring.clear();
    screen.interrupt();
    this.#due = this.#plan.size;
    this.#start = undefined;
  }

  #interrupt(rows: Rows): void {
    this.#discard(rows);
    this.#gate?.reset();
  }

  #overflow(rows: Rows): void {
    const { limit, columns } = rows.ring;
    this.#interrupt(rows);
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
      field: "the window",
      got: `more than ${limit} samples of ${columns} channels`,
      expected: `${limit} samples`,
    });
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
