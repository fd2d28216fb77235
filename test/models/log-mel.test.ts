import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { expectClose, featuresOf, planBlock } from "../support/blocks.ts";

interface Golden {
  rate: number;
  options: object;
  cases: { name: string; pcm: number[]; features: number[] }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL("../golden/voice/log-mel.json", import.meta.url), "utf8"));

describe("The features that the voice network learned from", () => {
  it.each(golden.cases)("are those of the log-mel block: $name", ({ pcm, features }) => {
    const plan = planBlock("log-mel", golden.options, { samples: pcm.length, rate: golden.rate });
    expectClose(
      featuresOf(
        plan,
        pcm.map((value) => value / 2 ** 15),
      ),
      features,
      1e-5,
      1e-4,
    );
  });
});
