export interface OctaveBand {
  /** The nominal middle in Hz, as people call it. */
  middle: number;
  /** Hz */
  from: number;
  /** Hz */
  to: number;
}

/** Of a decade of third-octaves. */
const NOMINAL = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8];

/**
 * The octaves or third-octaves that lie wholly within a range, in base 10 (IEC 61260-1:2014): exact middles 1000 · G^(x/b)
 * Hz with G = 10^0.3, edges half a band to either side.
 * @param parts b: 1 for octaves, 3 for third-octaves
 * @param from Hz, above 0
 * @param to Hz
 */
export function fractionalOctaves(parts: 1 | 3, from: number, to: number): OctaveBand[] {
  // Middles are 10^(i/10): every one is a third-octave's, every third an octave's.
  const stride = 3 / parts;
  const half = 10 ** (stride / 20);
  const bands: OctaveBand[] = [];
  for (let i = stride * Math.ceil((10 * Math.log10(from * half)) / stride); 10 ** (i / 10) * half <= to; i += stride) {
    const exact = 10 ** (i / 10);
    const decade = Math.floor(i / 10);
    const middle = Number((NOMINAL[i - 10 * decade]! * 10 ** decade).toPrecision(3));
    bands.push({ middle, from: exact / half, to: exact * half });
  }
  return bands;
}
