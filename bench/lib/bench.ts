/** One line of a table. */
export interface Row {
  what: string;
  value: number;
  unit: "µs" | "ms" | "%" | "× real time" | "readings/s" | "frames/s" | "bytes" | "sessions";
  /** To what the value is compared, and how many times that it is. */
  ratio?: { to: string; times: number };
}

export interface Table {
  title: string;
  rows: Row[];
  notes?: string[];
}

/** One benchmark: a file in bench/, its default export. */
export interface Bench {
  title: string;
  run(): Promise<Table[]>;
}

/** A row per case of `compare`, each against the one named `to`. */
export function rowsOf(results: ReadonlyMap<string, number>, to?: string): Row[] {
  return [...results].map(([what, value]) => {
    const row: Row = { what, value, unit: "µs" };
    if (to !== undefined && what !== to) row.ratio = { to, times: value / results.get(to)! };
    return row;
  });
}

export function print({ title, rows, notes = [] }: Table): string {
  const cells = rows.map(({ what, value, unit, ratio }) => [
    what,
    `${digits(value)} ${unit}`,
    ratio ? `${digits(ratio.times)} × ${ratio.to}` : "",
  ]);
  const width = (i: number) => Math.max(...cells.map((row) => row[i]!.length));
  const widths = [width(0), width(1)];
  const lines = cells.map(([what, value, ratio]) =>
    `  ${what!.padEnd(widths[0]!)}  ${value!.padStart(widths[1]!)}  ${ratio}`.trimEnd(),
  );
  return [title, ...lines, ...notes.map((note) => `  ${note}`)].join("\n");
}

function digits(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
}
