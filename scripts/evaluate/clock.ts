const BEGIN = Date.UTC(2024, 0, 1);

/** A time for rows of a data set that has none: so many ms after the beginning of 2024, in ISO 8601. */
export function clockTime(ms: number): string {
  return new Date(BEGIN + ms).toISOString();
}
