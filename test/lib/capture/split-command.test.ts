import { describe, expect, it } from "vitest";
import { splitCommand } from "../../../nodes/lib/capture/index.ts";

describe("a command line without a shell", () => {
  const right: [string, string, string[]][] = [
    ["arecord -D plughw:1 -t raw", "arecord", ["-D", "plughw:1", "-t", "raw"]],
    ["  sox\t-q  -  ", "sox", ["-q", "-"]],
    [`ffmpeg -i "my device" -f 's16le' -`, "ffmpeg", ["-i", "my device", "-f", "s16le", "-"]],
    [`a --name="x y"z`, "a", ["--name=x yz"]],
    [`a "" ''`, "a", ["", ""]],
    [`a "it's" '"'`, "a", ["it's", '"']],
    ["a $HOME *.wav `id` \\n", "a", ["$HOME", "*.wav", "`id`", "\\n"]],
    ["/opt/my\u00a0tool", "/opt/my", ["tool"]],
  ];
  it.each(right)("%s", (line, program, args) => {
    expect(splitCommand(line)).toEqual({ program, args });
  });

  const wrong: [string, RegExp][] = [
    ["", /empty/],
    ["   ", /empty/],
    [`""`, /empty/],
    [`a "b`, /quote/],
    ["arecord | sox", /"\|"/],
    ["arecord > x.raw", /">"/],
    ["arecord 2>/dev/null", /"2>\/dev\/null"/],
    ["a && b", /"&&"/],
  ];
  it.each(wrong)("refuses %s", (line, what) => {
    expect(splitCommand(line)).toMatch(what);
  });
});
