/** Takes what a resampler or an aligner gives. */
export interface RowOutput {
  /**
   * @param time ms since 1970: the true time of the signal, the filter's delay taken off
   * @param values one per channel, NaN where there is none; valid until the call returns
   * @param label of the last reading at or before this time
   */
  row(time: number, values: Float64Array, label: string | undefined): void;
  /** Between the rows before and those to come lies a break that is not filled with missing ones. */
  interrupt(): void;
}

/** What happened, since the counts were made. */
export interface ResampleCounts {
  /** Readings left out because their time does not lie after the one before, or their row was given already. */
  late: number;
  /** Rows in which a value is missing. */
  missing: number;
  /** Breaks: a pause too long to be filled with missing rows, or another rate. */
  breaks: number;
}

export function hasMissing(values: Float64Array, channels: number): boolean {
  for (let c = 0; c < channels; c++) if (Number.isNaN(values[c]!)) return true;
  return false;
}
