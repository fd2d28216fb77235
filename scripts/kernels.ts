/**
 * Compiles the frame kernel (nodes/lib/dsp/kernels/assembly, AssemblyScript) into nodes/lib/dsp/kernels/wasm-bytes.ts,
 * which is committed: nobody but who changes the kernel needs the compiler. Run by hand: npx tsx scripts/kernels.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./lib/project.ts";

const SOURCES = join(ROOT, "nodes/lib/dsp/kernels/assembly");
export const TARGET = join(ROOT, "nodes/lib/dsp/kernels/wasm-bytes.ts");

/** By name: its own types would declare a global `require` for the whole project. */
const COMPILER = "assemblyscript/asc";
interface Compiler {
  main(
    options: string[],
    files: {
      readFile(name: string): string | null;
      writeFile(name: string, contents: string | Uint8Array): void;
    },
  ): Promise<{ error: Error | null; stderr: { toString(): string } }>;
}

const OPTIONS = ["--runtime", "stub", "--noAssert", "--enable", "simd", "--importMemory", "--use", "abort="];

/** The text of wasm-bytes.ts. */
export async function compile(): Promise<string> {
  const { default: asc } = (await import(COMPILER)) as { default: Compiler };
  let bytes = new Uint8Array();
  const { error, stderr } = await asc.main(
    ["kernel.ts", "--outFile", "kernel.wasm", "-O3", "--disableWarning", "112", ...OPTIONS],
    {
      readFile: (name) => {
        try {
          return readFileSync(join(SOURCES, name), "utf8");
        } catch {
          // The compiler tries several places for each import.
          return null;
        }
      },
      writeFile: (_name, contents) => {
        if (typeof contents !== "string") bytes = Uint8Array.from(contents);
      },
    },
  );
  if (error) throw new Error(`The kernel does not compile: ${stderr.toString()}`);
  const lines = Buffer.from(bytes)
    .toString("base64")
    .match(/.{1,112}/g)!
    .map((line) => `  "${line}",`);
  return [
    "/** The frame kernel of assembly/, compiled by scripts/kernels.ts. Not to be changed by hand. */",
    "export const WASM = [",
    ...lines,
    '].join("");',
    "",
  ].join("\n");
}

if (process.argv[1]?.endsWith("kernels.ts")) void compile().then((text) => writeFileSync(TARGET, text));
