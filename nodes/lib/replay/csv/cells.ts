/** The decimal sign of a file: 1.5 or 1,5. */
export type Decimal = "." | ",";

/** What loggers, spreadsheets and exports write where there is no value. Spreadsheet errors all begin with "#". */
const MISSING = /^(?:#.*|n\/?a|nan|null|none|nil|-+|\?+|missing|no data|[-+]?inf(?:inity)?|1\.#.*)$/i;

const PLAIN = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const COMMA = /^[-+]?(?:\d+,?\d*|,\d+)(?:e[-+]?\d+)?$/i;
/** 1.234.567,8: dots between groups of three, and a comma after them. */
const GROUPED_COMMA = /^[-+]?\d{1,3}(?:\.\d{3})+,\d+$/;

/** Whether a cell says that there is no value (blanks are trimmed already). */
export function isMissing(cell: string): boolean {
  return cell === "" || MISSING.test(cell);
}

/**
 * The number in a cell, or null: for blanks, NA, NaN, null, inf, `#VALUE!`, text and anything else that is not a finite
 * decimal number. "true" and "false" are 1 and 0. A missing value never becomes a number.
 * @param cell trimmed
 */
export function numberIn(cell: string, decimal: Decimal): number | null {
  if (cell === "") return null;
  let text = cell;
  if (decimal === ",") {
    if (COMMA.test(text)) text = text.replace(",", ".");
    else if (GROUPED_COMMA.test(text)) text = text.replaceAll(".", "").replace(",", ".");
  }
  if (PLAIN.test(text)) {
    const number = Number(text);
    return Number.isFinite(number) ? number : null;
  }
  switch (cell.toLowerCase()) {
    case "true":
      return 1;
    case "false":
      return 0;
    default:
      return null;
  }
}
