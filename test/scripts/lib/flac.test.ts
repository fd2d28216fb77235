import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FlacSound, readFlac } from "../../../scripts/lib/flac.ts";
import { ROOT } from "../../../scripts/lib/project.ts";

interface Golden {
  title: string;
  rate: number;
  bits: number;
  channels: number;
  samples: number;
  sha256: string;
  flac: string;
}

/** By the reference encoder and decoder: see make.py. */
const golden = JSON.parse(readFileSync(join(ROOT, "test/golden/flac/flac.json"), "utf8")) as Golden[];
const bytesOf = ({ flac }: Golden) => new Uint8Array(Buffer.from(flac, "base64"));

function sha256Of({ bits, channels }: FlacSound): string {
  const width = bits / 8;
  const bytes = Buffer.alloc(channels.length * channels[0]!.length * width);
  for (const [c, samples] of channels.entries())
    for (const [i, value] of samples.entries()) bytes.writeIntLE(value, (i * channels.length + c) * width, width);
  return createHash("sha256").update(bytes).digest("hex");
}

describe("reading FLAC", () => {
  it.each(golden.map((each) => [each.title, each] as const))(
    "gives what the reference decoder gives: %s",
    (_, each) => {
      const sound = readFlac(bytesOf(each));
      expect([sound.rate, sound.bits, sound.channels.length]).toEqual([each.rate, each.bits, each.channels]);
      expect(sound.channels.map(({ length }) => length)).toEqual(sound.channels.map(() => each.samples));
      expect(sha256Of(sound)).toBe(each.sha256);
    },
  );

  const tone = bytesOf(golden.find(({ title }) => title.startsWith("a tone by linear prediction"))!);
  const changed = (at: number, value: number) => Uint8Array.from(tone, (byte, i) => (i === at ? byte ^ value : byte));
  const wrong: [string, Uint8Array, RegExp][] = [
    ["nothing", new Uint8Array(), /x\.flac is no FLAC file/],
    ["a WAV file", new Uint8Array(Buffer.from("RIFF....WAVE")), /no FLAC file/],
    ["only its first bytes", tone.subarray(0, 20), /ends in its metadata/],
    ["half of it", tone.subarray(0, tone.length / 2), /ends in the middle|holds .* samples/],
    ["a bit of a frame turned around", changed(tone.length - 40, 1), /damaged/],
    ["another number of samples", changed(25, 1), /holds .* samples, and says|ends in the middle/],
  ];
  it.each(wrong)("says what is wrong with %s", (_, bytes, message) => {
    expect(() => readFlac(bytes, "x.flac")).toThrow(message);
  });
});
