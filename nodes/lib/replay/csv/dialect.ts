import type { Decimal } from "./cells.js";

/** How a CSV file is written; found from its first bytes. */
export interface Dialect {
  encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
  delimiter: "," | ";" | "\t";
  decimal: Decimal;
  /** Lines before the header: a spreadsheet's "sep=;". */
  skipLines: number;
}

const DELIMITERS = [",", ";", "\t"] as const;
const LINES = 50;
const DECIMAL_COMMA = /^[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+(?:e[-+]?\d+)?$/i;

/** What the first bytes say a file is when it is not text, or undefined. */
export function notText(head: Buffer): string | undefined {
  if (head.subarray(0, 4).equals(Buffer.from("PK\x03\x04", "latin1"))) return "a spreadsheet or zip archive";
  if (head.length > 1 && head[0] === 0x1f && head[1] === 0x8b) return "compressed (gzip)";
  if (encodingOf(head).startsWith("utf-16")) return undefined;
  return head.includes(0) ? "binary" : undefined;
}

/**
 * The encoding, delimiter and decimal sign of a file.
 * The delimiter is the one that cuts most of the first lines into the same number of cells; a decimal comma is looked
 * for only where the comma does not delimit.
 * @param head the first bytes, whole or cut anywhere
 */
export function detectDialect(head: Buffer): Dialect {
  const encoding = encodingOf(head);
  const text = new TextDecoder(encoding).decode(head);
  const hint = /^sep=([,;\t])\r?\n/i.exec(text);
  const lines = text.split(/\r\n|\n|\r/, LINES + 1).filter((line) => line.trim() !== "");
  // The last line may be cut.
  if (lines.length > 2 && !/[\r\n]$/.test(text)) lines.pop();
  const delimiter = hint ? (hint[1] as Dialect["delimiter"]) : bestDelimiter(lines);
  return { encoding, delimiter, decimal: decimalOf(lines, delimiter), skipLines: hint ? 1 : 0 };
}

function encodingOf(head: Buffer): Dialect["encoding"] {
  if (head.length > 1 && head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head.length > 1 && head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  try {
    // As a stream: the sample may end inside a character.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return "utf-8";
  } catch {
    // "Temperatur [°C]" from a spreadsheet of western Windows.
    return "windows-1252";
  }
}

function bestDelimiter(lines: readonly string[]): Dialect["delimiter"] {
  let best: Dialect["delimiter"] = ",";
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => split(line, delimiter).length);
    const cells = counts[0] ?? 1;
    if (cells < 2) continue;
    const alike = counts.filter((count) => count === cells).length / counts.length;
    // Of two that cut equally well ("a;b" with decimal commas in every cell) the header's own delimiter decides.
    const score = alike + cells / 10_000;
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

function decimalOf(lines: readonly string[], delimiter: string): Decimal {
  if (delimiter === ",") return ".";
  let commas = 0;
  let dots = 0;
  for (const line of lines.slice(1)) {
    for (const cell of split(line, delimiter)) {
      const text = cell.replace(/^"|"$/g, "").trim();
      if (DECIMAL_COMMA.test(text)) commas++;
      else if (/^[-+]?\d*\.\d+$/.test(text)) dots++;
    }
  }
  return commas > dots ? "," : ".";
}

/** Cells of one line for counting: quoted delimiters do not count. */
function split(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) {
      cells.push(line.slice(start, i));
      start = i + 1;
    }
  }
  cells.push(line.slice(start));
  return cells;
}
