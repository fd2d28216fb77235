/** Hz */
export const RATE = 16_000;

/**
 * So many seconds that are as lively as speech: tones that glide and a hiss, louder and softer four times a second. What
 * it costs does not depend on what is said.
 */
export function lively(seconds: number): Buffer {
  let state = 12345;
  const noise = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  };
  const samples = Float32Array.from({ length: Math.round(seconds * RATE) }, (_, i) => {
    const t = i / RATE;
    const loud = 0.5 + 0.5 * Math.sin(2 * Math.PI * 4 * t);
    return 0.3 * loud * (Math.sin(2 * Math.PI * (200 + 50 * Math.sin(3 * t)) * t) + 0.3 * noise());
  });
  return pcm16(samples);
}

/** A quiet room: the hiss of a microphone. */
export function quiet(seconds: number): Buffer {
  let state = 54321;
  const samples = Float32Array.from({ length: Math.round(seconds * RATE) }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (3e-4 * state) / 2 ** 31;
  });
  return pcm16(samples);
}

/** Pieces of a sound, round and round: the i-th. */
export function pieceOf(pcm: Buffer, samples: number): (i: number) => Buffer {
  const pieces = Math.floor(pcm.length / 2 / samples);
  return (i) => pcm.subarray((i % pieces) * 2 * samples, ((i % pieces) + 1) * 2 * samples);
}

function pcm16(samples: Float32Array): Buffer {
  return Buffer.from(Int16Array.from(samples, (value) => Math.round(32_767 * value)).buffer);
}
