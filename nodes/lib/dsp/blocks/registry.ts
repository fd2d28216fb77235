import { describe, EdgeMlError } from "../../errors/index.js";
import { compileSettings } from "../../frame/index.js";
import type { FeatureRecipe } from "../../recipe/index.js";
import { autocorrelation } from "./autocorrelation.js";
import { bandPower } from "./band-power.js";
import type { Block } from "./block.js";
import { correlation } from "./correlation.js";
import { crestFactor } from "./crest-factor.js";
import { dominantFrequencies } from "./dominant-frequencies.js";
import { envelopeSpectrum } from "./envelope-spectrum.js";
import { flatten } from "./flatten.js";
import { goertzel } from "./goertzel.js";
import { hjorth } from "./hjorth.js";
import { logMel } from "./log-mel.js";
import { mfcc } from "./mfcc.js";
import { mfe } from "./mfe.js";
import { quantiles } from "./quantiles.js";
import { raw } from "./raw.js";
import { sampleEntropy } from "./sample-entropy.js";
import { spectralAnalysis } from "./spectral-analysis.js";
import { spectralShape } from "./spectral-shape.js";
import { spectrogram } from "./spectrogram.js";
import { spectrum } from "./spectrum.js";
import { timeOfDay } from "./time-of-day.js";
import { trend } from "./trend.js";
import { velocityRms } from "./velocity-rms.js";
import { zeroCrossings } from "./zero-crossings.js";

/** Every feature block, in the order in which the dialog offers them. A new block is one file and one line here. */
export const blocks: readonly Block[] = [
  raw,
  flatten,
  quantiles,
  trend,
  zeroCrossings,
  hjorth,
  autocorrelation,
  correlation,
  sampleEntropy,
  timeOfDay,
  spectralAnalysis,
  spectrum,
  bandPower,
  dominantFrequencies,
  spectralShape,
  goertzel,
  crestFactor,
  envelopeSpectrum,
  velocityRms,
  spectrogram,
  mfe,
  logMel,
  mfcc,
] as unknown as readonly Block[];

const byId = new Map(blocks.map((block) => [block.id, { block, options: compileSettings(block.options) }]));

/**
 * A block by its id, with its options checked and filled in.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function chooseBlock(id: unknown, options: object): { block: Block; recipe: FeatureRecipe } {
  const entry = byId.get(String(id));
  if (!entry) {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field: "block",
      got: describe(id),
      expected: `one of ${blocks.map((block) => block.id).join(", ")}`,
    });
  }
  const checked = entry.options(options) as Record<string, unknown>;
  const { properties } = entry.block.options as { properties: Record<string, { default: unknown }> };
  for (const later of entry.block.later ?? []) if (checked[later] === properties[later]!.default) delete checked[later];
  return { block: entry.block, recipe: { block: entry.block.id, version: entry.block.version, options: checked } };
}
