/** exp(xᵢ) / Σ exp(xⱼ), in place; finite for all finite numbers. */
export function softmax(x: Float64Array): Float64Array {
  let most = x[0]!;
  for (const value of x) if (value > most) most = value;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] = Math.exp(x[i]! - most);
  for (let i = 0; i < x.length; i++) x[i]! /= sum;
  return x;
}
