import { describe, expect, it } from "vitest";
import { count, lastLine, sum, type VitestReport } from "../../scripts/lib/test/report.ts";

/** A report of one file with tests of these states. */
function report(statuses: string[], status = statuses.includes("failed") ? "failed" : "passed"): VitestReport {
  const assertionResults = statuses.map((state, i) => ({ fullName: `test ${i}`, status: state }));
  return { testResults: [{ name: "/p/test/a.test.ts", status, message: "", assertionResults }] };
}

describe("the count of a test run", () => {
  const cases: [string, VitestReport | undefined, number | null, [number, number, number]][] = [
    ["all passed", report(["passed", "passed"]), 0, [2, 0, 0]],
    ["one failed", report(["passed", "failed"]), 1, [1, 1, 0]],
    ["skipped and planned ones", report(["passed", "skipped", "todo"]), 0, [1, 0, 2]],
    ["a hook failed: its tests count as skipped", report(["passed", "skipped"], "failed"), 1, [1, 1, 1]],
    ["a file that cannot be loaded", report([], "failed"), 1, [0, 1, 0]],
    ["an error outside of tests", report(["passed"]), 1, [1, 1, 0]],
    ["vitest was killed", report(["passed"]), null, [1, 1, 0]],
    ["no test at all", { testResults: [] }, 0, [0, 1, 0]],
    ["everything skipped", report(["skipped"]), 0, [0, 1, 1]],
    ["no report", undefined, 0, [0, 1, 0]],
  ];
  it.each(cases)("%s", (_, vitest, code, [passed, failed, skipped]) => {
    const counts = count(vitest, code);
    expect([counts.passed, counts.failed, counts.skipped.length]).toEqual([passed, failed, skipped]);
  });

  it("gives the warning of the file as the reason of a skipped test", () => {
    const output = "stderr | test/a.test.ts > x\nskipped: ../shared/data/hvac is missing\n\n ✓ other\n";
    expect(count(report(["passed", "skipped"]), 0, output).skipped).toEqual([
      { file: "/p/test/a.test.ts", test: "test 1", reason: "skipped: ../shared/data/hvac is missing" },
    ]);
    expect(count(report(["skipped"]), 0).skipped[0]!.reason).toBe("no reason given");
  });

  it("ends in one line", () => {
    const one = count(report(["passed", "failed"]), 1);
    expect(lastLine(sum([one, one]))).toBe("2 passed, 2 failed");
    expect(lastLine(count(report(["passed", "skipped"]), 0))).toBe("1 passed, 0 failed, 1 skipped");
  });
});
