import { mkdirSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readReading } from "../../../nodes/lib/frame/index.ts";
import {
  DataFolder,
  inspectSound,
  isSoundFile,
  openSound,
  type SoundChunk,
  type SoundOptions,
  type SoundSource,
} from "../../../nodes/lib/replay/index.ts";
import { writeWav } from "../../../nodes/lib/sound/index.ts";
import { chunk, fmt, riff } from "../sound/wav-bytes.ts";
import { temporaryFolder } from "./files.ts";

const folder = temporaryFolder();
const plain: SoundOptions = { chunk: 50, start: "now", label: "none" };
const NOW = 1_000_000;
const RATE = 8000;

/** Distinct samples: 16 bits hold each. */
const ramp = (length: number, from = 0) => Float32Array.from({ length }, (_, i) => ((from + i) % 32768) / 32768);
const open = (path: string, options: Partial<SoundOptions> = {}) =>
  openSound(path, [{ path }], { ...plain, ...options }, NOW);

async function all(source: SoundSource): Promise<SoundChunk[]> {
  const chunks: SoundChunk[] = [];
  for await (const batch of source.chunks()) chunks.push(...batch);
  return chunks;
}

const samplesOf = (chunks: SoundChunk[]) =>
  chunks.flatMap(({ payload }) => [...readReading({ payload }, 0).values.values]);

describe("openSound: a WAV file in pieces", () => {
  it("gives every sample once, with rate, channels and the time of its first sample", async () => {
    const samples = ramp(1000);
    const source = await open(folder.write("a.wav", writeWav(samples, RATE)));
    const chunks = await all(source);
    expect(chunks.map(({ payload }) => payload.length / 2)).toEqual([400, 400, 200]);
    expect(chunks.map(({ time }) => time)).toEqual([NOW, NOW + 50, NOW + 100]);
    expect(chunks[0]).toMatchObject({ rate: RATE, channels: 1 });
    expect(samplesOf(chunks)).toEqual([...samples]);
    expect(source.counts).toEqual({ chunks: 3, duration: 0.125, files: 1, unreadable: 0 });
    expect(source.progress).toBe(1);
  });

  it("does not cut a frame of channels, however the blocks of the file lie", async () => {
    // 6 channels × 44,100 Hz × 7 ms: neither the chunk nor the block is a round number.
    const samples = ramp(6 * 20_000);
    const chunks = await all(await open(folder.write("6.wav", writeWav(samples, 44_100, 6)), { chunk: 7 }));
    expect(chunks.every(({ payload, channels }) => (payload.length / 2) % channels === 0)).toBe(true);
    expect(samplesOf(chunks)).toEqual([...samples]);
    expect(Math.max(...chunks.map(({ time }, i) => Math.abs(time - NOW - (i * 309 * 1000) / 44_100)))).toBeLessThan(
      1e-6,
    );
  });

  it.each<[string, number, number, Buffer, number[], boolean]>([
    ["8 bits as 16", 1, 8, Buffer.of(0, 128, 192), [-1, 0, 0.5], true],
    ["A-law as 16 bits", 6, 8, Buffer.of(0xd5), [8 / 32768], true],
    ["24 bits as numbers", 1, 24, Buffer.of(1, 0, 0, 0, 0, 0x40), [2 ** -23, 0.5], false],
    ["floats as numbers", 3, 32, Buffer.from(Float32Array.of(1.5, -0.25).buffer), [1.5, -0.25], false],
  ])("gives %s", async (_, code, bits, bytes, expected, asBuffer) => {
    const chunks = await all(await open(folder.write("f.wav", riff(fmt({ code, bits }), chunk("data", bytes)))));
    expect(Buffer.isBuffer(chunks[0]!.payload)).toBe(asBuffer);
    expect(samplesOf(chunks)).toEqual(expected);
  });

  it("goes on from where it ended when it is played again, if it begins now", async () => {
    const source = await open(folder.write("loop.wav", writeWav(ramp(800), RATE)));
    const times = [...(await all(source)), ...(await all(source))].map(({ time }) => time);
    expect(times).toEqual([NOW, NOW + 50, NOW + 100, NOW + 150]);
    expect(source.counts.chunks).toBe(2);
  });

  it("begins at a given time, or so that its end is when the file was written", async () => {
    const path = folder.write("t.wav", writeWav(ramp(800), RATE));
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    const given = await open(path, { start: "given", startTime: 5000 });
    expect((await all(given))[0]!.time).toBe(5000);
    expect((await all(given))[0]!.time).toBe(5000);
    expect((await all(await open(path, { start: "file" })))[0]!.time).toBe(1_700_000_000_000 - 100);
  });

  it("reads a file far larger than what it holds in memory, block by block", async () => {
    const path = folder.write("long.wav", writeWav(new Float32Array(0), 16_000));
    // A hole of an hour: silence, of which the disk holds nothing. The size of 0 is what a pipe leaves.
    truncateSync(path, 44 + 2 * 3600 * 16_000);
    const source = await open(path, { chunk: 1000 });
    let seconds = 0;
    let largest = 0;
    for await (const batch of source.chunks()) {
      seconds += batch.length;
      largest = Math.max(largest, ...batch.map(({ payload }) => payload.byteLength * batch.length));
    }
    expect(seconds).toBe(3600);
    expect(largest).toBeLessThanOrEqual(64 * 1024);
  });

  it("ends where a file ends that becomes shorter while it is played", async () => {
    const path = folder.write("short.wav", writeWav(ramp(200_000), RATE));
    const source = await open(path);
    let chunks = 0;
    for await (const batch of source.chunks()) {
      chunks += batch.length;
      truncateSync(path, 44);
    }
    expect(chunks).toBe(81);
  });

  it("refuses what is no WAV file, or none that can be read, before it is played", async () => {
    const refused = (code: string) => expect.objectContaining({ code });
    await expect(open(folder.write("x.wav", "time,x\n1,2\n"))).rejects.toEqual(refused("EDGE_ML_SOUND"));
    await expect(open(folder.write("e.wav", ""))).rejects.toEqual(refused("EDGE_ML_SOUND"));
    await expect(open(join(folder.path, "none.wav"))).rejects.toEqual(refused("EDGE_ML_FILE_READ"));
  });
});

