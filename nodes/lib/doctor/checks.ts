import type { Device, Facts } from "./facts.js";
import type { Finding, Subject } from "./finding.js";

/** Judges one part of what was found. */
type Check = (facts: Facts) => Finding[];

/** As in package.json: engines and node-red.version. */
const NEEDED = { node: "20.19.0", nodeRed: "4.1.0", nodeForFive: "22.9.0" };
const MB = 1024 * 1024;

/** Everything that can be said of a machine, the most basic first. */
export function examine(facts: Facts): Finding[] {
  return CHECKS.flatMap((check) => check(facts));
}

const machine: Check = ({ platform, arch, libc }) => {
  const name = [platform, arch, libc].filter(Boolean).join(", ");
  if (platform === "linux" && arch === "arm") {
    return note("machine", `This is ${name}: a 32-bit system.`, "Install a 64-bit system, if the processor allows it.");
  }
  return good("machine", `This is ${name}.`);
};

const node: Check = ({ node }) =>
  isAtLeast(node, NEEDED.node)
    ? good("Node.js", `Node.js ${node} is new enough.`)
    : problem(
        "Node.js",
        `Node.js ${node} is too old: ${NEEDED.node} or later is needed.`,
        "Install Node.js 24: https://nodejs.org",
      );

const nodeRed: Check = ({ nodeRed, node }) => {
  if (nodeRed === undefined) return note("Node-RED", "Node-RED was not found beside this package.");
  if (!isAtLeast(nodeRed, NEEDED.nodeRed)) {
    const text = `Node-RED ${nodeRed} is too old: ${NEEDED.nodeRed} or later is needed.`;
    return problem("Node-RED", text, "npm install -g --unsafe-perm node-red@latest");
  }
  if (isAtLeast(nodeRed, "5.0.0") && !isAtLeast(node, NEEDED.nodeForFive)) {
    const text = `Node-RED ${nodeRed} does not start on Node.js ${node}: it needs ${NEEDED.nodeForFive} or later.`;
    return problem("Node-RED", text, "Install Node.js 24: https://nodejs.org");
  }
  return good("Node-RED", `Node-RED ${nodeRed} is new enough.`);
};

const inference: Check = ({ runtime, platform, arch, libc }) => {
  if (runtime.kind === "native") return good("inference", "ONNX Runtime runs models with native kernels.");
  if (runtime.kind === "wasm") {
    const text =
      "ONNX Runtime runs models as WebAssembly: the same results, but convolutions are about 18 times slower.";
    return warning(
      "inference",
      text,
      "Use 64-bit Linux with glibc, for example the Docker image nodered/node-red:latest-debian.",
    );
  }
  const reason = runtime.reason ?? "unknown";
  // There are binaries for such a machine: they were not installed, or are damaged. An old glibc stays old.
  const mendable = hasBinaries(platform, arch, libc) && !/GLIBC/.test(reason);
  return problem(
    "inference",
    `ONNX Runtime cannot run models here: ${reason}.`,
    mendable
      ? "In Node-RED's user directory: rm -rf node_modules/onnxruntime-node && ONNXRUNTIME_NODE_INSTALL=skip npm install"
      : "In Node-RED's user directory: npm install onnxruntime-web@1.30",
  );
};

/** What onnxruntime-node brings binaries for. */
function hasBinaries(platform: string, arch: string, libc: string | undefined): boolean {
  if (platform === "darwin") return arch === "arm64";
  return (arch === "x64" || arch === "arm64") && (platform === "win32" || (platform === "linux" && libc !== "musl"));
}

const features: Check = ({ simd }) =>
  simd
    ? good("features", "Audio features are computed with WebAssembly SIMD.")
    : warning(
        "features",
        "This processor or Node.js has no WebAssembly SIMD: audio features take about three times as long.",
      );

const serial: Check = ({ serial: { broken, ports }, platform }) => {
  if (broken !== undefined) {
    return problem(
      "serial",
      `Serial devices cannot be used: ${broken}.`,
      "In Node-RED's user directory: npm rebuild @serialport/bindings-cpp",
    );
  }
  if (ports.length === 0) {
    return note("serial", platform === "linux" ? "No serial device is plugged in." : "Serial devices can be used.");
  }
  return devices("serial", "serial device", ports, "dialout");
};

