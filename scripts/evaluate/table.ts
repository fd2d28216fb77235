/** Rows of cells under a header, as text for people; an empty list of cells is a line between two parts. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((cells) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd();
  const rule = line(widths.map((width) => "─".repeat(width)));
  return [line(header), rule, ...rows.map((cells) => (cells.length > 0 ? line(cells) : rule))].join("\n");
}

/** "3/4"; "–" where there is nothing to count. */
export function outOf(count: number | null, all: number | null): string {
  return count === null || all === null ? "–" : `${count}/${all}`;
}

/** 0.1234 → "12.3 %"; "–" for what is not a number. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : "–";
}
