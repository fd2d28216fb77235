import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeWav } from "../../../../nodes/lib/sound/index.ts";
import { partOf } from "../../../../scripts/evaluate/voice/mlperf/clips.ts";
import { sourcesOf } from "../../../../scripts/evaluate/voice/sources.ts";
import { knownSpeakers, readSplit, type Split, testRecordings } from "../../../../scripts/evaluate/voice/split.ts";
import { readSound } from "../../../../scripts/lib/sound-file.ts";

const folder = mkdtempSync(join(tmpdir(), "edge-ml-voice-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tone = Float32Array.from({ length: 800 }, (_, i) => 0.5 * Math.sin(i / 3));
function write(path: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), writeWav(tone, 16_000));
}

const SPEECH = "librispeech-train-clean-100-excerpts";
const split: Split = {
  train: [`${SPEECH}/19-198-0000.wav`],
  dev: [`${SPEECH}/26-495-0000.wav`, "wake-word-benchmark/jarvis/3.wav"],
  test: [
    `${SPEECH}/27-123349-0000.wav`,
    `${SPEECH}/32-4137-0000.wav`,
    "wake-word-benchmark/smart_mirror/1.wav",
    "wake-word-benchmark/jarvis/2.wav",
    "speech-commands-sample/yes/aa_nohash_0.wav",
    "speech-commands-background-noise/tap.wav",
    "micro-speech-testdata/silence_1000ms.wav",
    "micro-speech-testdata/yes_1000ms.wav",
  ],
};

describe("the recordings that figures are reported on", () => {
  it("are those of the test part that are there, a word by its folder", () => {
    for (const file of split.test.filter((each) => !each.endsWith("32-4137-0000.wav"))) write(join("data", file));
    const found = testRecordings(split, join(folder, "data"));
    expect(found.words.map(({ word, file }) => [word, basename(file)])).toEqual([
      ["smart mirror", "1.wav"],
      ["jarvis", "2.wav"],
    ]);
    const others = [found.speech, found.otherWords, found.noise, found.silence];
    expect(others.map((each) => each.length)).toEqual([1, 1, 1, 1]);
  });

  it("leave out of further folders whom the model may know, and an excerpt whose whole is there", () => {
    for (const name of ["19-198-0001", "26-495-0007", "27-123349-0000", "999-1-0000"]) write(`more/libri/${name}.wav`);
    write("more/other/prompt.wav");
    write("noise/hum.wav");
    const found = sourcesOf(testRecordings(split, join(folder, "data")), split, {
      speech: [join(folder, "more")],
      noise: [join(folder, "noise")],
    });
    expect(found.map(({ name, kind, files, leftOut }) => [name, kind, files.length, leftOut])).toEqual([
      ["Speech Commands, test words", "speech", 1, 0],
      ["background noise, test file", "noise", 1, 0],
      ["silence of micro_speech, again and again", "noise", 120, 0],
      ["libri", "speech", 2, 2],
      ["other", "speech", 1, 0],
      ["noise", "noise", 1, 0],
    ]);
    expect(() =>
      sourcesOf(testRecordings(split, folder), split, { speech: [join(folder, "none")], noise: [] }),
    ).toThrow("There is no folder");
  });

  it("of the project: no speaker is in two parts", () => {
    const own = readSplit();
    const files = [...own.train, ...own.dev, ...own.test];
    expect(new Set(files).size).toBe(files.length);
    const known = knownSpeakers(own);
    const tested = own.test.filter((file) => file.startsWith(SPEECH)).map((file) => basename(file).split("-")[0]!);
    expect(tested.length).toBeGreaterThan(50);
    expect(tested.filter((speaker) => known.has(speaker))).toEqual([]);
  });
});

describe("a sound file", () => {
  it("comes as mono at the rate that is asked for", () => {
    const stereo = Float32Array.from({ length: 2 * 8000 }, (_, i) => (i % 2 === 0 ? 0.5 : 0) * Math.sin(i / 40));
    writeFileSync(join(folder, "stereo.wav"), writeWav(stereo, 8000, 2));
    const sound = readSound(join(folder, "stereo.wav"), 16_000);
    expect(sound.length).toBe(16_000);
    // Half of it, on one of two channels; every other sample is one of the file's own.
    expect(sound[10_000]).toBeCloseTo(0.25 * Math.sin(10_000 / 40), 2);
  });
});

describe("Speech Commands' own division", () => {
  // The function of the data set's README, run in Python.
  it.each([
    ["a/563aa4e6_nohash_2.wav", "testing"],
    ["a/51055bda_nohash_4.wav", "training"],
    ["a/439c84f4_nohash_1.wav", "validation"],
  ])("%s is of the part %s", (file, part) => {
    expect(partOf(file)).toBe(part);
  });
});
