import { execFile } from "node:child_process";

/** ms; a sound server that hangs must not keep the dialog waiting. */
const PATIENCE = 3000;
const MAX_OUTPUT = 8 * 1024 * 1024;

/** What a program writes, or undefined when it is not there, fails or does not end. */
export function runTool(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((done) => {
    const env = { ...process.env, LC_ALL: "C", LANGUAGE: "C" };
    execFile(program, args, { timeout: PATIENCE, maxBuffer: MAX_OUTPUT, env, windowsHide: true }, (error, stdout) =>
      done(error ? undefined : stdout),
    );
  });
}
