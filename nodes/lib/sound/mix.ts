/**
 * The mean of interleaved channels; NaN where one of them is. Mono is given back as it is.
 * @param samples [frames, channels], row-major
 */
export function mixToMono<T extends Float32Array | Float64Array>(samples: T, channels: number): T {
  if (channels === 1) return samples;
  const mono = new (samples.constructor as new (length: number) => T)(Math.floor(samples.length / channels));
  for (let i = 0, at = 0; i < mono.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += samples[at++]!;
    mono[i] = sum / channels;
  }
  return mono;
}
