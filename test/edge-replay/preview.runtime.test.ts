import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
