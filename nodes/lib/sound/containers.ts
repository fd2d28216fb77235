/** How files begin that hold sound, but no PCM that could be read as it is: texts at their places. */
const CONTAINERS: readonly [name: string, ...magic: [at: number, text: string][]][] = [
  ["an Ogg file (Vorbis or Opus)", [0, "OggS\0"]],
  ["a FLAC file", [0, "fLaC\0"]],
  ["a FLAC file", [0, "fLaC\x80"]],
  ["an MP3 file", [0, "ID3\x02\0"]],
  ["an MP3 file", [0, "ID3\x03\0"]],
  ["an MP3 file", [0, "ID3\x04\0"]],
  ["an AIFF file", [0, "FORM"], [8, "AIF"]],
  ["a big-endian WAV file (RIFX)", [0, "RIFX"], [8, "WAVE"]],
  ["an AVI file", [0, "RIFF"], [8, "AVI "]],
  ["a WebM or Matroska file", [0, "\x1aE\xdf\xa3"]],
  ["an MP4 or M4A file", [4, "ftyp"]],
  ["an AMR file", [0, "#!AMR"]],
  ["a Core Audio file", [0, "caff\0\x01"]],
  ["a Wave64 file", [0, "riff\x2e\x91\xcf\x11"]],
];

/** What kind of file these bytes begin, when it is one that would be noise if it were read as PCM. */
export function foreignSound(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  return CONTAINERS.find(([, ...magic]) => magic.every(([at, text]) => head.startsWith(text, at)))?.[0];
}
