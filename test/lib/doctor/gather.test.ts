import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { examine, gatherFacts } from "../../../nodes/lib/doctor/index.ts";

it("looks at this machine, and changes nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "edge-ml-doctor-"));
  try {
    const models = join(folder, "edge-ml", "models");
    const facts = await gatherFacts(models, "5.0.7");
    expect(facts).toMatchObject({
      platform: process.platform,
      arch: process.arch,
      node: process.versions.node,
      nodeRed: "5.0.7",
      // The tests of this package run models; so there is one.
      runtime: { kind: "native" },
      simd: true,
      disk: { folder: models, writable: true, freeBytes: expect.any(Number) },
    });
    expect(facts.memory.freeBytes).toBeGreaterThan(0);
    expect(facts.memory.freeBytes).toBeLessThanOrEqual(facts.memory.totalBytes);
    if (process.platform === "linux") expect(facts.libc).toMatch(/^(glibc \d+\.\d+|musl)$/);
    expect(examine(facts).length).toBeGreaterThanOrEqual(9);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
