/**
 * The score of the Numenta Anomaly Benchmark: A. Lavin & S. Ahmad, "Evaluating Real-time Anomaly Detection Algorithms –
 * the Numenta Anomaly Benchmark", ICMLA 2015, with the details of its published scorer. A window around each anomaly
 * counts once, by its best placed detection: the earlier, the more. Every detection elsewhere costs, and costs less
 * shortly after a window.
 */

/** What a detection, a miss and a false alarm weigh. */
export interface NabProfile {
  truePositive: number;
  falseNegative: number;
  falsePositive: number;
}

export const nabProfiles = {
  standard: { truePositive: 1, falseNegative: 1, falsePositive: 0.11 },
  rewardLowFalsePositives: { truePositive: 1, falseNegative: 1, falsePositive: 0.22 },
  rewardLowFalseNegatives: { truePositive: 1, falseNegative: 2, falsePositive: 0.11 },
} as const satisfies Record<string, NabProfile>;

/** One series of the benchmark with what a detector said of it. */
export interface NabSeries {
  /** One per row; NaN where the detector gave none, which is never a detection. */
  scores: ArrayLike<number>;
  /** The rows around each anomaly: [first, last], in ascending order, without overlap. */
  windows: readonly (readonly [number, number])[];
}

/** What one threshold makes of one series. */
export interface NabFileScore {
  score: number;
  /** Windows with a detection, and without. */
  detected: number;
  missed: number;
  /** Detections outside all windows. */
  falsePositives: number;
}

/** What one threshold makes of all series. */
export interface NabOutcome {
  threshold: number;
  /** 0 is a detector that finds nothing, 100 one that finds everything at once and nothing else. */
  score: number;
  files: NabFileScore[];
}

/** The first rows of a series do not count: 15 % of it, and of a long one no more than 750. */
export function nabProbation(rows: number): number {
  return Math.min(Math.floor(0.15 * rows), 0.15 * 5000);
}

/** The score of all series at one threshold: a row is a detection when its score is at least that. */
export function nabScore(series: readonly NabSeries[], threshold: number, profile: NabProfile): NabOutcome {
  const files = series.map(({ scores, windows }): NabFileScore => {
    const values = rowValues(scores.length, windows, profile);
    const best = windows.map(() => -profile.falseNegative);
    const hit = windows.map(() => false);
    const file: NabFileScore = { score: 0, detected: 0, missed: 0, falsePositives: 0 };
    for (let row = nabProbation(scores.length); row < scores.length; row++) {
      if (!(scores[row]! >= threshold)) continue;
      const window = values.window[row]!;
      if (window < 0) {
        file.score += values.value[row]!;
        file.falsePositives++;
      } else {
        best[window] = hit[window] ? Math.max(best[window]!, values.value[row]!) : values.value[row]!;
        hit[window] = true;
      }
    }
    for (const value of best) file.score += value;
    file.detected = hit.filter((each) => each).length;
    file.missed = windows.length - file.detected;
    return file;
  });
  const windows = series.reduce((sum, each) => sum + each.windows.length, 0);
  return { threshold, score: normalised(sum(files), windows, profile), files };
}

/**
 * The benchmark's rule: the one threshold for all series with which they score best. It is chosen with the labels of the
 * very series that are scored.
 */
export function nabBestThreshold(series: readonly NabSeries[], profile: NabProfile): NabOutcome {
  const rows: { score: number; value: number; window: number }[] = [];
  let windows = 0;
  for (const each of series) {
    const values = rowValues(each.scores.length, each.windows, profile);
    for (let row = nabProbation(each.scores.length); row < each.scores.length; row++) {
      const window = values.window[row]!;
      const score = each.scores[row]!;
      if (Number.isNaN(score)) continue;
      rows.push({ score, value: values.value[row]!, window: window < 0 ? -1 : windows + window });
    }
    windows += each.windows.length;
  }
  rows.sort((a, b) => b.score - a.score);
  const best = new Float64Array(windows).fill(-profile.falseNegative);
  const hit = new Uint8Array(windows);
  let total = -windows * profile.falseNegative;
  let top = total;
  let threshold = Number.POSITIVE_INFINITY;
  for (let i = 0; i < rows.length; i++) {
    const { score, value, window } = rows[i]!;
    if (window < 0) total += value;
    else if (!hit[window] || value > best[window]!) {
      total += value - best[window]!;
      best[window] = value;
      hit[window] = 1;
    }
    // Rows with the same score are detected together.
    if (rows[i + 1]?.score !== score && total > top) {
      top = total;
      threshold = score;
    }
  }
  return nabScore(series, threshold, profile);
}

/** What a detection at each row is worth, and the window that it is in (-1: none). */
function rowValues(
  rows: number,
  windows: NabSeries["windows"],
  profile: NabProfile,
): { value: Float64Array; window: Int32Array } {
  const value = new Float64Array(rows);
  const window = new Int32Array(rows).fill(-1);
  let next = 0;
  for (let row = 0; row < rows; row++) {
    while (next < windows.length && windows[next]![1] < row) next++;
    const [left, right] = windows[next] ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (row >= left) {
      window[row] = next;
      value[row] = (profile.truePositive * sigmoid(-(right - row + 1) / (right - left + 1))) / sigmoid(-1);
    } else value[row] = profile.falsePositive * afterWindow(row, windows[next - 1]);
  }
  return { value, window };
}

/** -1 far from any window before it; shortly after one, less. */
function afterWindow(row: number, before: readonly [number, number] | undefined): number {
  if (before === undefined) return -1;
  const [left, right] = before;
  const position = (row - right) / (right - left);
  return position > 3 ? -1 : sigmoid(position);
}

/** Scaled to -1..1: 1 far before, 0 at 0, -1 far behind. */
function sigmoid(position: number): number {
  return 2 / (1 + Math.exp(5 * position)) - 1;
}

/** Between a detector that finds nothing (0) and the perfect one (100); NaN without windows. */
function normalised(score: number, windows: number, { truePositive, falseNegative }: NabProfile): number {
  return (100 * (score + windows * falseNegative)) / (windows * (truePositive + falseNegative));
}

function sum(files: readonly NabFileScore[]): number {
  return files.reduce((total, { score }) => total + score, 0);
}
