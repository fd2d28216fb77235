/**
 * A small seeded random number generator: sfc32 (Chris Doty-Humphrey, PractRand, 2010), 128 bits of state, passes
 * PractRand and BigCrush. Each purpose draws from its own named stream, so that a draw more in one (a fault, say) does
 * not change the others.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spare: number | undefined;

  /**
   * @param seed any integer
   * @param stream what the numbers are for
   */
  constructor(seed: number, stream: string) {
    let hash = seed | 0;
    for (let i = 0; i < stream.length; i++) hash = mix(hash ^ stream.charCodeAt(i));
    // Seeds above 32 bits count in full.
    hash = mix(hash ^ Math.floor(seed / 2 ** 32));
    this.#a = mix(hash + 1);
    this.#b = mix(hash + 2);
    this.#c = mix(hash + 3);
    for (let i = 0; i < 12; i++) this.uniform();
  }

  /** Evenly distributed in [0, 1). */
  uniform(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return (result >>> 0) / 2 ** 32;
  }

  /** Standard normal (Box and Muller, 1958). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** The finalizer of MurmurHash3: every input bit changes every output bit. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/**
 * A slow random variation around 0: an Ornstein-Uhlenbeck process, advanced with its exact solution
 * x(t+dt) = x(t)·e^(-dt/τ) + σ·sqrt(1 - e^(-2dt/τ))·N(0, 1), so that its spread does not depend on the step.
 */
export class Wander {
  value: number;
  readonly #random: Random;
  readonly #keep: number;
  readonly #add: number;

  /**
   * @param spread standard deviation
   * @param memory time constant τ, in the unit of `step`
   */
  constructor(random: Random, spread: number, memory: number, step: number) {
    this.#random = random;
    this.#keep = Math.exp(-step / memory);
    this.#add = spread * Math.sqrt(1 - this.#keep * this.#keep);
    this.value = spread * random.normal();
  }

  step(): number {
    this.value = this.value * this.#keep + this.#add * this.#random.normal();
    return this.value;
  }
}
