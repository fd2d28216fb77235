/**
 * A recursive filter as second-order sections, one after the other, five numbers each: b0, b1, b2, a1, a2 of
 * H(z) = (b0 + b1/z + b2/z²) / (1 + a1/z + a2/z²). scipy's rows without the a0, which is 1.
 */
export type Sections = Float64Array;

/** How many sections there are. */
function countOf(sections: Sections): number {
  return sections.length / 5;
}

/**
 * Filters in place (scipy.signal.sosfilt; transposed direct form II).
 * @param x any number of samples
 * @param state two numbers for each section, which are changed: zeros at the beginning, or from `steadyState`
 */
export function filterSections(sections: Sections, x: Float64Array, state: Float64Array): void {
  const count = countOf(sections);
  let section = 0;
  // What a section waits for is its own last output: two of them in one loop wait side by side.
  for (; section + 1 < count; section += 2) filterPair(sections, section, x, state);
  if (section < count) filterOne(sections, section, x, state);
}

function filterOne(sections: Sections, section: number, x: Float64Array, state: Float64Array): void {
  const b0 = sections[5 * section]!;
  const b1 = sections[5 * section + 1]!;
  const b2 = sections[5 * section + 2]!;
  const a1 = sections[5 * section + 3]!;
  const a2 = sections[5 * section + 4]!;
  let z1 = state[2 * section]!;
  let z2 = state[2 * section + 1]!;
  for (let i = 0; i < x.length; i++) {
    const input = x[i]!;
    const output = b0 * input + z1;
    z1 = b1 * input - a1 * output + z2;
    z2 = b2 * input - a2 * output;
    x[i] = output;
  }
  state[2 * section] = z1;
  state[2 * section + 1] = z2;
}

/** A section and the one after it. */
function filterPair(sections: Sections, section: number, x: Float64Array, state: Float64Array): void {
  const b0 = sections[5 * section]!;
  const b1 = sections[5 * section + 1]!;
  const b2 = sections[5 * section + 2]!;
  const a1 = sections[5 * section + 3]!;
  const a2 = sections[5 * section + 4]!;
  const d0 = sections[5 * section + 5]!;
  const d1 = sections[5 * section + 6]!;
  const d2 = sections[5 * section + 7]!;
  const c1 = sections[5 * section + 8]!;
  const c2 = sections[5 * section + 9]!;
  let z1 = state[2 * section]!;
  let z2 = state[2 * section + 1]!;
  let y1 = state[2 * section + 2]!;
  let y2 = state[2 * section + 3]!;
  for (let i = 0; i < x.length; i++) {
    const input = x[i]!;
    const middle = b0 * input + z1;
    z1 = b1 * input - a1 * middle + z2;
    z2 = b2 * input - a2 * middle;
    const output = d0 * middle + y1;
    y1 = d1 * middle - c1 * output + y2;
    y2 = d2 * middle - c2 * output;
    x[i] = output;
  }
  state[2 * section] = z1;
  state[2 * section + 1] = z2;
  state[2 * section + 2] = y1;
  state[2 * section + 3] = y2;
}

/**
 * The state in which a filter is after an endless input of ones (scipy.signal.sosfilt_zi): times the first sample, a
 * signal begins without a transient.
 * @returns two numbers for each section
 */
export function steadyState(sections: Sections): Float64Array {
  const count = countOf(sections);
  const state = new Float64Array(2 * count);
  let level = 1;
  for (let section = 0; section < count; section++) {
    const [b0, b1, b2, a1, a2] = sections.subarray(5 * section, 5 * section + 5) as unknown as Five;
    // A constant input u gives a constant output y = u·H(1); what the two delays then hold follows from the recursion.
    const output = (level * (b0 + b1 + b2)) / (1 + a1 + a2);
    state[2 * section] = output - b0 * level;
    state[2 * section + 1] = b2 * level - a2 * output;
    level = output;
  }
  return state;
}

type Five = [b0: number, b1: number, b2: number, a1: number, a2: number];

/** Filters each signal by itself, forwards, as if its first sample had been there since ever: what is known at each moment is all it takes. */
export class CausalFilter {
  readonly #sections: Sections;
  readonly #steady: Float64Array;
  readonly #state: Float64Array;

  constructor(sections: Sections) {
    this.#sections = sections;
    this.#steady = steadyState(sections);
    this.#state = new Float64Array(this.#steady.length);
  }

  /** In place. */
  apply(x: Float64Array): void {
    const state = this.#state;
    const first = x[0]!;
    for (let i = 0; i < state.length; i++) state[i] = this.#steady[i]! * first;
    filterSections(this.#sections, x, state);
  }
}

/**
 * Filters each signal forwards and backwards (scipy.signal.sosfiltfilt): no delay at any frequency, and the gain is
 * squared. Before and after, the signal goes on for a few samples as its own reflection through its end points.
 */
export class ZeroPhaseFilter {
  readonly #forward: CausalFilter;
  readonly #edge: number;
  readonly #extended: Float64Array;

  /**
   * @param samples of each signal. Where there are fewer than the extension would like (3 · (2 · sections + 1), less for
   * an odd order), it is as long as it can be: samples − 1.
   */
  constructor(sections: Sections, samples: number) {
    const count = countOf(sections);
    let withoutZero = 0;
    let withoutPole = 0;
    for (let section = 0; section < count; section++) {
      if (sections[5 * section + 2] === 0) withoutZero++;
      if (sections[5 * section + 4] === 0) withoutPole++;
    }
    this.#edge = Math.min(3 * (2 * count + 1 - Math.min(withoutZero, withoutPole)), samples - 1);
    this.#forward = new CausalFilter(sections);
    this.#extended = new Float64Array(samples + 2 * this.#edge);
  }

  /** In place. */
  apply(x: Float64Array): void {
    const edge = this.#edge;
    const extended = this.#extended;
    const last = x.length - 1;
    for (let i = 1; i <= edge; i++) {
      extended[edge - i] = 2 * x[0]! - x[i]!;
      extended[edge + last + i] = 2 * x[last]! - x[last - i]!;
    }
    extended.set(x, edge);
    this.#forward.apply(extended);
    extended.reverse();
    this.#forward.apply(extended);
    extended.reverse();
    for (let i = 0; i <= last; i++) x[i] = extended[edge + i]!;
  }
}
