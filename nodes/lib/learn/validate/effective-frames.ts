/**
 * How many independent frames say as much as these of how often the scores are high: n / D with the variance inflation
 * D = 1 + 2 Σ ρ(k), where ρ(k) is the autocorrelation, k frames apart, of the indicator that a score belongs to the
 * highest tenth. Windows that overlap, and a machine that stays for a while as it is, make it large. The sum ends with the
 * first pair of neighbouring ρ whose sum is not above 0 (Geyer, Statistical Science 7 (1992) 473–483).
 * @param scores of frames in the order of time; each stream for itself, since frames of two are not neighbours
 */
export function effectiveFrames(streams: readonly ArrayLike<number>[]): number {
  const all = streams.flatMap((scores) => Array.from(scores)).sort((a, b) => a - b);
  const n = all.length;
  if (n < 4) return n;
  const limit = all[Math.min(n - 1, Math.floor(n * (1 - HIGH_SHARE)))]!;
  const mean = all.filter((score) => score >= limit).length / n;
  const variance = mean * (1 - mean);
  if (variance === 0) return n;
  const series = streams.map((scores) => Float64Array.from(scores, (score) => (score >= limit ? 1 : 0) - mean));
  const longest = Math.max(...series.map(({ length }) => length));
  const correlation = (lag: number) => {
    let sum = 0;
    for (const each of series) for (let i = lag; i < each.length; i++) sum += each[i]! * each[i - lag]!;
    return sum / n / variance;
  };
  let inflation = 1;
  for (let lag = 1; lag + 1 < longest / 2; lag += 2) {
    const pair = correlation(lag) + correlation(lag + 1);
    if (!(pair > 0)) break;
    inflation += 2 * pair;
  }
  return Math.max(1, n / Math.max(1, inflation));
}

const HIGH_SHARE = 0.1;
