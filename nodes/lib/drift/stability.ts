import type { FeatureBins } from "./bins.js";

/** What came in, against training. */
export interface Stability {
  /** The population stability index, less what chance adds to it; at least 0. */
  psi: number;
  level: DriftLevel;
}

/** By the rule of thumb for the index: below 0.1, from 0.1 on, from 0.25 on. */
export type DriftLevel = "none" | "moderate" | "strong";

const MODERATE = 0.1;
const STRONG = 0.25;

/** How often all features of a model together may be wrong about a level, where nothing has changed. */
const CHANCE = 1e-4;

/** The z that a feature's level may exceed by chance, in a model of so many features (Bonferroni). */
export function chanceLimit(features: number): number {
  return normalQuantile(CHANCE / features);
}

/**
 * The population stability index between training and what came in:
 * Σ (p − q) ln(p / q), with p and q the shares of a bin in training and now.
 *
 * Half an independent frame for each bin is added to both, spread evenly in training and as in training now, so that an
 * empty bin is no infinity. Of n frames and m training frames from one distribution, the index is about (1/n + 1/m) χ²
 * with (bins − 1) degrees of freedom (Yurdakul & Naranjo 2020), and more where neighbours repeat each other. What is to
 * be expected of it by chance is subtracted, and a level is only given to what chance does not reach.
 * @param counts frames in each bin, weighted
 * @param total their sum
 * @param frames how many they are, as those in training were
 * @param trained frames in training
 * @param z of chanceLimit
 */
export function stability(
  { shares, repeats }: FeatureBins,
  counts: ArrayLike<number>,
  total: number,
  frames: number,
  trained: number,
  z: number,
): Stability {
  const bins = shares.length;
  const half = bins / 2;
  const before = trained / repeats.most;
  const now = frames / repeats.most;
  let used = 0;
  let index = 0;
  for (let i = 0; i < bins; i++) {
    if (shares[i]! > 0) used++;
    const p = (shares[i]! * before + 0.5) / (before + half);
    const q = ((counts[i]! / total) * now + half * p) / (now + half);
    index += (p - q) * Math.log(p / q);
  }
  const degrees = Math.max(1, used - 1);
  const noise = 1 / frames + 1 / trained;
  const psi = Math.max(0, index - degrees * repeats.mean * noise);
  if (psi < MODERATE || index < reachedByChance(degrees, repeats, z) * noise) return { psi, level: "none" };
  return { psi, level: psi < STRONG ? "moderate" : "strong" };
}

/**
 * What a sum of `degrees` squared normal variables reaches by chance, of which the first has the variance `most`, and all
 * together have the variance `mean` on average: by a chi-squared of the same mean and variance (Satterthwaite 1946) with
 * the quantile of Wilson & Hilferty 1931; far out at least what the first alone reaches.
 */
function reachedByChance(degrees: number, { mean, most }: FeatureBins["repeats"], z: number): number {
  const sum = Math.max(degrees * mean, most);
  const rest = sum - most;
  const squares = most ** 2 + (degrees > 1 ? rest ** 2 / (degrees - 1) : 0);
  const alike = sum ** 2 / squares;
  const ninth = 2 / (9 * alike);
  return Math.max((squares / sum) * alike * (1 - ninth + z * Math.sqrt(ninth)) ** 3, most * z ** 2 + rest);
}

/** The z that a normal variable exceeds with this small probability (Abramowitz & Stegun 26.2.23, to 4.5e-4). */
function normalQuantile(probability: number): number {
  const t = Math.sqrt(-2 * Math.log(probability));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  return t - numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}
