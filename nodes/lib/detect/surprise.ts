import type { Packer, Unpacker } from "./packing.js";

/** Bins of equal ratio, 16 for each doubling: a bin is 4.4 % wide. */
const PER_OCTAVE = 16;
const LOWEST = 2 ** -6;
const BINS = 1 + 30 * PER_OCTAVE;
/** The share of the scores that the tail is fitted to. */
const TAIL_SHARE = 0.1;
/** The tail changes little from one reading to the next. */
const REFIT = 8;
/** Half-way between "no fourth moment" and an exponential tail; beyond, a handful of values decides alone. */
const HEAVIEST = 0.4;
/** So many exceedances, and the fitted shape counts half. */
const SHAPE_TRUST = 50;
/**
 * What is learned of a score ends at ten times rarer than the threshold, and at 1 in 10,000 at least: cut off nearer to
 * what is normal, the tail would shrink, and the cut with it.
 */
const CUT_BEYOND = 1;
const LEAST_CUT = 4;
/** What is cut counts as so much of a score: it may be an anomaly, and the first of many. */
const CUT_WEIGHT = 0.1;
/** Nobody can tell more from the readings of a sensor: 1 in 10^30. */
const MOST = 30;
/** The least scale of the tail, as a share of its threshold: a score that takes few values has no excess at all. */
const LEAST_SCALE = 0.05;

/**
 * How rare a raw score is: -log10 of the chance that a reading scores as high, judged by the scores before it. 3 is one
 * reading in a thousand. So the scores of all detectors are comparable, and a threshold is a wish for false alarms.
 *
 * The distribution of the raw scores is a histogram with bins of equal ratio, which forgets exponentially. Its upper
 * tenth is smoothed and continued by the predictive distribution of a generalised Pareto tail (peaks over threshold, as
 * SPOT of Siffer et al., KDD 2017, uses): for k exponential exceedances with mean m, P(X > x) = (1 + x / (k m))^-k holds
 * exactly for the next one, however few they are; a heavier tail adds its shape to 1 / k. k counts runs of exceedances,
 * not the exceedances: neighbours that exceed together are one piece of evidence.
 *
 * What lies far beyond the threshold is learned as a value not so far beyond it: an anomaly cannot raise the threshold at
 * once, and one that stays does in time.
 */
export class Surprise {
  /** Scores learned from; not forgotten. */
  seen = 0;
  readonly #bins = new Float64Array(BINS);
  readonly #memory: number;
  /** Of the next score: grows instead of all bins decaying. */
  #weight = 1;
  #total = 0;
  #top = 0;
  // Exceedances, and those that followed none.
  #exceeding = 0;
  #runs = 0;
  #exceeded = false;
  #sinceFit = REFIT;
  // The tail.
  #threshold = LOWEST;
  #share = 1;
  #scale = LOWEST;
  #shape = 1;

  /** @param memory the number of scores after which one counts 1/e */
  constructor(memory: number) {
    this.#memory = memory;
  }

