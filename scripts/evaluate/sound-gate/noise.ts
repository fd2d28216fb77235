/** Repeatable noise of half a minute, normally distributed. */
export function noiseOf(colour: "white" | "pink", rate: number, seed: number): Float32Array {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const noise = new Float32Array(30 * rate);
  // Pink: white noise through three poles (P. Kellet's economy filter, musicdsp.org: −3 dB per octave within 0.5 dB).
  let [b0, b1, b2] = [0, 0, 0];
  for (let i = 0; i < noise.length; i++) {
    const white = normal();
    b0 = 0.99765 * b0 + white * 0.099046;
    b1 = 0.963 * b1 + white * 0.2965164;
    b2 = 0.57 * b2 + white * 1.0526913;
    noise[i] = colour === "white" ? white : b0 + b1 + b2 + white * 0.1848;
  }
  return noise;
}

/** 0..1 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
