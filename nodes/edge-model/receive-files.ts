import type { Request } from "express";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { sizeLimit, tooLarge } from "../lib/model/index.js";
import { isModelFile } from "./model-file.js";

/** A model, and the files that its weights are in. */
const MAX_FILES = 20;
const MAX_NAME = 255;

/** What came in one request: one file is the model; others may belong to it. */
export interface Received {
  model: Uint8Array;
  files: Map<string, Uint8Array>;
}

/**
 * The files that are the body of a request, one behind the other; its query says their names and lengths, as
 * `files=[["model.onnx",1234],["model.onnx.data",5678]]`. Nothing is read that has not room.
 * @throws EdgeMlError EDGE_ML_PAYLOAD, EDGE_ML_MODEL_TOO_LARGE
 */
export async function receiveFiles(request: Request): Promise<Received> {
  const list = readList(request.query.files);
  const names = list.map(([name]) => name).filter(isModelFile);
  if (names.length !== 1) throw wrong("files", `${names.length} models`, "one .onnx or .tflite file, and its weights");
  const total = list.reduce((sum, [, length]) => sum + length, 0);
  const announced = Number(request.headers["content-length"]);
  if (announced !== total) throw wrong("body", `of ${announced} bytes`, `the files, ${total} bytes together`);
  const limit = sizeLimit(process.availableMemory());
  if (total > limit) throw tooLarge(names[0]!, limit, undefined);
  const body = await readBody(request, total);
  const files = new Map<string, Uint8Array>();
  let offset = 0;
  for (const [name, length] of list) {
    files.set(name, body.subarray(offset, offset + length));
    offset += length;
  }
  return { model: files.get(names[0]!)!, files };
}

function readList(text: unknown): [name: string, length: number][] {
  let list: unknown;
  try {
    list = JSON.parse(String(text));
  } catch {
    list = undefined;
  }
  if (Array.isArray(list) && list.length > 0 && list.length <= MAX_FILES && list.every(isEntry)) {
    if (new Set(list.map(([name]) => name)).size === list.length) return list;
  }
  throw wrong("files", describe(text), `a list of up to ${MAX_FILES} different names, each with its length`);
}

function isEntry(entry: unknown): entry is [string, number] {
  if (!Array.isArray(entry) || entry.length !== 2) return false;
  const [name, length] = entry;
  const named = typeof name === "string" && name !== "" && name.length <= MAX_NAME;
  return named && Number.isSafeInteger(length) && length >= 0;
}

async function readBody(request: Request, length: number): Promise<Uint8Array> {
  const body = new Uint8Array(length);
  let offset = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    if (offset + chunk.length > length) break;
    body.set(chunk, offset);
    offset += chunk.length;
  }
  if (offset === length) return body;
  throw wrong("body", `${offset} bytes`, `${length} bytes`);
}

function wrong(field: string, got: string, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_PAYLOAD", { field, got, expected });
}
