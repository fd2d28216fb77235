/**
 * A recorder for tests, as a real child process: it does what a JSON file says, each time that it is started the next
 * list of it, the last one again and again. Samples count on over the lists' steps: sample n is n · 257 as 16 bits.
 *
 *     [[{ samples: 800 }, { text: "overrun!!! …" }, { wait: 100 }, { exit: 1 }], [{ samples: 1600, piece: 1 }]]
 *
 * `hold` stands for the device: it is a file that nobody else may have made while this one runs.
 */
const { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { setTimeout: wait } = require("node:timers/promises");

const [script, hold] = process.argv.slice(2);
const starts = `${script}.starts`;

async function main() {
  appendFileSync(starts, "x");
  if (hold !== undefined) {
    if (existsSync(hold)) {
      process.stderr.write("arecord: main:831: audio open error: Device or resource busy\n");
      process.exit(1);
    }
    writeFileSync(hold, "");
    process.on("exit", () => rmSync(hold, { force: true }));
  }
  // A device that takes its time to let go.
  process.on("SIGTERM", () => setTimeout(() => process.exit(0), 100));
  const runs = JSON.parse(readFileSync(script, "utf8"));
  const count = readFileSync(starts, "utf8").length;
  let sample = 0;
  for (const step of runs[Math.min(count, runs.length) - 1]) {
    if (step.text !== undefined) process.stderr.write(`${step.text}\n`);
    if (step.base64 !== undefined) process.stdout.write(Buffer.from(step.base64, "base64"));
    if (step.samples !== undefined) {
      const bytes = Buffer.alloc(2 * step.samples);
      for (let i = 0; i < step.samples; i++) bytes.writeInt16LE(((sample++ * 257) << 16) >> 16, 2 * i);
      const piece = step.piece ?? bytes.length;
      for (let at = 0; at < bytes.length; at += piece) {
        process.stdout.write(bytes.subarray(at, at + piece));
        // Each piece by itself: the pipe would put them together.
        if (step.piece !== undefined) await wait(1);
      }
    }
    if (step.wait !== undefined) await wait(step.wait);
    if (step.exit !== undefined) process.exit(step.exit);
    if (step.die !== undefined) process.kill(process.pid, step.die);
  }
}

void main();
