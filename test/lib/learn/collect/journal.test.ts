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
/** Two frames of the streams "s" and "__proto__", as the version before there were labels wrote them. */
const OLD_JOURNAL =
  "YQAAAFh3Qr0BeyJmb3JtYXQiOjEsImtpbmQiOiJmZWF0dXJlcyIsInNoYXBlIjpbMl0sImZyYW1lTmFtZXMiOlsiYSIsIl9fcHJv" +
  "dG9fXyJdLCJyZWNpcGUiOnsidmVyc2lvbiI6MX19AgAAAPtQ47oCcygAAABDFuJwAwAAAAAAAAAAAAAAAAAAAAAAAAAAACJAAAAA" +
  "AAAAAAAAAAAAAAAAPwoAAADT/VMWAl9fcHJvdG9fXygAAACsLQrmAwAAAAEAAAAAAAAAAAAkQAAAAAAAADNAAAAAAAAA8D8AAIA/" +
  "AAAAPw==";
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
  const labels: (string | undefined)[] = [];
  const found = await target.load(
    ({ data, start, end, ordinal, stream, label }) => {
      frames.push([...data, start, end, ordinal]);
      streams.push(stream);
      labels.push(label);
    },
    () => {
      for (const list of [frames, streams, labels]) list.length = 0;
    },
  );
  return { header: found, frames, streams, labels, journal: target };
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

  it("keeps labels, also those of a file that is gone on with", async () => {
    const names = ["wave", undefined, "__proto__", "wave", "Ü"];
    const put = (to: Journal, from: number) =>
      names.forEach((label, i) => {
        to.append({ data: Float32Array.of(i, 0), start: i, end: i, ordinal: from + i }, "s", label);
      });
    const first = journal();
    first.begin(header);
    put(first, 0);
    await first.flush();
    const second = (await read()).journal;
    put(second, 5);
    await second.flush();
    expect((await read()).labels).toEqual([...names, ...names]);
  });

  it("reads a journal from before there were labels", async () => {
    // Written by the version before: a header, a stream and two frames.
    mkdirSync(join(folder, "learning"), { recursive: true });
    writeFileSync(file(), Buffer.from(OLD_JOURNAL, "base64"));
    const old = await read();
    expect(old.header).toEqual(header);
    expect(old.frames).toEqual([
      [0, 0.5, 0, 9, 0],
      [1, 0.5, 10, 19, 1],
    ]);
    expect(old.streams).toEqual(["s", "__proto__"]);
    expect(old.labels).toEqual([undefined, undefined]);
    old.journal.append({ data: Float32Array.of(7, 8), start: 1, end: 2, ordinal: 2 }, "s", "wave");
    await old.journal.flush();
    expect(await read()).toMatchObject({ labels: [undefined, undefined, "wave"], streams: ["s", "__proto__", "s"] });
  });

  it("begins a file with all that is kept, and the files before it go", async () => {
    const options = { base: join(folder, "learning", "node.1"), framesPerFile: 3, checkpoints: true };
    const balanced = new Journal({ ...options, onError: (error) => problems.push(error.code) });
    balanced.begin(header);
    put(balanced, 0, 4);
    expect(balanced.full).toBe(true);
    balanced.restart({
      rows: 2,
      columns: 2,
      data: Float32Array.of(100, 1, 101, 2),
      start: Float64Array.of(5, 6),
      end: Float64Array.of(7, 8),
      stream: Int32Array.of(1, 0),
      streams: ["a", "b"],
      label: Int32Array.of(-1, 0),
      labels: ["wave"],
      stride: 1,
    });
    expect(balanced.full).toBe(false);
    balanced.append({ data: Float32Array.of(102, 3), start: 9, end: 9, ordinal: 0 }, "a", "wave");
    await balanced.flush();
    expect(readdirSync(join(folder, "learning"))).toEqual(["node.1.1.frames"]);
    const after = await read();
    expect(after.header).toEqual(header);
    expect(after.frames.map(([value]) => value)).toEqual([100, 101, 102]);
    expect(after.streams).toEqual(["b", "a", "a"]);
    expect(after.labels).toEqual([undefined, "wave", "wave"]);
    // A power cut came before the older file was removed: what it holds does not count twice.
    const old = journal();
    old.begin(header);
    put(old, 0, 4);
    await old.flush();
    expect(readdirSync(join(folder, "learning"))).toHaveLength(2);
    expect((await read()).frames.map(([value]) => value)).toEqual([100, 101, 102]);
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
