import { describe, EdgeMlError } from "../../errors/index.js";
import { MODEL_NAME, MODEL_NAME_RULE } from "./name-rule.js";

/** @throws EdgeMlError EDGE_ML_MODEL_NAME */
export function checkModelName(name: unknown): string {
  if (typeof name === "string" && MODEL_NAME.test(name)) return name;
  throw new EdgeMlError("EDGE_ML_MODEL_NAME", { got: describe(name), expected: MODEL_NAME_RULE });
}

/** What a version's file may be, the one that is looked for first before the others. */
export const FORMATS = ["onnx", "tflite"] as const;

export type Format = (typeof FORMATS)[number];

/** Versions count from 1. */
const VERSION_FILE = new RegExp(`^([1-9][0-9]{0,8})\\.(?:${FORMATS.join("|")})$`);
const VERSION = /^[1-9][0-9]{0,8}$/;

export function isVersion(version: unknown): version is string {
  return typeof version === "string" && VERSION.test(version);
}

/** The versions among the files of a model's folder, newest first. */
export function versionsAmong(files: readonly string[]): string[] {
  const versions = new Set(files.flatMap((file) => VERSION_FILE.exec(file)?.[1] ?? []));
  return [...versions].sort((a, b) => Number(b) - Number(a));
}

/** Which version is in use, as the file `current` says it: the version, and the hash of its file. */
export interface Pointer {
  version: string;
  sha256?: string;
}

export function pointerText({ version, sha256 }: Pointer): string {
  return sha256 === undefined ? `${version}\n` : `${version} ${sha256}\n`;
}

/** Undefined when the text is not what pointerText makes; the hash may be missing, for those who write it by hand. */
export function readPointer(text: string): Pointer | undefined {
  const [, version, sha256] = /^([1-9][0-9]{0,8})(?:[ \t]+([0-9a-f]{64}))?\s*$/.exec(text) ?? [];
  if (version === undefined) return undefined;
  return sha256 === undefined ? { version } : { version, sha256 };
}
