/** full: a cloud of any direction; diagonal: along the axes. */
export type MixtureShape = "full" | "diagonal";

/** A mixture of K normal distributions, in the form in which the expectation step needs it. */
export interface MixtureState {
  /** [K, F] */
  means: Float64Array;
  /** y = d P has |y|² = d Σ⁻¹ dᵀ: [K, F, F], or [K, F] where diagonal. */
  factors: Float64Array;
  /** log weight − log det Σ / 2 − F log 2π / 2, [K] */
  offsets: Float64Array;
}

/** What one pass over the rows gives: sums over the rows, about the means that it was given. */
export interface MixtureSums {
  logLikelihood: number;
  /** Σ r, [K] */
  members: Float64Array;
  /** Σ r d, [K, F] */
  first: Float64Array;
  /** Σ r dᵀd, [K, F, F], or its diagonal [K, F] */
  second: Float64Array;
}

/** The sums of expectation and maximisation over all rows. */
export interface MixtureKernel {
  /** One round of expectation, and the sums for the maximisation. */
  expectation(state: MixtureState, tell: () => void): Promise<MixtureSums>;
  /** The sums where each row belongs to one component. */
  assigned(nearest: Int32Array, means: Float64Array): Promise<MixtureSums>;
}
