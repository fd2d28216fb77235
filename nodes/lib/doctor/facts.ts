/** What was found on a machine: plain data, which the checks judge. */
export interface Facts {
  /** As Node names them: linux, win32, darwin … and x64, arm64, arm … */
  platform: string;
  arch: string;
  /** Of a Linux: "glibc" with its version, or "musl". */
  libc?: string;
  /** Such as "24.9.0". */
  node: string;
  /** Missing when it was not found. */
  nodeRed?: string;
  runtime: RuntimeFacts;
  /** WebAssembly can compute on several numbers at once. */
  simd: boolean;
  serial: SerialFacts;
  microphone: MicrophoneFacts;
  memory: { totalBytes: number; freeBytes: number };
  disk: DiskFacts;
}

export interface RuntimeFacts {
  /** Which build of ONNX Runtime ran a tiny model; missing when none did. */
  kind?: "native" | "wasm";
  /** Why none did. */
  reason?: string;
}

export interface SerialFacts {
  /** Why serial devices cannot be used at all; missing when they can. */
  broken?: string;
  ports: Device[];
}

export interface MicrophoneFacts {
  /** Programs that record and are installed. */
  programs: string[];
  devices: Device[];
}

export interface Device {
  path: string;
  /** This process may use it. */
  allowed: boolean;
  /** The group whose members may. */
  group?: string;
}

export interface DiskFacts {
  /** Where models are kept. */
  folder: string;
  /** Missing when the folder cannot be looked at. */
  freeBytes?: number;
  writable: boolean;
}