describe("labels of sound", () => {
  const labelled = async (path: string, label: SoundOptions["label"]) =>
    (await all(await open(path, { label }))).map((part) => part.label);

  it.each([
    ["jarvis.wav", "jarvis"],
    ["jarvis-03.wav", "jarvis"],
    ["smart mirror_12.wav", "smart mirror"],
    ["idle.01.wav", "idle"],
    ["2024.wav", "2024"],
  ])("%s by its name: %s", async (name, label) => {
    expect(await labelled(folder.write(name, writeWav(ramp(8), RATE)), "name")).toEqual([label]);
  });

  it("by its folder", async () => {
    mkdirSync(join(folder.path, "glass"));
    expect(await labelled(folder.write("glass/1.wav", writeWav(ramp(8), RATE)), "folder")).toEqual(["glass"]);
  });

  it("from a table beside it, in seconds, by the middle of each piece", async () => {
    const path = folder.write("talk.wav", writeWav(ramp(2400), RATE));
    folder.write("talk_labels.csv", "label,start,end\nb,0.2,0.26\na,0.05,0.1\n");
    expect(await labelled(path, "table")).toEqual([undefined, "a", undefined, undefined, "b", undefined]);
  });

  it("knows nothing without a table, and refuses one without its columns", async () => {
    const path = folder.write("no-table.wav", writeWav(ramp(8), RATE));
    expect(await labelled(path, "table")).toEqual([undefined]);
    folder.write("no-table_labels.csv", "from,to,label\n0,1,a\n");
    await expect(open(path, { label: "table" })).rejects.toMatchObject({ code: "EDGE_ML_FILE_COLUMN" });
  });
});

describe("a folder of sound", () => {
  const root = join(folder.path, "words");
  for (const name of ["words", "words/go", "words/stop", "words/go/deeper"]) mkdirSync(join(folder.path, name));
  writeFileSync(join(root, "go/2.wav"), writeWav(ramp(400, 400), RATE));
  writeFileSync(join(root, "go/10.wav"), writeWav(ramp(400, 800), RATE));
  writeFileSync(join(root, "stop/1.WAV"), writeWav(ramp(800, 1200), 16_000));
  writeFileSync(join(root, "stop/bad.wav"), "no sound");
  writeFileSync(join(root, "a.wav"), writeWav(ramp(400), RATE));
  writeFileSync(join(root, "notes.txt"), "text");
  writeFileSync(join(root, "go/deeper/3.wav"), writeWav(ramp(400), RATE));
  const data = new DataFolder(folder.path, join(folder.path, "none"));

  it("is played file by file, in the order of the names, each a stream of its own", async () => {
    const parts = data.sounds("words")!.map(({ name, path }) => ({ path, topic: name }));
    const source = await openSound("words", parts, { ...plain, label: "folder" }, NOW);
    const chunks = await all(source);
    expect(chunks.map(({ topic, label, time, rate }) => [topic, label, time - NOW, rate])).toEqual([
      ["a.wav", "words", 0, RATE],
      ["go/2.wav", "go", 50, RATE],
      ["go/10.wav", "go", 100, RATE],
      ["stop/1.WAV", "stop", 150, 16_000],
    ]);
    expect(source.counts).toEqual({ chunks: 4, duration: 0.2, files: 4, unreadable: 1 });
    expect(source.progress).toBe(1);
  });

  it("says the first error when none of its files can be read", async () => {
    const path = folder.write("none-1.wav", "no sound");
    const source = await openSound("x", [{ path }, { path }], plain, NOW);
    await expect(all(source)).rejects.toMatchObject({ code: "EDGE_ML_SOUND" });
  });

  it("is no folder when it is a file, and none without sound", () => {
    expect(data.sounds("a.wav")).toBeUndefined();
    expect(() => data.sounds("words/go/deeper/..")).not.toThrow();
    mkdirSync(join(folder.path, "empty"));
    expect(() => data.sounds("empty")).toThrow(expect.objectContaining({ code: "EDGE_ML_FILE_READ" }));
    expect(() => data.sounds("../")).toThrow(expect.objectContaining({ code: "EDGE_ML_FILE_OUTSIDE" }));
    expect(data.list()).toEqual(expect.arrayContaining(["words", "words/a.wav", "a.wav"]));
  });
});

describe("what a file is", () => {
  it("sound by what it begins with, or by its name", async () => {
    expect(await isSoundFile(folder.write("named.wav", "x"))).toBe(true);
    expect(await isSoundFile(folder.write("sound.bin", writeWav(ramp(4), RATE)))).toBe(true);
    expect(await isSoundFile(folder.write("t.csv", "RIFF,x\n1,2\n"))).toBe(false);
  });

  it("is described by its header", async () => {
    const path = folder.write("d.wav", writeWav(ramp(400), RATE, 2));
    expect(await inspectSound(path)).toMatchObject({
      size: statSync(path).size,
      header: { rate: RATE, channels: 2, frames: 200, truncated: false },
    });
  });
});
