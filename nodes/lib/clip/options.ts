/** How sound is cut out around a trigger. Times in ms. */
export interface ClipOptions {
  /** Before the trigger. */
  before: number;
  /** After it; with "silence", at least. */
  after: number;
  /** When a clip ends: after its time, or once it has been quiet for `quiet`. */
  ends: "time" | "silence";
  /** "silence": so long quiet. */
  quiet: number;
  /** "silence": below this level it is quiet, in dB below full scale (RMS of 20 ms). */
  level: number;
  /** After the first trigger, at most: however long it stays loud, and however many triggers extend it. */
  longest: number;
  /** A trigger while a clip is being taken: extends it, or begins one of its own. */
  overlap: "extend" | "separate";
  /** Streams of sound that are kept; beyond, the one that was silent longest is forgotten. */
  maxStreams: number;
}

/** Samples of all channels that are kept of one stream, or taken into one clip, at most: 64 MiB. */
export const MAX_SAMPLES = 16 * 1024 * 1024;
