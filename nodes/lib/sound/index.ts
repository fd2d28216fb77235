export { foreignSound } from "./containers.js";
export { findWord, type Word } from "./find-word.js";
export { FULL_SCALE, FULL_SCALE_8_BIT, type Level, LevelMeter } from "./level.js";
export { mixToMono } from "./mix.js";
export { decodePcm, encodePcm16, PCM_BYTES, type PcmFormat } from "./pcm.js";
export { wavHeaderOf, wavSamples, writeWav } from "./wav.js";
export { type ByteRange, isWav, readWavHeader, type WavHeader } from "./wav-header.js";
