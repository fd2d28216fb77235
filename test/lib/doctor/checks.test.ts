import { describe, expect, it } from "vitest";
import { examine, type Facts, type Finding, reportText } from "../../../nodes/lib/doctor/index.ts";

const MB = 1024 * 1024;

/** A gateway on which nothing is wrong. */
const healthy: Facts = {
  platform: "linux",
  arch: "arm64",
  libc: "glibc 2.36",
  node: "24.9.0",
  nodeRed: "5.0.7",
  runtime: { kind: "native" },
  simd: true,
  serial: { ports: [{ path: "/dev/ttyUSB0", allowed: true, group: "dialout" }] },
  microphone: { programs: ["arecord"], devices: [{ path: "/dev/snd/pcmC1D0c", allowed: true, group: "audio" }] },
  memory: { totalBytes: 4096 * MB, freeBytes: 2048 * MB },
  disk: { folder: "/data/edge-ml/models", freeBytes: 20_000 * MB, writable: true },
};

function findings(subject: Finding["subject"], changes: Partial<Facts>): Finding[] {
  return examine({ ...healthy, ...changes }).filter((finding) => finding.subject === subject);
}

describe("what a machine can do", () => {
  it("is good in every respect", () => {
    const all = examine(healthy);
    expect(all.map(({ subject }) => subject)).toEqual([
      "machine",
      "Node.js",
      "Node-RED",
      "inference",
      "features",
      "serial",
      "microphone",
      "memory",
      "disk",
    ]);
    expect(new Set(all.map(({ level }) => level))).toEqual(new Set(["good"]));
    expect(all.filter(({ remedy }) => remedy !== undefined)).toEqual([]);
  });

  const port = (allowed: boolean, group?: string, path = "/dev/ttyACM0") => ({
    path,
    allowed,
    ...(group && { group }),
  });
  const { libc: _, ...noLibc } = healthy;
  const { nodeRed: __, ...noNodeRed } = healthy;

  const table: [string, Finding["subject"], Partial<Facts>, Finding["level"], RegExp, RegExp?][] = [
    ["a Mac", "machine", { platform: "darwin" }, "good", /darwin, arm64/],
    ["a 32-bit Pi", "machine", { arch: "arm" }, "note", /32-bit/, /64-bit system/],
    ["an old Node", "Node.js", { node: "18.20.4" }, "problem", /18\.20\.4 is too old: 20\.19\.0/, /nodejs\.org/],
    ["a Node just too old", "Node.js", { node: "20.18.9" }, "problem", /too old/, /nodejs\.org/],
    ["the oldest Node", "Node.js", { node: "20.19.0" }, "good", /new enough/],
    ["a Node to come", "Node.js", { node: "26.0.0-nightly" }, "good", /new enough/],
    ["an old Node-RED", "Node-RED", { nodeRed: "3.1.9" }, "problem", /3\.1\.9 is too old/, /npm install -g .*node-red/],
    ["the oldest Node-RED", "Node-RED", { nodeRed: "4.1.0-beta.1", node: "20.19.0" }, "good", /new enough/],
    [
      "Node-RED 5 on Node 20",
      "Node-RED",
      { node: "20.19.0" },
      "problem",
      /does not start on Node\.js 20/,
      /Node\.js 24/,
    ],
    [
      "Alpine with WebAssembly",
      "inference",
      { runtime: { kind: "wasm" }, libc: "musl" },
      "warning",
      /same results/,
      /debian/,
    ],
    [
      "Alpine",
      "inference",
      { runtime: { reason: "no ld-linux" }, libc: "musl" },
      "problem",
      /no ld-linux/,
      /npm install onnxruntime-web/,
    ],
    ["a 32-bit Pi", "inference", { runtime: {}, arch: "arm" }, "problem", /unknown/, /npm install onnxruntime-web/],
    [
      "a Mac with Intel",
      "inference",
      { runtime: {}, platform: "darwin", arch: "x64" },
      "problem",
      /run models/,
      /-web/,
    ],
    [
      "an old system",
      "inference",
      { runtime: { reason: "version `GLIBC_2.28' not found" } },
      "problem",
      /GLIBC_2\.28/,
      /npm install onnxruntime-web/,
    ],
    [
      "damaged binaries",
      "inference",
      { runtime: { reason: "no such file" } },
      "problem",
      /no such file/,
      /_INSTALL=skip/,
    ],
    [
      "a damaged Windows",
      "inference",
      { runtime: {}, platform: "win32", arch: "x64" },
      "problem",
      /models/,
      /_INSTALL=skip/,
    ],
    ["no SIMD", "features", { simd: false }, "warning", /three times/],
    ["nothing plugged in", "serial", { serial: { ports: [] } }, "note", /No serial device/],
    ["Windows", "serial", { serial: { ports: [] }, platform: "win32" }, "note", /can be used/],
    [
      "a broken library",
      "serial",
      { serial: { broken: "no binding", ports: [] } },
      "problem",
      /no binding/,
      /npm rebuild/,
    ],
    [
      "no right to a port",
      "serial",
      { serial: { ports: [port(false, "uucp")] } },
      "problem",
      /no permission for the serial device \/dev\/ttyACM0/,
      /usermod -a -G uucp .*--group-add uucp/,
    ],
    ["a port without a group", "serial", { serial: { ports: [port(false)] } }, "problem", /permission/, /-G dialout/],
    ["Windows", "microphone", { platform: "win32" }, "note", /Linux only/],
    ["none plugged in", "microphone", { microphone: { programs: ["arecord"], devices: [] } }, "note", /No microphone/],
    [
      "nothing at all",
      "microphone",
      { microphone: { programs: [], devices: [] } },
      "note",
      /No program that records/,
      /apt install alsa-utils/,
    ],
    [
      "nothing at all on Alpine",
      "microphone",
      { microphone: { programs: [], devices: [] }, libc: "musl" },
      "note",
      /No program/,
      /apk add alsa-utils/,
    ],
    [
      "no right to it",
      "microphone",
      { microphone: { programs: ["arecord"], devices: [{ path: "/dev/snd/pcmC0D0c", allowed: false }] } },
      "problem",
      /no permission/,
      /-G audio/,
    ],
    [
      "little memory",
      "memory",
      { memory: { totalBytes: 512 * MB, freeBytes: 200 * MB } },
      "warning",
      /200 MB of 512 MB/,
      /ps aux/,
    ],
    ["no memory", "memory", { memory: { totalBytes: 512 * MB, freeBytes: 20 * MB } }, "problem", /will fail/, /ps aux/],
    [
      "a little disk",
      "disk",
      { disk: { folder: "/d", freeBytes: 100 * MB, writable: true } },
      "warning",
      /100 MB are free in \/d/,
      /du -xh "\/d"/,
    ],
    ["a full disk", "disk", { disk: { folder: "/d", freeBytes: 0, writable: true } }, "problem", /will not fit/, /du/],
    [
      "a folder of somebody else",
      "disk",
      { disk: { folder: "/d", freeBytes: 0, writable: false } },
      "problem",
      /\/d may not be written to/,
      /chown -R .* "\/d"/,
    ],
    ["a strange disk", "disk", { disk: { folder: "/d", writable: true } }, "note", /could not be found out/],
  ];
  it.each(table)("%s: %s", (_, subject, changes, level, text, remedy) => {
    expect(findings(subject, changes)).toEqual([
      {
        subject,
        level,
        text: expect.stringMatching(text),
        ...(remedy ? { remedy: expect.stringMatching(remedy) } : {}),
      },
    ]);
  });

  it("goes without what could not be found out", () => {
    expect(examine(noLibc)[0]).toMatchObject({ text: "This is linux, arm64." });
    expect(examine(noNodeRed)[2]).toMatchObject({ subject: "Node-RED", level: "note" });
  });

  it("tells ports that may be used from those that may not, by group", () => {
    const ports = [port(true, "dialout", "/dev/a"), port(false, "dialout", "/dev/b"), port(false, "tty", "/dev/c")];
    expect(findings("serial", { serial: { ports } }).map(({ level, text }) => `${level}: ${text}`)).toEqual([
      "good: This serial device can be used: /dev/a.",
      "problem: There is no permission for the serial device /dev/b.",
      "problem: There is no permission for the serial device /dev/c.",
    ]);
  });

  it("misses the program for a microphone that is there", () => {
    const { devices } = healthy.microphone;
    expect(findings("microphone", { microphone: { programs: [], devices } }).map(({ level }) => level)).toEqual([
      "good",
      "warning",
    ]);
  });

  it("says a problem together with what mends it", () => {
    for (const [, subject, changes] of table) {
      for (const { level, text, remedy } of findings(subject, changes)) {
        expect(text).toMatch(/^[A-Z0-9].*\.$/);
        if (level === "problem") expect(remedy).toBeTruthy();
      }
    }
  });
});

describe("the report", () => {
  it("is lines for a terminal", () => {
    expect(
      reportText([
        { subject: "Node.js", level: "good", text: "Fine." },
        { subject: "inference", level: "problem", text: "Not fine.", remedy: "do this" },
        { subject: "memory", level: "warning", text: "Little." },
        { subject: "disk", level: "note", text: "There." },
      ]).split("\n"),
    ).toEqual([
      "✓ Node.js    Fine.",
      "✗ inference  Not fine.",
      "             → do this",
      "! memory     Little.",
      "· disk       There.",
    ]);
  });
});
