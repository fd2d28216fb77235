/**
 * ln of four positive normal numbers, to about 1e-7 of max(1, |ln x|): x = m·2^e with m in √½ … √2, and the polynomial of
 * Cephes' logf (S. Moshier) for ln m.
 */
export function ln(x: v128): v128 {
  const shifted = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.shr_s(shifted, 23);
  const e = f32x4.convert_i32x4_s(exponent);
  const m = i32x4.sub(x, i32x4.shl(exponent, 23));
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
  // ln 2 in two parts, the larger one exact in float32 times any exponent.
  let r = f32x4.mul(f32x4.mul(y, z), p);
  r = f32x4.add(r, f32x4.mul(e, f32x4.splat(-2.1219444e-4)));
  r = f32x4.sub(r, f32x4.mul(z, f32x4.splat(0.5)));
  r = f32x4.add(y, r);
  return f32x4.add(r, f32x4.mul(e, f32x4.splat(0.693359375)));
}
