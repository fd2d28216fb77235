import { describe, expect, it } from "vitest";
import { StreamTable } from "../../../nodes/lib/frame/index.ts";

const names = (table: StreamTable<string>) => [...table.entries()].map(([name]) => name);
const make = (stream: string) => `state of ${stream}`;

describe("StreamTable", () => {
  it("makes a stream's state once, with its name", () => {
    const table = new StreamTable<{ stream: string }>();
    const create = (stream: string) => ({ stream });
    const first = table.get("a", create);
    expect(first).toEqual({ stream: "a" });
    table.get("b", create);
    expect(table.get("a", create)).toBe(first);
    expect(table.size).toBe(2);
  });

  it("when it is full, forgets the stream that was silent longest, counts it and says so", () => {
    const gone: [string, string][] = [];
    const table = new StreamTable<string>(2, (...args) => gone.push(args));
    for (const stream of ["a", "b", "a", "c"]) table.get(stream, make);
    expect(names(table)).toEqual(["a", "c"]);
    expect(gone).toEqual([["b", "state of b"]]);
    expect(table.evicted).toBe(1);
  });

  it("looking is not using", () => {
    const table = new StreamTable<string>(2);
    for (const stream of ["a", "b"]) table.get(stream, make);
    expect(table.peek("a")).toBe("state of a");
    expect(table.peek("nobody")).toBeUndefined();
    table.get("c", make);
    expect(names(table)).toEqual(["b", "c"]);
  });

  it("the stream used last can be deleted and come back", () => {
    const table = new StreamTable<string>(2);
    for (const stream of ["a", "b"]) table.get(stream, make);
    expect(table.delete("b")).toBe(true);
    expect(table.delete("b")).toBe(false);
    for (const stream of ["b", "a", "c"]) table.get(stream, make);
    expect(names(table)).toEqual(["a", "c"]);
    table.clear();
    expect(table.size).toBe(0);
  });

  it("evictOldest forgets one, and nothing when there is none", () => {
    const table = new StreamTable<string>();
    table.evictOldest();
    table.get("a", make);
    table.evictOldest();
    expect([table.size, table.evicted]).toEqual([0, 1]);
  });

  it("holds 10,000 streams to its limit, whatever their names", () => {
    const table = new StreamTable<string>(10);
    for (let i = 0; i < 10_000; i++) table.get(i % 2 ? `s${i}` : ["__proto__", "constructor", ""][i % 3]!, make);
    expect(table.size).toBe(10);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a limit of %d", (limit) => {
    expect(() => new StreamTable(limit)).toThrow(TypeError);
  });
});
