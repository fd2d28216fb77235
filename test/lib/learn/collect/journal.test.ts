import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal, journalBase } from "../../../../nodes/lib/learn/collect/journal.ts";
import type { JournalHeader } from "../../../../nodes/lib/learn/collect/journal-format.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const header: JournalHeader = {
  format: 1,
  kind: "features",
  shape: [2],
  frameNames: ["a", "__proto__"],
  recipe: { version: 1 },
};
const problems: string[] = [];

function journal(framesPerFile?: number): Journal {
  return new Journal({
    base: join(folder, "learning", "node.1"),
    ...(framesPerFile === undefined ? {} : { framesPerFile }),
    onError: (error) => problems.push(error.code),
  });
}

async function read(framesPerFile?: number) {
  const frames: number[][] = [];
  const streams: string[] = [];
  const target = journal(framesPerFile);
  const found = await target.load(({ data, start, end, ordinal, stream }) => {
    frames.push([...data, start, end, ordinal]);
    streams.push(stream);
  });
  return { header: found, frames, streams, journal: target };
}

function put(to: Journal, from: number, count: number): void {
  for (let i = from; i < from + count; i++) {
    to.append({ data: Float32Array.of(i, 0.5), start: i * 10, end: i * 10 + 9, ordinal: i }, i % 2 ? "__proto__" : "s");
  }
}

const file = (number = 0) => join(folder, "learning", `node.1.${number}.frames`);

describe("Journal", () => {
  it("gives back what was written, and goes on behind it", async () => {
    const first = journal();
    first.begin(header);
    put(first, 0, 3);
    await first.flush();
    const second = (await read()).journal;
    put(second, 3, 2);
    await second.flush();
    const { frames, streams, header: found } = await read();
    expect(found).toEqual(header);
    expect(frames).toEqual([0, 1, 2, 3, 4].map((i) => [i, 0.5, i * 10, i * 10 + 9, i]));
    expect(streams).toEqual(["s", "__proto__", "s", "__proto__", "s"]);
  });

  it("is empty when there is nothing", async () => {
    expect(await read()).toMatchObject({ header: undefined, frames: [] });
  });

  it("tolerates a torn tail at every length, and goes on behind what is whole", async () => {
    const whole = journal();
    whole.begin(header);
    put(whole, 0, 4);
    await whole.flush();
    const bytes = readFileSync(file());
    for (let length = 0; length < bytes.length; length += 7) {
      writeFileSync(file(), bytes.subarray(0, length));
      const { frames, header: found, journal: torn } = await read();
      expect(frames.length).toBeLessThan(4);
      expect(statSync(file()).size).toBeLessThanOrEqual(length);
      if (found === undefined) torn.begin(header);
      put(torn, 10, 1);
      await torn.flush();
      const after = await read();
      expect(after.frames).toEqual([...frames, [10, 0.5, 100, 109, 10]]);
      expect(after.header).toEqual(header);
    }
  });

  it.each([
    ["a flipped bit", (bytes: Buffer) => bytes.writeUInt8(bytes[bytes.length - 3]! ^ 1, bytes.length - 3)],
    ["a length of nothing", (bytes: Buffer) => bytes.writeUInt32LE(0, 0)],
    ["a huge length", (bytes: Buffer) => bytes.writeUInt32LE(0xffffffff, 0)],
    ["zeros, as after a power cut", (bytes: Buffer) => bytes.fill(0)],
  ])("stops at damage: %s", async (_, damage) => {
    const whole = journal();
    whole.begin(header);
    put(whole, 0, 2);
    await whole.flush();
    const bytes = readFileSync(file());
    damage(bytes);
    writeFileSync(file(), bytes);
    expect((await read()).frames.length).toBeLessThan(2);
  });

  it("keeps the file and the one before it, when frames go round", async () => {
    const round = journal(10);
    round.begin(header);
    put(round, 0, 35);
    await round.flush();
    expect(readdirSync(join(folder, "learning")).sort()).toEqual(["node.1.2.frames", "node.1.3.frames"]);
    const { frames, header: found, streams } = await read(10);
    expect(found).toEqual(header);
    expect(frames.map(([i]) => i)).toEqual(Array.from({ length: 15 }, (_, i) => 20 + i));
    expect(streams[1]).toBe("__proto__");
  });

  it("leaves the files of other nodes alone", async () => {
    const mine = journal();
    mine.begin(header);
    await mine.flush();
    const others = ["node.10.0.frames", "node.1.x.frames", "node.1.json", "node.1.0.frames.bak"];
    for (const name of others) writeFileSync(join(folder, "learning", name), "x");
    await mine.clear();
    expect(existsSync(file())).toBe(false);
    expect(readdirSync(join(folder, "learning")).sort()).toEqual([...others].sort());
  });

  it("says once that the disk fails, and goes on", async () => {
    problems.length = 0;
    // A file where the folder should be.
    appendFileSync(join(folder, "learning"), "");
    const failing = journal();
    failing.begin(header);
    put(failing, 0, 3);
    await failing.flush();
    put(failing, 3, 3);
    await failing.flush();
    expect(problems).toEqual(["EDGE_ML_LEARN_DISK"]);
  });

  it("reads a file larger than what it reads at once", async () => {
    const large = journal();
    large.begin({ ...header, shape: [4000] });
    for (let i = 0; i < 200; i++) {
      large.append({ data: new Float32Array(4000).fill(i), start: i, end: i, ordinal: i }, "s");
      if (i % 50 === 0) await large.flush();
    }
    await large.flush();
    expect(statSync(file()).size).toBeGreaterThan(3_000_000);
    truncateSync(file(), statSync(file()).size - 5);
    const { frames } = await read();
    expect(frames).toHaveLength(199);
    expect(frames[198]![3999]).toBe(198);
  });
});

describe("journalBase", () => {
  it.each(["../../etc/passwd", "a/b", "", "..", "x".repeat(300), "\0"])("stays in its folder for the id %j", (id) => {
    mkdirSync(join(folder, "in"));
    const base = journalBase(join(folder, "in"), id);
    expect(base.startsWith(join(folder, "in/"))).toBe(true);
    expect(base.slice(join(folder, "in/").length)).not.toContain("/");
  });
});
