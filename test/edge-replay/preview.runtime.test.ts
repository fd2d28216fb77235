import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeWav } from "../../nodes/lib/sound/index.ts";
import { type Runtime, startRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime({ settings: { edgeReplayFolder: "my-data" } });
  const data = join(runtime.userDir, "my-data");
  mkdirSync(data);
  writeFileSync(
    join(data, "a.csv"),
    "Datetime ,Temp,Fault Ground Truth\n1/2/2017 0:00,1.5,0\n1/2/2017 0:01,NA,1\n1/2/2017 0:02,2,1\n",
  );
  writeFileSync(join(data, "b.csv"), "x\n1\n");
  writeFileSync(join(data, "bad.csv"), "");
  mkdirSync(join(data, "sounds"));
  writeFileSync(join(data, "sounds/1.wav"), writeWav(new Float32Array(4000), 8000));
  writeFileSync(join(data, "sounds/2.wav"), writeWav(new Float32Array(32_000), 16_000, 2));
  writeFileSync(join(data, "sounds/3.wav"), "no sound");
  writeFileSync(join(data, "cut.wav"), writeWav(new Float32Array(4000), 8000).subarray(0, 44 + 1600));
});
afterAll(() => runtime.stop());

const get = async (path: string) => {
  const response = await fetch(`${runtime.url}/edge-replay/${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe("GET edge-replay/preview", () => {
  it("describes a file for the dialog", async () => {
    const { status, body } = await get("preview?file=a.csv&zone=Europe/Berlin");
    expect(status).toBe(200);
    expect(body).toEqual({
      kind: "table",
      file: "a.csv",
      size: expect.any(Number),
      rows: 3,
      columns: [
        { name: "Datetime", kind: "time" },
        { name: "Temp", kind: "number" },
        { name: "Fault Ground Truth", kind: "number" },
      ],
      first: [
        ["1/2/2017 0:00", "1.5", "0"],
        ["1/2/2017 0:01", "NA", "1"],
        ["1/2/2017 0:02", "2", "1"],
      ],
      time: {
        column: "Datetime",
        format: "M/d/yyyy",
        title: "M/d/yyyy h:mm (month first)",
        ambiguous: true,
        example: "2017-01-01T23:00:00.000Z",
        step: 60,
      },
      labels: ["Fault Ground Truth"],
    });
  });

  it("describes a WAV file, also one that was cut off", async () => {
    expect((await get("preview?file=cut.wav")).body).toEqual({
      ...{ kind: "sound", file: "cut.wav", size: 1644, files: 1, looked: 1, duration: 0.1 },
      ...{ unreadable: 0, rates: [8000], channels: [1], truncated: true },
    });
  });

  it("describes a folder of WAV files", async () => {
    expect((await get("preview?file=sounds")).body).toMatchObject({
      ...{ kind: "sound", files: 3, looked: 3, duration: 1.5, rates: [8000, 16_000], channels: [1, 2] },
      ...{ unreadable: 1, error: expect.stringContaining("3.wav") },
    });
  });

  it("describes a file without times", async () => {
    expect((await get("preview?file=b.csv")).body).toMatchObject({ rows: 1, time: null, labels: [] });
  });

  it.each([
    ["preview", 400, "EDGE_ML_FILE_READ"],
    ["preview?file=", 400, "EDGE_ML_FILE_READ"],
    ["preview?file=none.csv", 400, "EDGE_ML_FILE_READ"],
    ["preview?file=bad.csv", 400, "EDGE_ML_FILE_FORMAT"],
    ["preview?file=a.csv&zone=Mars", 400, "EDGE_ML_SETTING"],
    ["preview?file=a.csv&file=b.csv", 400, "EDGE_ML_FILE_READ"],
    ["preview?file[x]=a.csv", 400, "EDGE_ML_FILE_READ"],
    ["preview?file=../flows.json", 403, "EDGE_ML_FILE_OUTSIDE"],
    ["preview?file=..%2F..%2Fetc%2Fpasswd", 403, "EDGE_ML_FILE_OUTSIDE"],
    ["preview?file=examples:../../package.json", 403, "EDGE_ML_FILE_OUTSIDE"],
  ])("answers %s with %i %s", async (path, status, code) => {
    expect(await get(path)).toMatchObject({ status, body: { code, message: expect.any(String) } });
  });
});

describe("GET edge-replay/files", () => {
  it("lists the files of the configured folder", async () => {
    const { body } = await get("files");
    expect(body.folder).toBe(join(runtime.userDir, "my-data"));
    expect(body.files).toEqual(expect.arrayContaining(["a.csv", "b.csv"]));
  });
});
