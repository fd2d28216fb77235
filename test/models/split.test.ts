import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const PARTS = ["train", "dev", "test"] as const;
const split: Record<(typeof PARTS)[number], string[]> = JSON.parse(
  readFileSync(new URL("../../training/voice/split.json", import.meta.url), "utf8"),
);

/** Who speaks in a file, where its name says so. */
function speakerOf(file: string): string | undefined {
  const name = file.split("/").at(-1)!;
  if (file.startsWith("librispeech")) return name.split("-")[0];
  return file.startsWith("speech-commands-sample") ? name.split("_")[0] : undefined;
}

describe("The recordings of the voice training", () => {
  it("are in one part each", () => {
    const files = PARTS.flatMap((part) => split[part]);
    expect(new Set(files).size).toBe(files.length);
  });

  it("have no speaker in two parts", () => {
    const parts = new Map<string, Set<string>>();
    for (const part of PARTS) {
      for (const file of split[part]) {
        const speaker = speakerOf(file);
        if (speaker !== undefined) parts.set(speaker, (parts.get(speaker) ?? new Set()).add(part));
      }
    }
    expect(parts.size).toBeGreaterThan(250);
    expect([...parts].filter(([, its]) => its.size > 1)).toEqual([]);
  });

  it("have every keyword in every part", () => {
    for (const part of PARTS) {
      for (const keyword of ["jarvis", "smart_mirror", "snowboy", "view_glass", "computer"]) {
        const there = split[part].filter((file) => file.startsWith(`wake-word-benchmark/${keyword}/`));
        expect(there.length, `${keyword} in ${part}`).toBeGreaterThan(2);
      }
    }
  });
});
