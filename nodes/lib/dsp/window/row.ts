/** What is known of one value; 0 is a good one. */
export const Cell = { good: 0, missing: 1, notANumber: 2, outOfRange: 3, stuck: 4, filled: 5 } as const;

/** Whether a value of this kind is none: NaN in the row. */
export function isMissing(cell: number): boolean {
  return cell >= Cell.missing && cell <= Cell.outOfRange;
}

/** One moment of a stream, on its way into a window. */
export interface Row {
  /** ms since 1970. */
  time: number;
  /** One for each channel, NaN where there is none; may be longer. */
  readonly values: Float64Array;
  /** What each value is, one of Cell. */
  readonly cells: Uint8Array;
  /** How many of the values are not good. */
  bad: number;
  label: string | undefined;
  /** The reading asked for a window to begin. */
  event: boolean;
}

/** Takes rows, one after the other, and copies what it keeps: the next row is in the same place. */
export interface RowSink {
  take(row: Row): void;
}

export function newRow(columns: number): Row {
  return {
    time: 0,
    values: new Float64Array(columns),
    cells: new Uint8Array(columns),
    bad: 0,
    label: undefined,
    event: false,
  };
}
