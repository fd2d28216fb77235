/** A number with three digits. */
export function brief(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A share 0..1 in percent. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** The first names of a list. */
export function firstOf(names: readonly string[], most = 3): string {
  return names.slice(0, most).join(", ") + (names.length > most ? ", …" : "");
}

export function duration(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1000, "s"],
  ];
  const [size, unit] = units.find(([each]) => ms >= 2 * each) ?? [1, "ms"];
  return `${Number((ms / size).toPrecision(2))} ${unit}`;
}
