/** dB below the loudest 10 ms that still are the word, and above the quietest tenth of the recording. */
const RANGE = 25;
const ABOVE = 6;
/** s: what is left on both sides, faded, so that the recording's own noise does not open the gate. */
const EDGE = 0.02;

/** A word without the room around it. Undefined when the recording holds none. */
export function croppedWord(sound: Float32Array, rate: number): Float32Array | undefined {
  const size = rate / 100;
  const powers = Array.from({ length: Math.floor(sound.length / size) }, (_, i) => {
    let sum = 0;
    for (let k = i * size; k < (i + 1) * size; k++) sum += sound[k]! * sound[k]!;
    return sum / size;
  });
  const loudest = Math.max(...powers);
  const floor = [...powers].sort((a, b) => a - b)[Math.floor(powers.length / 10)]!;
  const limit = Math.max(loudest * 10 ** (-RANGE / 10), Math.min(floor * 10 ** (ABOVE / 10), loudest / 2));
  const first = powers.findIndex((power) => power >= limit);
  if (!(loudest > 0) || first < 0) return undefined;
  const last = powers.findLastIndex((power) => power >= limit);
  const edge = Math.round(EDGE * rate);
  const word = sound.slice(Math.max(0, first * size - edge), Math.min(sound.length, (last + 1) * size + edge));
  for (let i = 0; i < edge; i++) {
    word[i]! *= i / edge;
    word[word.length - 1 - i]! *= i / edge;
  }
  return word;
}
