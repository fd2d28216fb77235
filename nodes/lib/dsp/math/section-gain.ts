import type { Sections } from "./iir.js";

/**
 * The gain of a recursive filter at one frequency, |H(e^(iω))| (the magnitude of scipy.signal.sosfreqz).
 * @param frequency as a share of the sample rate, 0 … 0.5
 */
export function sectionGain(sections: Sections, frequency: number): number {
  const omega = 2 * Math.PI * frequency;
  const [c1, s1, c2, s2] = [Math.cos(omega), Math.sin(omega), Math.cos(2 * omega), Math.sin(2 * omega)];
  let gain = 1;
  for (let at = 0; at < sections.length; at += 5) {
    const [b0, b1, b2, a1, a2] = sections.subarray(at, at + 5) as unknown as [number, number, number, number, number];
    gain *=
      Math.hypot(b0 + b1 * c1 + b2 * c2, b1 * s1 + b2 * s2) / Math.hypot(1 + a1 * c1 + a2 * c2, a1 * s1 + a2 * s2);
  }
  return gain;
}
