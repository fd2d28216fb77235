import { encodePcm16 } from "../../nodes/lib/sound/index.ts";

/** 16-bit PCM at 16 kHz: a tone of 0.4 s each second over a little noise, as if somebody said a word again and again. */
export function bursts(seconds: number): Buffer {
  return encodePcm16(
    Float32Array.from({ length: 16_000 * seconds }, (_, i) => {
      const time = (i / 16_000) % 1;
      const room = 0.0005 * Math.sin(i * 12.9898) * Math.cos(i * 4.1414);
      return time >= 0.3 && time < 0.7 ? room + 0.2 * Math.sin(2 * Math.PI * (300 + 400 * time) * time) : room;
    }),
  );
}
