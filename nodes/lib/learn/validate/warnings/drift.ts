import type { Matrix } from "../../math/matrix.js";
import { type Scaler, standardise } from "../../math/scaler.js";
import { brief } from "../../words.js";
import type { Check } from "./check.js";

/** A shift of a feature's mean by this many of its standard deviations is another state of the machine, not chance. */
const DRIFT = 3;

/** Features whose mean in the hold-out is another one; the worst by name. */
export const drift: Check = ({ names, scaler, training, holdOut, by }) => {
  const before = meanZ(scaler, training);
  const shifts = meanZ(scaler, holdOut).map((after, i) => (scaler.constant[i] ? 0 : after - before[i]!));
  let worst = 0;
  for (let i = 1; i < shifts.length; i++) if (Math.abs(shifts[i]!) > Math.abs(shifts[worst]!)) worst = i;
  const shift = shifts[worst] ?? 0;
  if (!(Math.abs(shift) > DRIFT)) return undefined;
  const others = shifts.filter((each) => Math.abs(each) > DRIFT).length - 1;
  const more = others > 0 ? ` (and ${others} more by over ${DRIFT})` : "";
  const where = by === "time" ? "than in those before" : "than in the streams it learned from";
  return `"${names[worst]}" drifts: in the frames held out it is ${brief(Math.abs(shift))} standard deviations ${shift > 0 ? "higher" : "lower"} ${where}${more}.`;
};

function meanZ(scaler: Scaler, { rows, columns, data }: Matrix): Float64Array {
  const sum = new Float64Array(columns);
  const z = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    standardise(scaler, data, z, row * columns);
    for (let i = 0; i < columns; i++) sum[i]! += z[i]! / rows;
  }
  return sum;
}
