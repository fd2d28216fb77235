/** IEEE 754-2008 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */

/** The bits of the nearest half-precision number; what is too large becomes infinite. */
export function float16Bits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  if (Number.isNaN(value)) return 0x7e00;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  // Subnormal below 2^-14: the fraction in steps of 2^-24, which may round up into the smallest normal one.
  if (size < 2 ** -14) return sign | halfToEven(size * 2 ** 24);
  let exponent = Math.floor(Math.log2(size));
  // log2 may be off by its last bit.
  if (2 ** exponent > size) exponent--;
  else if (2 ** (exponent + 1) <= size) exponent++;
  // A fraction that rounds up to 1024 carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + halfToEven((size / 2 ** exponent - 1) * 1024));
}

/** The number that 16 bits stand for. */
export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function halfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
