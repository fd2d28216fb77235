import { webcrypto } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { describe, EdgeMlError } from "../../errors/index.js";
import { atomicWrite, codeOf, type FileSystem, removeLeftovers } from "../../files/index.js";
import { readManifest } from "../bundle.js";
import type { Manifest } from "../manifest.js";
import { readModelInfo } from "../onnx/index.js";
import { isTflite, tfliteAsOnnx } from "../tflite/index.js";
import { MODEL_NAME } from "./name-rule.js";
import { checkModelName, FORMATS, type Format, isVersion, pointerText, versionsAmong } from "./names.js";
import { sizeLimit, tooLarge } from "./size-limit.js";
import { storeError } from "./store-error.js";

/** One version of a model, with its bytes. */
export interface StoredModel {
  name: string;
  version: string;
  /** Of the file. */
  path: string;
  /** As ONNX: those of the file, or what a .tflite file becomes. */
  bytes: Uint8Array;
  /** Of the file, in hexadecimal. */
  sha256: string;
  /** Missing from a model that was made elsewhere. */
  manifest?: Manifest;
}

export type MakeModel = (version: string) => Uint8Array | Promise<Uint8Array>;

const MAX_POINTER_LENGTH = 1024;
const MAX_ATTEMPTS = 10;

/**
 * The store's files, and nothing that is remembered: `<folder>/<name>/<version>.onnx`, or .tflite, and
 * `<folder>/<name>/current`.
 */
export class ModelFiles {
  readonly folder: string;
  readonly #fs: FileSystem;
  readonly #memory: () => number;

  /** @param memory bytes that are free now */
  constructor(folder: string, fs: FileSystem, memory: () => number) {
    this.folder = resolve(folder);
    this.#fs = fs;
    this.#memory = memory;
  }

  /** @throws EdgeMlError EDGE_ML_MODEL_NAME */
  folderOf(name: string): string {
    return join(this.folder, checkModelName(name));
  }

  pathOf(name: string, version: string, format: Format): string {
    return join(this.folderOf(name), `${version}.${format}`);
  }

  pointerPath(name: string): string {
    return join(this.folderOf(name), "current");
  }

  /** Models that have a version, sorted. */
  async names(): Promise<string[]> {
    const entries = await attempt("read", this.folder, () => this.#fs.list(this.folder));
    const names: string[] = [];
    for (const { name, folder } of entries) {
      if (folder && MODEL_NAME.test(name) && (await this.list(name)).length > 0) names.push(name);
    }
    return names.sort();
  }

  /** Versions of a model, newest first. */
  async list(name: string): Promise<string[]> {
    const folder = this.folderOf(name);
    const files = await attempt("read", folder, () => this.#fs.list(folder));
    return versionsAmong(files.filter((file) => !file.folder).map((file) => file.name));
  }

  /**
   * @throws EdgeMlError EDGE_ML_MODEL_NOT_FOUND, EDGE_ML_MODEL_INVALID, EDGE_ML_MODEL_OPERATORS,
   * EDGE_ML_MODEL_TOO_LARGE, EDGE_ML_STORE
   */
  async read(name: string, version: string): Promise<StoredModel> {
    const { path, bytes } = await this.readFile(name, version);
    return this.#describe(name, version, bytes, path);
  }

  /**
   * The file of a version as it is, whatever it holds.
   * @throws EdgeMlError EDGE_ML_MODEL_NOT_FOUND, EDGE_ML_MODEL_TOO_LARGE, EDGE_ML_STORE
   */
  async readFile(name: string, version: string): Promise<{ path: string; bytes: Uint8Array }> {
    checkModelName(name);
    if (!isVersion(version)) throw notFound(name, describe(version));
    const limit = sizeLimit(this.#memory());
    for (const format of FORMATS) {
      const path = this.pathOf(name, version, format);
      const bytes = await attempt("read", path, () =>
        this.#fs.read(path, limit).catch((error: unknown) => {
          throw error instanceof RangeError ? tooLarge(`${name}, version ${version}`, limit, error) : error;
        }),
      );
      if (bytes !== undefined) return { path, bytes };
    }
    throw notFound(name, version);
  }

  /** What `current` says; "" when there is none. */
  async pointer(name: string): Promise<string> {
    const path = this.pointerPath(name);
    try {
      const bytes = await this.#fs.read(path, MAX_POINTER_LENGTH);
      return bytes === undefined ? "" : Buffer.from(bytes).toString("latin1") || "empty";
    } catch (error) {
      if (error instanceof RangeError) return "too large";
      throw storeError("read", path, error);
    }
  }

  /** Makes the model's folder, and removes what a crash left in it. */
  async prepare(name: string): Promise<void> {
    const folder = this.folderOf(name);
    await attempt("write", folder, async () => {
      await this.#fs.makeFolder(folder);
      await this.#fs.syncFolder(this.folder);
    });
    await this.clean(name);
  }

  async clean(name: string): Promise<void> {
    const folder = this.folderOf(name);
    await attempt("clean", folder, () => removeLeftovers(this.#fs, folder, Date.now()));
  }

  /** Writes a new version, one higher than all that are there and than `above`. */
  async add(name: string, make: MakeModel, above = 0): Promise<StoredModel> {
    for (let tried = 0; ; tried++) {
      const newest = Math.max(above, Number((await this.list(name))[0] ?? 0));
      const version = String(newest + 1 + tried);
      const file = await make(version);
      const path = this.pathOf(name, version, isTflite(file) ? "tflite" : "onnx");
      const model = await this.#describe(name, version, file, path);
      const { manifest } = model;
      if (manifest && (manifest.name !== name || manifest.version !== version)) {
        const reason = `its manifest says ${manifest.name}, version ${manifest.version}, instead of version ${version}`;
        throw new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason });
      }
      try {
        await atomicWrite(path, file, { fs: this.#fs, publish: "publish" });
        return model;
      } catch (error) {
        // Another process took this number meanwhile.
        if (codeOf(error) === "EEXIST" && tried < MAX_ATTEMPTS) continue;
        throw storeError("write", path, error);
      }
    }
  }

  /** Makes a version current. Returns, instead of throwing, the error that came when it was in place already. */
  async point(model: StoredModel): Promise<EdgeMlError | undefined> {
    const path = this.pointerPath(model.name);
    const text = pointerText(model);
    try {
      await atomicWrite(path, text, { fs: this.#fs });
      return undefined;
    } catch (error) {
      const coded = storeError("write", path, error);
      if ((await this.pointer(model.name).catch(() => "")) === text) return coded;
      throw coded;
    }
  }

  async remove(name: string, version: string): Promise<void> {
    const folder = this.folderOf(name);
    const there = await attempt("read", folder, () => this.#fs.list(folder));
    for (const format of FORMATS) {
      const path = this.pathOf(name, version, format);
      if (!there.some((file) => file.name === basename(path))) continue;
      await attempt("remove", path, () => this.#fs.remove(path));
    }
  }

  async #describe(name: string, version: string, file: Uint8Array, path: string): Promise<StoredModel> {
    const hash = await sha256(file);
    const bytes = isTflite(file) ? await tfliteAsOnnx(file, hash, name) : file;
    readModelInfo(bytes, name);
    const manifest = readManifest(bytes, name);
    const model = { name, version, path, bytes, sha256: hash };
    return manifest ? { ...model, manifest } : model;
  }
}

async function attempt<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(action, path, error);
  }
}

function notFound(name: string, version: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_NOT_FOUND", { name: `${name}, version ${version}` });
}

/** Off the event loop: a model may have many megabytes. */
async function sha256(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)).toString("hex");
}
