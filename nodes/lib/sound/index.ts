export { decodePcm, encodePcm16, PCM_BYTES, type PcmFormat } from "./pcm.js";
