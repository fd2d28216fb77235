import { EdgeMlError } from "../errors/index.js";

/** What stands before the samples of a stream. */
export interface StreamHeader {
  /** Bytes to leave out. */
  length: number;
  /** The samples are big-endian. */
  isSwapped: boolean;
}

const AU_HEADER = 24;
const LONGEST_HEADER = 4096;

/**
 * Looks at the first bytes of a stream that should be raw samples. Newer pw-record writes an AU header first, and
 * big-endian samples then; other containers are refused, since their bytes would be heard as noise.
 * @returns undefined while there are too few bytes to tell
 * @throws EdgeMlError EDGE_ML_CAPTURE_CONTAINER
 */
export function readStreamHeader(bytes: Buffer): StreamHeader | undefined {
  if (bytes.length < 4) return undefined;
  const magic = bytes.toString("latin1", 0, 4);
  if (magic === "RIFF" || magic === "RF64" || magic === "OggS" || magic === "fLaC") {
    throw new EdgeMlError("EDGE_ML_CAPTURE_CONTAINER", {
      got: magic === "OggS" ? "Ogg" : magic === "fLaC" ? "FLAC" : "WAV",
    });
  }
  // ".snd", or the same from a little-endian machine that did not swap.
  if (magic !== ".snd" && magic !== "dns.") return { length: 0, isSwapped: false };
  if (bytes.length < AU_HEADER) return undefined;
  const length = magic === ".snd" ? bytes.readUInt32BE(4) : bytes.readUInt32LE(4);
  if (length < AU_HEADER || length > LONGEST_HEADER) return { length: 0, isSwapped: false };
  return bytes.length < length ? undefined : { length, isSwapped: magic === ".snd" };
}
