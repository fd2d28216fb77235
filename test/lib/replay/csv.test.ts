import { readdirSync, readlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inspectCsv, openCsv } from "../../../nodes/lib/replay/index.ts";
import { allRows, plain, temporaryFolder } from "./files.ts";

const folder = temporaryFolder();
const coded = (code: string, details: object = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });

describe("openCsv", () => {
  it("reads rows with time, values, label and topic", async () => {
    const file = folder.write(
      "a.csv",
      "\uFEFFDatetime , Temp ,Valve,state,truth,unit\r\n" +
        "8/28/2007 0:00,77.13, 0.5 ,on,1.0,ahu-1\r\n" +
        '8/28/2007 0:01,#VALUE!,,"on, off",,\r\n',
    );
    const source = await openCsv(file, { ...plain, labelColumn: "truth", topicColumn: "unit" });
    expect(source.channels).toEqual(["Temp", "Valve"]);
    expect(await allRows(source)).toEqual([
      { time: Date.UTC(2007, 7, 28, 0, 0), values: [77.13, 0.5], label: "1", topic: "ahu-1" },
      { time: Date.UTC(2007, 7, 28, 0, 1), values: [null, null] },
    ]);
    expect(source.counts).toEqual({ rows: 2, missing: 2, ragged: 0, untimed: 0 });
    expect(source.progress).toBe(1);
    // Again from the beginning, as a loop does.
    expect(await allRows(source)).toHaveLength(2);
    expect(source.counts.rows).toBe(2);
  });

  it("takes the chosen columns in their order, whatever they hold", async () => {
    const file = folder.write("b.csv", "t,a,b,c\n1,2,x,4\n");
    const source = await openCsv(file, { ...plain, columns: ["c", "b", "a"] });
    expect(source.channels).toEqual(["c", "b", "a"]);
    expect((await allRows(source))[0]!.values).toEqual([4, null, 2]);
    expect(source.counts.missing).toBe(1);
  });

  it("plays a file without times at its interval", async () => {
    const file = folder.write("c.csv", "x\n1\n2\n3\n");
    const rows = await allRows(await openCsv(file, { ...plain, interval: 0.5 }, 1000));
    expect(rows.map(({ time }) => time)).toEqual([1000, 1500, 2000]);
  });

  it("names the columns of a file without a header by position", async () => {
    const source = await openCsv(folder.write("d.csv", "1,2\n3,4\n"), plain);
    expect(source.channels).toEqual(["column 1", "column 2"]);
    expect((await allRows(source)).map(({ values }) => values)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("counts ragged rows: missing cells are missing values, extra cells are left out", async () => {
    const file = folder.write("e.csv", "a,b,c\n1,2\n1,2,3,4\n1,2,3,\n\n1,2,3\n");
    const source = await openCsv(file, plain);
    expect((await allRows(source)).map(({ values }) => values)).toEqual([
      [1, 2, null],
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(source.counts).toEqual({ rows: 4, missing: 1, ragged: 2, untimed: 0 });
  });

  it("keeps __proto__ and constructor as names", async () => {
    const source = await openCsv(folder.write("f.csv", "__proto__,constructor,__proto__\n1,2,3\n"), plain);
    expect(source.channels).toEqual(["__proto__", "constructor", "__proto__ (2)"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("reads decimal commas, semicolons and Windows text", async () => {
    const file = folder.write(
      "g.csv",
      Buffer.from("Zeit;Temp [°C]\n31.05.2024 13:45;21,5\n31.05.2024 13:46;n/a\n", "latin1"),
    );
    const source = await openCsv(file, plain);
    expect(source.channels).toEqual(["Temp [°C]"]);
    expect(await allRows(source)).toEqual([
      { time: Date.UTC(2024, 4, 31, 13, 45), values: [21.5] },
      { time: Date.UTC(2024, 4, 31, 13, 46), values: [null] },
    ]);
  });

  it("reads UTF-16 with tabs, as spreadsheets export it", async () => {
    const file = folder.write("h.txt", Buffer.from("\uFEFFa\tµ\r\n1\t2\r\n3\t4\r\n", "utf16le"));
    const source = await openCsv(file, plain);
    expect(source.channels).toEqual(["a", "µ"]);
    expect((await allRows(source)).map(({ values }) => values)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("gives the same rows wherever the chunks are cut", async () => {
    // 16 KiB chunks fall inside quotes, line ends, characters and numbers at some of these offsets.
    const rows = Array.from({ length: 3000 }, (_, i) => `${i},"q, ""${i}"" °C\r\nline",${i / 8}\r\n`).join("");
    for (const shift of [0, 1, 2, 3, 5, 7]) {
      const file = folder.write("cut.csv", `a,${"n".repeat(1 + shift)},b\r\n${rows}`);
      const source = await openCsv(file, { ...plain, columns: ["a", "b"], time: "none" });
      const values = (await allRows(source)).map((row) => row.values);
      expect(values).toHaveLength(3000);
      expect(values.every(([a, b], i) => a === i && b === i / 8)).toBe(true);
      expect(source.counts).toMatchObject({ ragged: 0, missing: 0 });
    }
  });

  it("reads mixed line ends", async () => {
    const rows = await allRows(await openCsv(folder.write("i.csv", "a,b\n1,2\r\n3,4\r5,6\n7,8"), plain));
    expect(rows.map(({ values }) => values)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
  });

  it("leaves out rows whose time cannot be read, and counts them", async () => {
    const file = folder.write("j.csv", "time,a\n2024-01-01 00:00,1\nx,2\n,3\n2024-01-01 00:03,4\n");
    const source = await openCsv(file, { ...plain, time: "column", timeColumn: "time" });
    expect((await allRows(source)).map(({ values }) => values[0])).toEqual([1, 4]);
    expect(source.counts).toMatchObject({ rows: 2, untimed: 2 });
  });

  it("passes times that go back or repeat as they are", async () => {
    const file = folder.write("k.csv", "time,a\n2024-01-02,1\n2024-01-01,2\n2024-01-01,3\n");
    const times = (await allRows(await openCsv(file, plain))).map(({ time }) => time);
    expect(times).toEqual([Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 1)]);
  });

  it("finds day first when only the rest of the file proves it", async () => {
    const days = Array.from({ length: 60 * 300 }, (_, i) => {
      const date = new Date(Date.UTC(2017, 2, 1) + i * 120_000);
      return `${date.getUTCDate()}/${date.getUTCMonth() + 1}/${date.getUTCFullYear()} ${date.getUTCHours()}:${String(date.getUTCMinutes()).padStart(2, "0")},${i},some text to make the row longer\n`;
    });
    const file = folder.write("days.csv", `when,a,note\n${days.join("")}`);
    const rows = await allRows(await openCsv(file, plain));
    expect(rows).toHaveLength(days.length);
    expect(rows.at(-1)!.time).toBe(Date.UTC(2017, 2, 1) + (days.length - 1) * 120_000);
  });

  it("reads on only when asked: a file of any size needs the memory of one chunk", async () => {
    const file = folder.write("big.csv", `a,b\n${"1.25,2.5\n".repeat(1_000_000)}`);
    const source = await openCsv(file, plain);
    let taken = 0;
    for await (const batch of source.rows()) {
      taken += batch.length;
      if (taken > 10_000) break;
    }
    expect(source.progress).toBeLessThan(0.05);
    // … and stopping half way closes the file.
    const open = readdirSync("/proc/self/fd").filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === file;
      } catch {
        return false;
      }
    });
    expect(open).toEqual([]);
  });

  const unusable: [name: string, content: string | Buffer, code: string, details: object][] = [
    ["an empty file", "", "EDGE_ML_FILE_FORMAT", { got: "empty" }],
    ["blank lines", "\n\n\n", "EDGE_ML_FILE_FORMAT", { got: "empty" }],
    ["a header without rows", "a,b\n", "EDGE_ML_FILE_FORMAT", { got: "a header line without rows" }],
    ["bytes", Buffer.from([1, 0, 2, 0, 3]), "EDGE_ML_FILE_FORMAT", { got: "binary" }],
    ["a spreadsheet", Buffer.from("PK\x03\x04…"), "EDGE_ML_FILE_FORMAT", { got: "a spreadsheet or zip archive" }],
    ["no numbers", "a,b\nx,y\n", "EDGE_ML_FILE_FORMAT", {}],
    ["a line that never ends", "a".repeat(300_000), "EDGE_ML_FILE_FORMAT", {}],
    ["thousands of columns", `${"a,".repeat(3000)}\n${"1,".repeat(3000)}\n`, "EDGE_ML_FILE_FORMAT", {}],
  ];
  it.each(unusable)("refuses %s", async (_, content, code, details) => {
    await expect(openCsv(folder.write("bad.csv", content), plain)).rejects.toEqual(coded(code, details));
  });

  const wrong: [name: string, options: object, code: string, details: object][] = [
    ["an unknown column", { columns: ["nope"] }, "EDGE_ML_FILE_COLUMN", { field: "nope" }],
    ["__proto__ as a column", { columns: ["__proto__"] }, "EDGE_ML_FILE_COLUMN", { field: "__proto__" }],
    ["an unknown label column", { labelColumn: "nope" }, "EDGE_ML_FILE_COLUMN", { field: "nope" }],
    ["an unknown topic column", { topicColumn: "nope" }, "EDGE_ML_FILE_COLUMN", { field: "nope" }],
    ["an unknown time column", { time: "column", timeColumn: "nope" }, "EDGE_ML_FILE_COLUMN", { field: "nope" }],
    ["no time column", { time: "column", timeColumn: " " }, "EDGE_ML_SETTING", { field: "timeColumn" }],
    ["a column that is no time", { time: "column", timeColumn: "s" }, "EDGE_ML_FILE_TIME", { field: "s" }],
    [
      "another time format",
      { time: "column", timeColumn: "t", timeFormat: "dd.MM.yyyy" },
      "EDGE_ML_FILE_TIME",
      { field: "t", expected: "dd.MM.yyyy" },
    ],
    ["an unknown zone", { zone: "Mars/Base" }, "EDGE_ML_SETTING", { field: "zone" }],
  ];
  it.each(wrong)("says what is wrong with %s", async (_, options, code, details) => {
    const file = folder.write("w.csv", "t,a,s\n2024-01-01,1,x\n2024-01-02,2,y\n");
    await expect(openCsv(file, { ...plain, ...options })).rejects.toEqual(coded(code, details));
  });

  it("refuses a file that is not there, and a folder", async () => {
    await expect(openCsv(`${folder.path}/none.csv`, plain)).rejects.toEqual(coded("EDGE_ML_FILE_READ"));
    await expect(openCsv(folder.path, plain)).rejects.toEqual(coded("EDGE_ML_FILE_READ"));
  });

  it("ends with a coded error when a quote swallows the rest, after the rows before it", async () => {
    const file = folder.write("quote.csv", `a,b\n${"1,2\n".repeat(100_000)}1,"${"x,y\n".repeat(400_000)}`);
    const source = await openCsv(file, plain);
    let rows = 0;
    const read = async () => {
      for await (const batch of source.rows()) rows += batch.length;
    };
    await expect(read()).rejects.toEqual(coded("EDGE_ML_FILE_READ"));
    expect(rows).toBeGreaterThan(90_000);
  });
});

describe("inspectCsv", () => {
  it("describes columns, times and the number of rows", async () => {
    const file = folder.write("m.csv", "time;a;b;c;d\n2024-01-01;1;;x;3\n2024-01-02;NA;;y;z\n");
    const found = await inspectCsv(file);
    expect(found.columns).toMatchObject([
      { name: "time", kind: "time", format: { id: "iso", ambiguous: false } },
      { name: "a", kind: "number" },
      { name: "b", kind: "empty" },
      { name: "c", kind: "text" },
      { name: "d", kind: "text" },
    ]);
    expect(found).toMatchObject({ rows: 2, header: true, whole: true });
  });

  it("estimates the rows of a large file", async () => {
    const file = folder.write("large.csv", `a,b\n${"1.25,2.5\n".repeat(200_000)}`);
    const { rows } = await inspectCsv(file);
    expect(Math.abs(rows - 200_000)).toBeLessThan(2000);
  });
});
