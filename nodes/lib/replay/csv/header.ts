import { MAX_NAME_LENGTH } from "../../frame/index.js";
import { type Decimal, isMissing, numberIn } from "./cells.js";

/**
 * Column names from the header's cells: trimmed, shortened, a blank one named by its position, a repeated one numbered
 * ("x", "x (2)"), so that each name is there once.
 */
export function headerNames(cells: readonly string[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell, i) => {
    const name = cell.trim().slice(0, MAX_NAME_LENGTH) || `column ${i + 1}`;
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name} (${n})`;
    taken.add(unique);
    return unique;
  });
}

/** Whether the first record is data already: a file without a header has numbers there. */
export function looksLikeData(cells: readonly string[], decimal: Decimal): boolean {
  let numbers = 0;
  for (const cell of cells) {
    const text = cell.trim();
    if (numberIn(text, decimal) !== null) numbers++;
    else if (!isMissing(text)) return false;
  }
  return numbers > 0;
}
