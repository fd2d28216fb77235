import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readTflite } from "../../../../nodes/lib/model/tflite/read-model.ts";
import { readSound, soundFiles } from "../../../lib/sound-file.ts";

/** What the network tells apart, in the order of its outputs (MLPerf Tiny, keyword spotting). */
export const LABELS = ["down", "go", "left", "no", "off", "on", "right", "stop", "up", "yes", "silence", "unknown"]; // prettier-ignore
export const RATE = 16_000;

/** One second of sound, or its features, and what is said in it. */
export interface Example {
  name: string;
  label: string;
  data: Float32Array;
}

export interface Clip extends Example {
  /** Speech Commands has its own division, by speaker. The network was trained on the first part. */
  part: "training" | "validation" | "testing" | "none";
}

/** The recordings of Speech Commands and of TensorFlow's micro_speech that are in the data's folder. */
export function readClips(folder: string): Clip[] {
  const words = soundFiles(join(folder, "speech-commands-sample")).map((file): Clip => {
    const word = basename(dirname(file));
    return { name: file, label: LABELS.includes(word) ? word : "unknown", data: prepared(file), part: partOf(file) };
  });
  const others = soundFiles(join(folder, "micro-speech-testdata")).map((file): Clip => {
    const word = basename(file).replace(/_.*/, "");
    // It has no class for noise: what is no speech is "silence".
    const label = word === "noise" ? "silence" : word;
    return { name: file, label, data: prepared(file), part: "none" };
  });
  return [...words, ...others];
}

/** As the network's own preparation has it: divided by the largest sample, one second with zeros behind it. */
function prepared(file: string): Float32Array {
  const sound = readSound(file, RATE);
  const largest = sound.reduce((most, value) => Math.max(most, value), 0);
  const out = new Float32Array(RATE);
  out.set(sound.subarray(0, RATE).map((value) => (largest > 0 ? value / largest : value)));
  return out;
}

/** Files with one hash in front of "_nohash_" are of one speaker; the hash of that decides (Warden, arXiv:1804.03209). */
export function partOf(file: string): Clip["part"] {
  const speaker = basename(file).replace(/_nohash_.*$/, "");
  const most = 2 ** 27 - 1;
  const hash = BigInt(`0x${createHash("sha1").update(speaker).digest("hex")}`);
  const percent = (Number(hash % BigInt(most + 1)) * 100) / most;
  return percent < 10 ? "validation" : percent < 20 ? "testing" : "training";
}

/**
 * The thousand official test inputs of the benchmark (EEMBC's kws01): 49 × 10 features in eight bits, named
 * "tst_000002_Right_6.bin" with the class at the end.
 * @param quantized the network whose scale they are in
 */
export function readOfficial(folder: string, quantized: Uint8Array): Example[] {
  const { inputs, tensors } = readTflite(quantized);
  const { scales, zeroPoints } = tensors[inputs[0]!]!.quantization()!;
  const [scale, zero] = [scales[0]!, zeroPoints[0]!];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".bin"))
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      const data = Float32Array.from(bytes, (_, i) => (bytes.readInt8(i) - zero) * scale);
      return { name, label: LABELS[Number(/_(\d+)\.bin$/.exec(name)![1])]!, data };
    });
}
