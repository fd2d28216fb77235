/**
 * ln x = ln m + e·ln 2 of four positive normal float32 numbers, m in √½ … √2. ln m is below ½ and good to 1e-7 in
 * float32; their sum is made in float64, and so keeps that.
 */
export const LN2: f64 = 0.6931471805599453;

/** e */
export function exponents(x: v128): v128 {
  return i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
}

/** ln m, by the polynomial of Cephes' logf (S. Moshier). */
export function lnOfMantissas(x: v128, exponents: v128): v128 {
  const m = i32x4.sub(x, i32x4.shl(exponents, 23));
  const y = f32x4.sub(m, f32x4.splat(1));
  const z = f32x4.mul(y, y);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-1.151461031e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(1.167699874e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(3.3333331174e-1));
  const tail = f32x4.sub(f32x4.mul(f32x4.mul(y, z), p), f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(y, tail);
}

/** ln x of the first two. */
export function lnOfPair(exponents: v128, mantissas: v128): v128 {
  const twos = f64x2.mul(f64x2.convert_low_i32x4_s(exponents), f64x2.splat(LN2));
  return f64x2.add(twos, f64x2.promote_low_f32x4(mantissas));
}

/** The last two to the front. */
export function upper(x: v128): v128 {
  return v128.shuffle<f64>(x, x, 1, 1);
}
