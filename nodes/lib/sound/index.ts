export { foreignSound } from "./containers.js";
export { decodePcm, encodePcm16, PCM_BYTES, type PcmFormat } from "./pcm.js";
export { wavHeaderOf, wavSamples, writeWav } from "./wav.js";
export { type ByteRange, isWav, readWavHeader, type WavHeader } from "./wav-header.js";
export { findWord, type Word } from "./find-word.js";