  /** @param raw at least 0 */
  of(raw: number): number {
    this.#fit();
    const excess = raw - this.#threshold;
    if (excess <= 0) return -Math.log10(this.#survival(raw));
    const surprise = -Math.log10(this.#share) + Math.log10(1 + (this.#shape * excess) / this.#scale) / this.#shape;
    return Math.min(MOST, surprise);
  }

  /** @param threshold the surprise beyond which a reading is anomalous */
  learn(raw: number, threshold: number): void {
    const cut = raw <= this.#threshold ? raw : this.#cut(threshold);
    const learned = Math.min(raw, cut);
    const weight = raw > cut ? CUT_WEIGHT * this.#weight : this.#weight;
    const bin = binOf(learned);
    this.#bins[bin]! += weight;
    this.#total += weight;
    if (bin > this.#top) this.#top = bin;
    const exceeds = learned > this.#threshold;
    if (exceeds) {
      this.#exceeding += weight;
      if (!this.#exceeded) this.#runs += weight;
    }
    this.#exceeded = exceeds;
    this.#weight *= 1 + 1 / this.#memory;
    if (this.#weight > 1e9) this.#rescale();
    this.seen++;
    this.#sinceFit++;
  }

  /** The raw score that is as rare as what is still learned as it is. */
  #cut(threshold: number): number {
    if (this.#total === 0) return Number.POSITIVE_INFINITY;
    this.#fit();
    const surprise = Math.max(LEAST_CUT, threshold + CUT_BEYOND);
    const ratio = Math.max(1, this.#share * 10 ** surprise);
    return this.#threshold + (this.#scale * Math.expm1(this.#shape * Math.log(ratio))) / this.#shape;
  }

  pack(packer: Packer): void {
    this.#rescale();
    // The one that goes on and the one that is restored fit their tails at the same readings.
    this.#sinceFit = REFIT;
    let used = 0;
    for (const count of this.#bins) if (count > 0) used++;
    packer.all([this.seen, this.#exceeding, this.#runs, used]);
    this.#bins.forEach((count, bin) => {
      if (count > 0) packer.all([bin, count]);
    });
  }

  unpack(unpacker: Unpacker): void {
    this.seen = unpacker.count(Number.MAX_SAFE_INTEGER);
    this.#exceeding = unpacker.finite();
    this.#runs = unpacker.finite();
    this.#bins.fill(0);
    this.#total = 0;
    this.#top = 0;
    this.#weight = 1;
    for (let used = unpacker.count(BINS); used > 0; used--) {
      const bin = unpacker.count(BINS - 1);
      const count = Math.max(0, unpacker.finite());
      this.#total += count - this.#bins[bin]!;
      this.#bins[bin] = count;
      this.#top = Math.max(this.#top, bin);
    }
    this.#sinceFit = REFIT;
  }

  /** The share of scores that are at least as large, by counting; the reading itself is one of them. */
  #survival(raw: number): number {
    const own = binOf(raw);
    let above = this.#weight;
    for (let bin = this.#top; bin >= own; bin--) above += this.#bins[bin]!;
    return Math.min(1, above / (this.#total + this.#weight));
  }

  #fit(): void {
    if (this.#sinceFit < REFIT) return;
    this.#sinceFit = 0;
    if (this.#total === 0) return;
    const wanted = TAIL_SHARE * this.#total;
    while (this.#top > 0 && !(this.#bins[this.#top]! > 0)) this.#top--;
    let start = this.#top;
    let mass = 0;
    while (start > 0 && mass + this.#bins[start]! < wanted) mass += this.#bins[start--]!;
    // The tail begins at the upper end of the bin that would make it more than a tenth; of a bin that holds a tenth
    // itself, the tail is what lies above.
    const threshold = upperEdge(start);
    let mean = 0;
    let weighted = 0;
    let below = 0;
    for (let bin = start + 1; bin <= this.#top; bin++) {
      const count = this.#bins[bin]!;
      if (count === 0) continue;
      const excess = upperEdge(bin) * 2 ** (-0.5 / PER_OCTAVE) - threshold;
      mean += (count / mass) * excess;
      weighted += (count / mass) * excess * (1 - (below + count / 2) / mass);
      below += count;
    }
    const exceedances = mass / this.#weight;
    const clustered = this.#exceeding > 0 ? Math.max(0.02, this.#runs / this.#exceeding) : 1;
    const evidence = Math.max(1, exceedances * clustered);
    const fitted = mean > 0 ? 2 - mean / (mean - 2 * weighted) : 0;
    const heavy = Math.min(HEAVIEST, Math.max(0, fitted)) * (evidence / (evidence + SHAPE_TRUST));
    this.#threshold = threshold;
    this.#share = (mass + this.#weight) / (this.#total + this.#weight);
    this.#scale = Math.max(mean * (1 - heavy), LEAST_SCALE * threshold);
    this.#shape = heavy + 1 / evidence;
  }

  #rescale(): void {
    const factor = 1 / this.#weight;
    for (let bin = 0; bin <= this.#top; bin++) this.#bins[bin]! *= factor;
    this.#total *= factor;
    this.#exceeding *= factor;
    this.#runs *= factor;
    this.#weight = 1;
  }
}

function binOf(raw: number): number {
  if (!(raw > LOWEST)) return 0;
  return Math.min(BINS - 1, 1 + Math.floor(PER_OCTAVE * Math.log2(raw / LOWEST)));
}

function upperEdge(bin: number): number {
  return LOWEST * 2 ** (bin / PER_OCTAVE);
}
