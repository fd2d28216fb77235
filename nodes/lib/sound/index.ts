export { FULL_SCALE, FULL_SCALE_8_BIT, type Level, LevelMeter } from "./level.js";
export { decodePcm, encodePcm16, PCM_BYTES, type PcmFormat } from "./pcm.js";
