import type { Matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";

/**
 * Rows with something wrong in them, made from normal ones: faults of which the truth is known, where real ones are not
 * (yet) to be had. Candidates for "what is normal" are compared by how many of them they find (synthetic anomalies as a
 * surrogate for labels: Goswami et al., Unsupervised model selection for time-series anomaly detection, ICLR 2023).
 *
 * Each row gets one of them, in one channel, all of whose features change together:
 * - shift: each of its features moves by 1 to 4 standard deviations, up or down;
 * - exchange: its features are those of another frame, so that each is normal by itself but not beside the others;
 * - spread: its features lie twice as far from their means;
 * - stuck: its features are what they were in one frame, whatever the other channels do.
 *
 * @param normal where means, deviations and other frames come from
 * @param channels of each feature; null is a channel of its own
 */
export function disturb(rows: Matrix, normal: Matrix, channels: readonly (string | null)[], random: Random): Matrix {
  const { columns } = rows;
  const groups = groupsOf(channels);
  const { mean, std } = momentsOf(normal);
  const data = Float32Array.from(rows.data);
  const stuck = Math.floor(random() * normal.rows);
  for (let row = 0; row < rows.rows; row++) {
    const at = row * columns;
    const group = groups[Math.floor(random() * groups.length)]!;
    const other = Math.floor(random() * normal.rows);
    const shift = (1 + 3 * random()) * (random() < 0.5 ? -1 : 1);
    for (const i of group) {
      const x = data[at + i]!;
      switch (row % 4) {
        case 0:
          data[at + i] = x + shift * std[i]!;
          break;
        case 1:
          data[at + i] = normal.data[other * columns + i]!;
          break;
        case 2:
          data[at + i] = mean[i]! + 2 * (x - mean[i]!);
          break;
        default:
          data[at + i] = normal.data[stuck * columns + i]!;
      }
    }
  }
  return { rows: rows.rows, columns, data };
}

function groupsOf(channels: readonly (string | null)[]): number[][] {
  const found = new Map<string, number[]>();
  const groups: number[][] = [];
  channels.forEach((channel, i) => {
    const group = channel === null ? undefined : found.get(channel);
    if (group) {
      group.push(i);
      return;
    }
    const made = [i];
    groups.push(made);
    if (channel !== null) found.set(channel, made);
  });
  return groups;
}

function momentsOf({ rows, columns, data }: Matrix): { mean: Float64Array; std: Float64Array } {
  const mean = new Float64Array(columns);
  const std = new Float64Array(columns);
  for (let at = 0, row = 0; row < rows; row++) for (let i = 0; i < columns; i++, at++) mean[i]! += data[at]! / rows;
  for (let at = 0, row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++, at++) std[i]! += (data[at]! - mean[i]!) ** 2 / rows;
  }
  return { mean, std: std.map(Math.sqrt) };
}
