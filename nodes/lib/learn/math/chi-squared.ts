/** Coefficients of Lanczos' approximation of Γ, g = 7, n = 9: right to 15 digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** log Γ(x), x > 0.5 */
function logGamma(x: number): number {
  const shifted = x - 1;
  const t = shifted + 7.5;
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (shifted + i);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularised lower incomplete Γ function: its series below a + 1, its continued fraction above (DLMF 8.7.1, 8.9.2). */
function lowerGamma(a: number, x: number): number {
  if (!(x > 0)) return 0;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; Math.abs(term) > 1e-16 * sum; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return scale * sum;
  }
  // Lentz's method.
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const factor = n * (a - n);
    b += 2;
    d = 1 / (b + factor * d);
    c = b + factor / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return 1 - scale * fraction;
}

/** P(X ≤ x) of the chi-squared distribution, degrees ≥ 1. */
export function chiSquared(x: number, degrees: number): number {
  return lowerGamma(degrees / 2, x / 2);
}

/** The x with P(X ≤ x) = share, 0 < share < 1, by bisection. */
export function chiSquaredQuantile(share: number, degrees: number): number {
  let low = 0;
  let high = degrees;
  while (chiSquared(high, degrees) < share) high *= 2;
  while (high - low > 1e-13 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (chiSquared(middle, degrees) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
