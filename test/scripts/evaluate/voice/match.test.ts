import { describe, expect, it } from "vitest";
import { match } from "../../../../scripts/evaluate/voice/match.ts";
import type { PlacedWord } from "../../../../scripts/evaluate/voice/track.ts";

const RATE = 100;
const word = (name: string, start: number, end: number): PlacedWord => ({
  word: name,
  file: `${name}.wav`,
  start: start * RATE,
  end: end * RATE,
});
const words = [word("jarvis", 4, 4.6), word("snowboy", 10, 10.5), word("jarvis", 16, 16.6)];

describe("which trigger belongs to which word", () => {
  it("a trigger from the word's beginning until a second after its end is its own", () => {
    const { words: heard, stray } = match(
      words,
      [
        { label: "jarvis", time: 4.8 },
        { label: "snowboy", time: 10.4 },
        { label: "jarvis", time: 17.6 },
      ],
      RATE,
    );
    expect(heard.map(({ latency }) => latency && Number(latency.toFixed(3)))).toEqual([0.2, -0.1, 1]);
    expect(stray).toEqual([]);
  });

  it("what comes too early, too late or where nothing was said belongs to none", () => {
    const triggers = [3.9, 5.7, 8, 12].map((time) => ({ label: "jarvis", time }));
    const { words: heard, stray } = match(words, triggers, RATE);
    expect(heard.map(({ latency }) => latency)).toEqual([undefined, undefined, undefined]);
    expect(stray).toEqual(triggers);
  });

  it("tells being heard twice from being taken for another word", () => {
    const triggers = [
      { label: "jarvis", time: 4.7 },
      { label: "jarvis", time: 5.4 },
      { label: "jarvis", time: 10.6 },
    ];
    const [first, second] = match(words, triggers, RATE).words;
    expect([first!.again, first!.others]).toEqual([1, []]);
    expect([second!.latency, second!.others]).toEqual([undefined, ["jarvis"]]);
  });
});
