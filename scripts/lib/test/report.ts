/** Counts of test runs: what vitest's JSON reporter wrote, summed so that nothing that went wrong counts as well. */

/** The part of vitest's JSON report that is read here. */
export interface VitestReport {
  testResults: {
    /** The test file. */
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

export interface Counts {
  passed: number;
  failed: number;
  skipped: { file: string; test: string; reason: string }[];
}

/**
 * Counts one run. Besides failed tests these count as one failure each: a file that could not be loaded or whose hooks
 * failed, a run that ended with an error though no test failed, and a run without a single test.
 * @param report undefined when vitest wrote none
 * @param exitCode vitest's
 * @param output what vitest printed: the reasons of skipped tests are warnings in it
 */
export function count(report: VitestReport | undefined, exitCode: number | null, output = ""): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: [] };
  for (const file of report?.testResults ?? []) {
    const failed = file.assertionResults.filter(({ status }) => status === "failed").length;
    counts.failed += failed === 0 && file.status === "failed" ? 1 : failed;
    for (const { fullName, status } of file.assertionResults) {
      if (status === "passed") counts.passed++;
      else if (status !== "failed") {
        counts.skipped.push({ file: file.name, test: fullName, reason: reasonOf(file.name, output) });
      }
    }
  }
  if (counts.failed === 0 && (exitCode !== 0 || counts.passed === 0)) counts.failed++;
  return counts;
}

/** What a test file warned of: vitest prints "stderr | <file> …", then the text, then an empty line. */
function reasonOf(file: string, output: string): string {
  const blocks = [...stripColors(output).matchAll(/^stderr \| (\S+\.test\.ts)[^\n]*\n([\s\S]*?)(?:\n\s*\n|$)/gm)];
  const texts = blocks
    .filter(([, name]) => file.endsWith(name!))
    .map(([, , text]) => text!.replace(/\s+/g, " ").trim());
  return texts.find((text) => /skip|missing|not there|needs/i.test(text)) ?? texts[0] ?? "no reason given";
}

function stripColors(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is how terminals mark colors
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}

/** The last line of `npm test`. */
export function lastLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`;
}

export function sum(all: Counts[]): Counts {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failed: all.reduce((total, { failed }) => total + failed, 0),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}
