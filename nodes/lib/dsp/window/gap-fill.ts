import { HoldFill } from "./hold-fill.js";
import { InterpolateFill } from "./interpolate-fill.js";
import type { GapPolicy } from "./options.js";
import type { RowSink } from "./row.js";

/** Fills what is missing in rows, and hands them on in their order. */
export interface GapFill extends RowSink {
  /** Bytes held for rows that wait. */
  readonly bytes: number;
  /** Hands on the rows that wait for a value which will not come. */
  flush(): void;
  /** Nothing is filled across what happened. */
  interrupt(): void;
}

/** Undefined where the policy fills nothing. */
export function gapFillOf({ policy, limit }: GapPolicy, columns: number, next: RowSink): GapFill | undefined {
  if (policy === "hold") return new HoldFill(limit, columns, next);
  return policy === "interpolate" ? new InterpolateFill(limit, columns, next) : undefined;
}
