/** A band of a power spectrum: the lines in it, the outermost counted by the part that lies inside. */
export interface SpectralBand {
  first: number;
  last: number;
  firstShare: number;
  /** 0 when the first line is the last. */
  lastShare: number;
}

/**
 * The lines of a band. Line k stands for the frequencies within half a step of it (lines 0 and the last for the half that
 * exists), so bands that meet share a line between them, and bands that fill 0 … rate/2 add up to the whole.
 * @param from Hz, from 0
 * @param to Hz, above `from`, up to half the rate
 */
export function spectralBand({ bins, step }: { bins: number; step: number }, from: number, to: number): SpectralBand {
  const last = bins - 1;
  // In lines.
  const [low, high] = [Math.max(0, from / step), Math.min(last, to / step)];
  const share = (k: number): number => {
    const [start, end] = [Math.max(0, k - 0.5), Math.min(last, k + 0.5)];
    return Math.max(0, Math.min(high, end) - Math.max(low, start)) / (end - start);
  };
  const ends = [Math.min(last, Math.floor(low + 0.5)), Math.min(last, Math.floor(high + 0.5))] as const;
  return {
    first: ends[0],
    last: ends[1],
    firstShare: share(ends[0]),
    lastShare: ends[1] > ends[0] ? share(ends[1]) : 0,
  };
}

/** The sum over a band's lines; times step / noiseBandwidth it is the band's mean square. */
export function bandSum(power: Float64Array, { first, last, firstShare, lastShare }: SpectralBand): number {
  let sum = firstShare * power[first]!;
  for (let k = first + 1; k < last; k++) sum += power[k]!;
  // A share of 0 times NaN would be NaN, too: that is right, the whole spectrum is NaN then.
  return last > first ? sum + lastShare * power[last]! : sum;
}
