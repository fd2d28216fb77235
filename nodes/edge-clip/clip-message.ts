import type { Message } from "../glue/index.js";
import type { Clip } from "../lib/clip/index.js";
import { encodePcm16, writeWav } from "../lib/sound/index.js";
import type { ClipSettings } from "./config.js";

/** A clip as a message. */
export function clipMessage(clip: Clip, format: ClipSettings["format"]): Message {
  const { samples, rate, channels, start, trigger, triggers, complete, cause } = clip;
  const out = {
    topic: clip.stream,
    payload: payloadOf(samples, rate, channels, format),
    rate,
    timestamp: start,
    duration: samples.length / channels / rate,
    offset: (trigger - start) / 1000,
    triggers,
    complete,
  } as unknown as Message;
  if (channels > 1) out.channels = channels;
  if (cause !== undefined) out.alert = cause;
  return out;
}

function payloadOf(
  samples: Float32Array,
  rate: number,
  channels: number,
  format: ClipSettings["format"],
): Buffer | Float32Array {
  if (format === "float") return samples;
  return format === "pcm" ? encodePcm16(samples) : writeWav(samples, rate, channels);
}
