import type { WindowCounts } from "./counts.js";
import { type Cutter, cutterOf } from "./cutter.js";
import { type Emit, FrameMaker } from "./frame-maker.js";
import { type GapFill, gapFillOf } from "./gap-fill.js";
import { GapSplit } from "./gap-split.js";
import { GateKeeper } from "./gate-keeper.js";
import type { WindowPlan } from "./options.js";
import { ResampleStage } from "./resample-stage.js";
import type { Row, RowSink } from "./row.js";
import { SoundStage } from "./sound-stage.js";

/**
 * A stream's way from rows in the order of time to its windows: past the gate, gaps filled, resampled, listened to, cut. What a plan
 * does not ask for is not there and costs nothing.
 */
export class WindowLine {
  readonly channels: readonly string[];
  /** The next row begins a window, where events do. */
  isEvent = false;
  readonly #gapLimit: number;
  readonly #counts: WindowCounts;
  readonly #maker: FrameMaker;
  readonly #gate: GateKeeper | undefined;
  readonly #fill: GapFill | undefined;
  readonly #resample: ResampleStage | undefined;
  readonly #sound: SoundStage | undefined;
  /** Where a row goes first. */
  readonly #first: RowSink;
  /** What follows the filling of gaps. */
  readonly #cutter: Cutter;
  /** When the last row was; NaN before the first and after a restart. */
  #last = Number.NaN;

  /**
   * @param rate Hz, of the rows, where it is known
   * @param position the number of the stream's first sample
   * @throws EdgeMlError EDGE_ML_TOO_LARGE, EDGE_ML_PAYLOAD, EDGE_ML_SETTING
   */
  constructor(
    stream: string,
    plan: WindowPlan,
    channels: readonly string[],
    counts: WindowCounts,
    rate: number | undefined,
    position: number,
  ) {
    const { gap, gate, resample, sound } = plan;
    const columns = channels.length;
    const onGrid = plan.align?.clock === "";
    this.channels = channels;
    this.#gapLimit = plan.gapLimit;
    this.#counts = counts;
    this.#gate = gate && new GateKeeper(gate);
    const fixed = resample?.rate ?? rate;
    this.#maker = new FrameMaker(stream, plan, channels, counts, fixed, position);
    let cutter = cutterOf(plan, this.#maker, counts);
    if (sound !== undefined) {
      this.#sound = new SoundStage(sound, plan, this.#maker, cutter, fixed);
      cutter = this.#sound;
    }
    if (gap.policy === "split") cutter = new GapSplit(columns, cutter, counts);
    if (resample !== undefined && !onGrid) {
      const hasFlags = gap.limit > 0 || plan.channels.some(({ stuck }) => (stuck ?? 0) > 0);
      this.#resample = new ResampleStage(resample, columns, hasFlags, counts, cutter);
      this.#resample.from = rate;
      cutter = this.#resample;
    }
    this.#cutter = cutter;
    this.#fill = gapFillOf(gap, columns, cutter);
    this.#first = this.#fill ?? cutter;
  }

  /** Bytes held for samples. */
  get bytes(): number {
    let { bytes } = this.#maker;
    if (this.#fill !== undefined) bytes += this.#fill.bytes;
    if (this.#resample !== undefined) bytes += this.#resample.bytes;
    return bytes;
  }

  get nextPosition(): number {
    return this.#maker.nextPosition;
  }

  /** Where frames go from now on. */
  set emit(emit: Emit) {
    this.#maker.emit = emit;
  }

  /** The timestamps of chunks do not fit their rate. */
  set rateIsWrong(isWrong: boolean) {
    this.#maker.rateIsWrong = isWrong;
  }

  /**
   * Time has come as far as this row's: ends what it must not be in one window with.
   * @param gate value of the gate's channel; NaN where there is none
   * @returns whether the row counts: the gate is open
   */
  admits(time: number, gate: number): boolean {
    if (this.#gapLimit > 0 && time - this.#last > this.#gapLimit) {
      this.#fill?.flush();
      this.#cutter.advance(time, this.#gapLimit);
      this.#counts.gaps++;
      this.interrupt();
    }
    this.#last = time;
    if (this.#gate === undefined || this.#gate.open(gate, time)) return true;
    this.#counts.gated++;
    this.#fill?.flush();
    this.#cutter.advance(time, Number.POSITIVE_INFINITY);
    this.#discard();
    this.isEvent = false;
    return false;
  }

  /** @throws EdgeMlError EDGE_ML_TOO_LARGE, EDGE_ML_SETTING */
  take(row: Row, time: number, label: string | undefined): void {
    row.time = time;
    row.label = label;
    row.event = this.isEvent;
    this.isEvent = false;
    this.#first.take(row);
  }

  /** The rows that come have another rate. */
  changeRate(rate: number | undefined): void {
    if (!Number.isNaN(this.#last)) {
      if (this.#maker.ring.length > 0) this.#counts.restarts++;
      this.interrupt();
    }
    if (this.#resample === undefined) {
      this.#maker.rate = rate;
      if (this.#sound !== undefined) this.#sound.rate = rate;
    } else this.#resample.from = rate;
    this.#maker.rateIsWrong = false;
  }

  /** Time begins anew. */
  restart(): void {
    this.#counts.restarts++;
    this.interrupt();
    this.#maker.rateIsWrong = false;
    this.#last = Number.NaN;
  }

  /** No window spans what happened. Rows that wait for a value go on without it. */
  interrupt(): void {
    this.#fill?.flush();
    this.#discard();
    this.#gate?.reset();
  }

  #discard(): void {
    this.#fill?.interrupt();
    this.#cutter.interrupt();
  }
}
