export { foreignSound } from "./containers.js";
export { mixToMono } from "./mix.js";
export { decodePcm, encodePcm16, PCM_BYTES, type PcmFormat } from "./pcm.js";
export { wavHeaderOf, wavSamples, writeWav } from "./wav.js";
export { type ByteRange, isWav, readWavHeader, type WavHeader } from "./wav-header.js";
