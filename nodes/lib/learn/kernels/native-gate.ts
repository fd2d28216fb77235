/** Thrown where a training goes on after it was cancelled. */
export class Cancelled extends Error {
  constructor() {
    super("The training was cancelled");
    this.name = "Cancelled";
  }
}

const CANCELLED = 0;
/** How many calls of native code are under way. */
const INSIDE = 1;

/**
 * Keeps a training thread from being ended inside of native code, which would end the whole process. The thread says
 * that it goes in and then looks whether it was cancelled; who cancels says so and then looks whether the thread is
 * inside (Dekker's order, over memory that both see): one of the two always notices. Once it was cancelled nobody goes
 * in any more.
 */
export class NativeGate {
  /** What the other thread makes its gate from. */
  readonly memory: SharedArrayBuffer;
  readonly #state: Int32Array;

  constructor(memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#state = new Int32Array(memory);
  }

  cancel(): void {
    Atomics.store(this.#state, CANCELLED, 1);
  }

  get cancelled(): boolean {
    return Atomics.load(this.#state, CANCELLED) === 1;
  }

  /** Whether the thread may be in native code: then it must not be ended. */
  get occupied(): boolean {
    return Atomics.load(this.#state, INSIDE) > 0;
  }

  /** @throws Cancelled */
  check(): void {
    if (this.cancelled) throw new Cancelled();
  }

  /**
   * Calls native code.
   * @throws Cancelled
   */
  async through<T>(call: () => Promise<T>): Promise<T> {
    Atomics.add(this.#state, INSIDE, 1);
    try {
      this.check();
      return await call();
    } finally {
      Atomics.sub(this.#state, INSIDE, 1);
    }
  }
}

/** The gate of this thread; without a training thread nobody closes it. */
let gate = new NativeGate();

/** Lets every kernel of this thread go through the gate of its training. */
export function useGate(next: NativeGate): void {
  gate = next;
}

/** Calls native code through the gate of this thread. */
export function throughGate<T>(call: () => Promise<T>): Promise<T> {
  return gate.through(call);
}
