import { constants } from "node:fs";
import { access, readdir, readFile, stat, statfs } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { installedSources, RECORDERS } from "../capture/index.js";
import { checkRuntime } from "../infer/index.js";
import type { Device, DiskFacts, Facts, MicrophoneFacts, RuntimeFacts, SerialFacts } from "./facts.js";

/** Looks at this machine, and changes nothing on it. Never throws: what cannot be found out is missing. */
export async function gatherFacts(folder: string, nodeRed?: string): Promise<Facts> {
  const [runtime, serial, microphone, disk] = await Promise.all([
    runtimeFacts(),
    serialFacts(),
    microphoneFacts(),
    diskFacts(folder),
  ]);
  // Inside a container its own limit counts, not the machine's memory.
  const limit = process.constrainedMemory?.() ?? 0;
  const totalBytes = limit > 0 && limit < totalmem() ? limit : totalmem();
  const own = process.memoryUsage.rss();
  const freeBytes = totalBytes === limit ? Math.min(freemem(), Math.max(0, limit - own)) : freemem();
  const libc = libcName();
  return {
    platform: process.platform,
    arch: process.arch,
    ...(libc === undefined ? {} : { libc }),
    node: process.versions.node,
    ...(nodeRed === undefined ? {} : { nodeRed }),
    runtime,
    simd: WebAssembly.validate(SIMD),
    serial,
    microphone,
    memory: { totalBytes, freeBytes },
    disk,
  };
}

/** A module of one function that makes a vector of 16 equal bytes (i8x16.splat). */
const SIMD = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 0x41, 0, 0xfd, 15, 11],
);

/** Node knows the version of glibc that it runs on, and of no other C library. */
function libcName(): string | undefined {
  if (process.platform !== "linux") return undefined;
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime === undefined ? "musl" : `glibc ${header.glibcVersionRuntime}`;
}

async function runtimeFacts(): Promise<RuntimeFacts> {
  try {
    return { kind: await checkRuntime() };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

async function serialFacts(): Promise<SerialFacts> {
  try {
    await import("serialport");
  } catch (error) {
    return { broken: reasonOf(error), ports: [] };
  }
  // USB adapters and boards, and the pins of a Raspberry Pi; ttyS0 to ttyS31 are there without a device behind them.
  return { ports: await devicesIn("/dev", /^tty(USB|ACM|AMA)\d+$/) };
}

async function microphoneFacts(): Promise<MicrophoneFacts> {
  const programs = (await installedSources()).map((source) => RECORDERS[source].program);
  // pcmC1D0c: card 1, device 0, capture.
  return { programs, devices: await devicesIn("/dev/snd", /^pcmC\d+D\d+c$/) };
}

async function devicesIn(folder: string, pattern: RegExp): Promise<Device[]> {
  if (process.platform !== "linux") return [];
  const names = (await readdir(folder).catch(() => [])).filter((name) => pattern.test(name)).toSorted();
  const groups = names.length > 0 ? await groupNames() : new Map<number, string>();
  return Promise.all(
    names.slice(0, 64).map(async (name) => {
      const path = join(folder, name);
      const allowed = await may(path, constants.R_OK | constants.W_OK);
      const group = groups.get((await stat(path).catch(() => undefined))?.gid ?? -1);
      return group === undefined ? { path, allowed } : { path, allowed, group };
    }),
  );
}

/** Lines of /etc/group: name:password:number:members. */
async function groupNames(): Promise<Map<number, string>> {
  const lines = (await readFile("/etc/group", "utf8").catch(() => "")).split("\n").map((line) => line.split(":"));
  return new Map(lines.flatMap(([name, , gid]) => (name && gid ? [[Number(gid), name] as const] : [])));
}

async function diskFacts(folder: string): Promise<DiskFacts> {
  // The folder is made with the first model: until then, the one that it will be in counts.
  let existing = folder;
  while (!(await may(existing, constants.F_OK)) && dirname(existing) !== existing) existing = dirname(existing);
  const writable = await may(existing, constants.W_OK);
  const room = await statfs(existing).catch(() => undefined);
  return room === undefined ? { folder, writable } : { folder, freeBytes: room.bavail * room.bsize, writable };
}

function may(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** The first line, without the full stop that the sentence around it has. */
function reasonOf(error: unknown): string {
  const { details } = error as { details?: { reason?: unknown } };
  const text = String(details?.reason ?? (error instanceof Error ? error.message : error));
  return text
    .split("\n", 1)[0]!
    .replace(/[.\s]+$/, "")
    .slice(0, 200);
}
