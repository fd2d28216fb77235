/** Tools that are too large to be dependencies: fetched from the npm registry once, into the project's .cache/. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./project.ts";

/** The folder for what can be fetched again; git ignores it. */
export const CACHE = join(ROOT, ".cache");

/** A failure that is told to a person as it is, without a stack. */
export class Advice extends Error {
  override name = "Advice";
}

/**
 * The folder of an npm package, installed under .cache/<folder> without running install scripts.
 * It appears at once and complete: an interrupted or a second simultaneous install leaves no half of it.
 * @param spec name and version range, as npm takes it
 * @throws {Advice} npm's own words, when the registry cannot be reached or does not have it
 */
export function cachedPackage(folder: string, spec: string): string {
  const name = spec.replace(/(.)@.*$/, "$1");
  const target = join(CACHE, folder);
  const installed = join(target, "node_modules", name);
  if (existsSync(join(installed, "package.json"))) return installed;

  const working = `${target}.${process.pid}`;
  mkdirSync(working, { recursive: true });
  try {
    // With a package.json of its own npm does not look for one further up.
    writeFileSync(join(working, "package.json"), '{ "private": true }\n');
    const { status, stderr } = npm(
      ["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--loglevel=error", "--prefix", working, spec],
      working,
    );
    if (status !== 0) throw new Advice(`npm could not install ${spec}:\n${reason(stderr)}`);
    rename(working, target, installed);
  } finally {
    rmSync(working, { recursive: true, force: true });
  }
  return installed;
}

/** Moves a finished folder into place; another process may have been faster. */
function rename(from: string, to: string, proof: string): void {
  try {
    rmSync(to, { recursive: true, force: true });
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(proof)) throw error;
  }
}

/** Runs npm: the one that runs this script, else the one on the path. */
export function npm(args: string[], cwd: string = ROOT): { status: number | null; stdout: string; stderr: string } {
  const script = process.env.npm_execpath;
  const options = { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
  const result = script?.endsWith(".js")
    ? spawnSync(process.execPath, [script, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (result.error)
    throw new Advice(`npm could not be started (${result.error.message}). Install npm, then try again.`);
  return result;
}

/** The lines of npm's output that say why. */
function reason(stderr: string): string {
  const lines = stderr
    .split("\n")
    .filter((line) => /^npm (error|ERR!)/.test(line) && !/complete log|^npm error\s*$/.test(line));
  return lines.slice(0, 8).join("\n") || stderr.trim().slice(-800);
}
