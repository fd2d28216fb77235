import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CACHE, cachedPackage } from "../../scripts/lib/npm-cache.ts";
import { ROOT } from "../../scripts/lib/project.ts";
import { PFFFT } from "./javascript.ts";
import type { Candidate } from "./race.ts";

/** A task of native.c with its input. @returns a list of it, or an empty one where there is no C compiler */
export type Native = (name: string, task: "log-mel" | "power", length: number, data: Float32Array) => Candidate[];

/** C with PFFFT, compiled here: what this machine can do. The compiler is `CC`, or cc. */
export function nativePeer(): { native: Native; note: string } {
  try {
    const program = compile();
    return {
      native: (name, task, length, data) => [candidate(program, name, task, length, data)],
      note: "C: PFFFT with SIMD, -O3 -march=native -ffast-math",
    };
  } catch (error) {
    return { native: () => [], note: `No peer in C: ${(error as Error).message.split("\n")[0]}` };
  }
}

/** PFFFT's package on npm holds its source. */
function compile(): string {
  const source = join(cachedPackage(PFFFT.folder, PFFFT.spec), "src");
  const folder = join(CACHE, "bench-peers");
  mkdirSync(folder, { recursive: true });
  const program = join(folder, "native");
  const files = [join(ROOT, "bench/features/native.c"), join(source, "pffft.c")];
  const command = process.env.CC ?? "cc";
  const { status, error, stderr } = spawnSync(
    command,
    ["-O3", "-march=native", "-ffast-math", "-w", "-I", source, ...files, "-lm", "-o", program],
    { encoding: "utf8" },
  );
  if (error) throw new Error(`"${command}" does not start (${error.message}); CC names another compiler`);
  if (status !== 0) throw new Error(`"${command}" cannot compile it: ${stderr.trim()}`);
  return program;
}

function candidate(program: string, name: string, task: string, length: number, data: Float32Array): Candidate {
  const input = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const start = (count: number): Buffer => {
    const { status, error, stdout } = spawnSync(program, [task, String(length), String(count)], {
      input,
      maxBuffer: 64 * 2 ** 20,
    });
    if (error || status !== 0) throw new Error(`native.c ${task} ended with ${error?.message ?? status}`);
    return stdout;
  };
  return {
    name,
    result() {
      const bytes = start(1).subarray(8);
      return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
    },
    run: (count) => start(count).readDoubleLE(0),
  };
}
