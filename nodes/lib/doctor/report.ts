import type { Finding } from "./finding.js";

const SIGNS = { good: "✓", note: "·", warning: "!", problem: "✗" };

/** Findings as lines for a terminal, with what to do below each that asks for it. */
export function reportText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  return findings
    .flatMap(({ subject, level, text, remedy }) => [
      `${SIGNS[level]} ${subject.padEnd(width)}  ${text}`,
      ...(remedy === undefined ? [] : [`  ${" ".repeat(width)}  → ${remedy}`]),
    ])
    .join("\n");
}
