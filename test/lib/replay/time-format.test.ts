import { describe, expect, it } from "vitest";
import { checkZone, detectTimeFormat, timeReader } from "../../../nodes/lib/replay/csv/time-format.ts";

const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());

describe("detectTimeFormat", () => {
  const cases: [cell: string, id: string, time: string][] = [
    ["2024-05-31T13:45:06Z", "iso", "2024-05-31T13:45:06.000Z"],
    ["2024-05-31T13:45:06.123456+02:00", "iso", "2024-05-31T11:45:06.123Z"],
    ["2024-05-31 13:45:06", "iso", "2024-05-31T13:45:06.000Z"],
    ["2024-05-31 13:45:06,5", "iso", "2024-05-31T13:45:06.500Z"],
    ["2024-05-31 13:45 -0730", "iso", "2024-05-31T21:15:00.000Z"],
    ["2024/05/31 13:45", "iso", "2024-05-31T13:45:00.000Z"],
    ["2024-05-31", "iso", "2024-05-31T00:00:00.000Z"],
    ["2024-05-31 24:00", "iso", "2024-06-01T00:00:00.000Z"],
    ["8/28/2007 0:00", "M/d/yyyy", "2007-08-28T00:00:00.000Z"],
    ["8/28/2007 12:05:01 AM", "M/d/yyyy", "2007-08-28T00:05:01.000Z"],
    ["8/28/07 1:05 p.m.", "M/d/yyyy", "2007-08-28T13:05:00.000Z"],
    ["28/8/2007 13:05", "d/M/yyyy", "2007-08-28T13:05:00.000Z"],
    ["28.8.2007 13:05", "d.M.yyyy", "2007-08-28T13:05:00.000Z"],
    ["01.02.2007", "d.M.yyyy", "2007-02-01T00:00:00.000Z"],
    ["28-08-2007 13:05", "d-M-yyyy", "2007-08-28T13:05:00.000Z"],
    ["08-28-2007 13:05", "M-d-yyyy", "2007-08-28T13:05:00.000Z"],
    ["1700000000", "epoch s", "2023-11-14T22:13:20.000Z"],
    ["1700000000.25", "epoch s", "2023-11-14T22:13:20.250Z"],
    ["1700000000123", "epoch ms", "2023-11-14T22:13:20.123Z"],
    ["1700000000123456", "epoch us", "2023-11-14T22:13:20.123Z"],
    ["1700000000123456789", "epoch ns", "2023-11-14T22:13:20.123Z"],
    ["45443.5", "excel", "2024-05-31T12:00:00.000Z"],
  ];
  it.each(cases)("%s is %s", (cell, id, time) => {
    const found = detectTimeFormat([cell], true);
    expect(found?.id).toBe(id);
    expect(iso(timeReader(id, "UTC")(cell)!)?.slice(0, 23)).toBe(time.slice(0, 23));
  });

  const none: [string, string[]][] = [
    ["no cells", []],
    ["text", ["on"]],
    ["an impossible day", ["2023-02-29"]],
    ["an impossible hour", ["2023-02-28 25:00"]],
    ["an impossible minute", ["2023-02-28 12:60"]],
    ["hour 13 PM", ["1/2/2023 13:00 PM"]],
    ["both day first and month first", ["28/8/2007", "8/28/2007"]],
    ["small numbers", ["1", "2", "3"]],
    ["mixed formats", ["2024-05-31", "31.05.2024"]],
    ["__proto__", ["__proto__"]],
  ];
  it.each(none)("%s is no time", (_, cells) => expect(detectTimeFormat(cells, true)).toBeUndefined());

  it("takes plain numbers only where they may be times", () => {
    expect(detectTimeFormat(["1700000000"], false)).toBeUndefined();
  });

  it("says when day and month could be the other way round, until the file proves one", () => {
    expect(detectTimeFormat(["1/2/2017", "2/2/2017"], false)).toMatchObject({ id: "M/d/yyyy", ambiguous: true });
    expect(detectTimeFormat(["1/2/2017", "13/2/2017"], false)).toMatchObject({ id: "d/M/yyyy", ambiguous: false });
    expect(detectTimeFormat(["1/2/2017", "1/13/2017"], false)).toMatchObject({ id: "M/d/yyyy", ambiguous: false });
    expect(detectTimeFormat(["1-2-2017"], false)).toMatchObject({ id: "d-M-yyyy", ambiguous: true });
  });
});

describe("timeReader", () => {
  const zones: [format: string, zone: string, cell: string, time: string][] = [
    ["iso", "Europe/Berlin", "2024-05-31 12:00", "2024-05-31T10:00:00.000Z"],
    ["iso", "Europe/Berlin", "2024-05-31 12:00Z", "2024-05-31T12:00:00.000Z"],
    ["iso", "Europe/Berlin", "2024-12-31 24:00", "2024-12-31T23:00:00.000Z"],
    ["M/d/yyyy", "America/New_York", "1/2/2024 0:00", "2024-01-02T05:00:00.000Z"],
    ["excel", "UTC+2", "45443.5", "2024-05-31T10:00:00.000Z"],
    ["dd.MM.yyyy HH-mm", "UTC", "31.05.2024 13-45", "2024-05-31T13:45:00.000Z"],
    ["yyyyMMdd HHmm", "Europe/Berlin", "20240531 1345", "2024-05-31T11:45:00.000Z"],
    ["epoch s", "Europe/Berlin", "0.5", "1970-01-01T00:00:00.500Z"],
  ];
  it.each(zones)("%s in %s: %s", (format, zone, cell, time) => {
    expect(iso(timeReader(format, zone)(cell))).toBe(time);
  });

  it.each(["iso", "M/d/yyyy", "epoch s", "excel", "dd.MM.yyyy HH:mm"])("%s: nonsense is no time", (format) => {
    const read = timeReader(format, "UTC");
    for (const cell of ["", "x", "NaN", "Infinity", "1e300", "99.99.9999", "-1e20"]) expect(read(cell)).toBeUndefined();
  });

  it.each(["", "abc", "HH:mm", "'yyyy'"])("refuses the format %j", (format) => {
    expect(() => timeReader(format, "UTC")).toThrow(expect.objectContaining({ code: "EDGE_ML_SETTING" }));
  });

  it("checks the zone", () => {
    expect(checkZone("utc")).toBe("utc");
    expect(checkZone("Asia/Kolkata")).toBe("Asia/Kolkata");
    for (const zone of ["", "Mars/Base", "__proto__", "UTC+99:999"]) {
      expect(() => checkZone(zone)).toThrow(expect.objectContaining({ code: "EDGE_ML_SETTING" }));
    }
  });
});
