import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { EdgeMlError } from "../errors/index.js";
import { readManifest, withManifest } from "./bundle.js";
import type { Manifest } from "./manifest.js";
import { readMetadata, setMetadata } from "./onnx/index.js";
import { MODEL_NAME } from "./store/index.js";

/** Where the copy of a bundled model says, in its metadata_props, which file it is a copy of. */
const BUNDLED_KEY = "edge_ml.bundled";

const EXTENSION = ".onnx";

/** A model that comes with the package. */
export interface BundledModel {
  name: string;
  bytes: Uint8Array;
  /** Of the file, in hexadecimal. */
  sha256: string;
  manifest: Manifest;
}

/** The models that come with the package: a folder of bundles, each `<name>.onnx`. */
export class BundledModels {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Sorted; none when the folder is missing. */
  async names(): Promise<string[]> {
    const files = await readdir(this.#folder).catch(() => []);
    const names = files.filter((file) => file.endsWith(EXTENSION)).map((file) => file.slice(0, -EXTENSION.length));
    return names.filter((name) => MODEL_NAME.test(name)).sort();
  }

  /**
   * Undefined when the package has no model of that name.
   * @throws EdgeMlError EDGE_ML_MODEL_INVALID
   */
  async read(name: string): Promise<BundledModel | undefined> {
    if (!(await this.names()).includes(name)) return undefined;
    const bytes = await readFile(join(this.#folder, name + EXTENSION)).catch((error: Error) => {
      throw new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason: error.message }, { cause: error });
    });
    const manifest = readManifest(bytes, name);
    if (!manifest) throw new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason: "it has no manifest" });
    return { name, bytes, sha256: createHash("sha256").update(bytes).digest("hex"), manifest };
  }
}

/** The file that becomes a version of a store. */
export function copyOfBundled({ name, bytes, sha256, manifest }: BundledModel, version: string): Uint8Array {
  return setMetadata(withManifest(bytes, { ...manifest, name, version }), BUNDLED_KEY, sha256, name);
}

/** The hash of the bundled file that this one is a copy of; undefined when it is none. */
export function originOf(bytes: Uint8Array): string | undefined {
  return readMetadata(bytes).get(BUNDLED_KEY);
}