const microphone: Check = ({ microphone: { programs, devices: found }, platform, libc }) => {
  if (platform !== "linux") return note("microphone", "Microphones are read on Linux only.");
  const findings = found.length > 0 ? devices("microphone", "microphone", found, "audio") : [];
  if (programs.length === 0) {
    const install = libc === "musl" ? "apk add alsa-utils" : "sudo apt install alsa-utils";
    const text = "No program that records is installed (arecord, parec or pw-record).";
    return [
      ...findings,
      ...(found.length > 0 ? warning("microphone", text, install) : note("microphone", text, install)),
    ];
  }
  return found.length > 0 ? findings : note("microphone", "No microphone is plugged in.");
};

const memory: Check = ({ memory: { totalBytes, freeBytes } }) => {
  const text = `${size(freeBytes)} of ${size(totalBytes)} of memory are free`;
  const remedy = "See what uses it: ps aux --sort=-rss | head";
  if (freeBytes < 64 * MB) return problem("memory", `${text}: models and learning will fail.`, remedy);
  if (freeBytes < 256 * MB) return warning("memory", `${text}: large models and learning may fail.`, remedy);
  return good("memory", `${text}.`);
};

const disk: Check = ({ disk: { folder, freeBytes, writable } }) => {
  if (!writable) {
    const text = `Models cannot be saved: ${folder} may not be written to.`;
    return problem("disk", text, `sudo chown -R "$(id -un)" "${folder}"`);
  }
  if (freeBytes === undefined) return note("disk", `How much room ${folder} has could not be found out.`);
  const text = `${size(freeBytes)} are free in ${folder}`;
  const remedy = `See what is there: du -xh "${folder}" | sort -h | tail`;
  if (freeBytes < 50 * MB) return problem("disk", `${text}: models and recordings will not fit.`, remedy);
  if (freeBytes < 500 * MB) return warning("disk", `${text}: not many recordings will fit.`, remedy);
  return good("disk", `${text}.`);
};

const CHECKS: Check[] = [machine, node, nodeRed, inference, features, serial, microphone, memory, disk];

/** Devices that may be used, and the group to join for those that may not. */
function devices(subject: Subject, what: string, list: readonly Device[], usual: string): Finding[] {
  const paths = (some: readonly Device[]) => some.map(({ path }) => path).join(", ");
  const allowed = list.filter((device) => device.allowed);
  const refused = list.filter((device) => !device.allowed);
  const findings: Finding[] = [];
  if (allowed.length > 0) findings.push(...good(subject, `This ${what} can be used: ${paths(allowed)}.`));
  for (const group of new Set(refused.map((device) => device.group ?? usual))) {
    const those = refused.filter((device) => (device.group ?? usual) === group);
    const remedy = `sudo usermod -a -G ${group} "$(id -un)", then log in again (Docker: --group-add ${group})`;
    findings.push(...problem(subject, `There is no permission for the ${what} ${paths(those)}.`, remedy));
  }
  return findings;
}

function good(subject: Subject, text: string): Finding[] {
  return [{ subject, level: "good", text }];
}

function note(subject: Subject, text: string, remedy?: string): Finding[] {
  return [{ subject, level: "note", text, ...(remedy === undefined ? {} : { remedy }) }];
}

function warning(subject: Subject, text: string, remedy?: string): Finding[] {
  return [{ subject, level: "warning", text, ...(remedy === undefined ? {} : { remedy }) }];
}

function problem(subject: Subject, text: string, remedy: string): Finding[] {
  return [{ subject, level: "problem", text, remedy }];
}

function size(bytes: number): string {
  return bytes >= 1024 * MB ? `${(bytes / 1024 / MB).toFixed(1)} GB` : `${Math.round(bytes / MB)} MB`;
}

/** Compares versions such as "22.9.0"; what follows a dash counts for nothing. */
function isAtLeast(version: string, minimum: string): boolean {
  const numbers = (text: string) => text.split("-", 1)[0]!.split(".").map(Number);
  const [got, wanted] = [numbers(version), numbers(minimum)];
  for (const [i, part] of wanted.entries()) {
    const own = got[i] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
