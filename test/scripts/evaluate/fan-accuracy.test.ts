import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { FeatureExtractor } from "../../../nodes/lib/dsp/index.ts";
import { train } from "../../../nodes/lib/learn/index.ts";
import { imbalances, type Recording, ROWS, readRecordings, speeds } from "../../../scripts/evaluate/fan/recordings.ts";
import { ROOT } from "../../../scripts/lib/project.ts";
import { runBytes } from "../../lib/learn/support.ts";
import { request } from "../../lib/learn/training/support.ts";

const FAN = resolve(ROOT, "../shared/data/fan-vibration");
const missing = !existsSync(FAN);
/** ms: reading half a million lines takes a second or two, on a busy machine many. */
const TIMEOUT = 120_000;
if (missing) console.warn(`SKIPPED: what a model learns of the fan, because ${FAN} is not there`);

/** Flatten of recordings, as edge-features makes it. */
function features(recordings: readonly Recording[]) {
  const extractor = new FeatureExtractor([{ block: "flatten" }]);
  const rows = recordings.map((recording, seq) => {
    const data = Float32Array.from(recording.flatMap((row) => row.split(",").map(Number)));
    const quality = { ok: true, reasons: [], missing: 0, filled: 0 };
    const times = { start: seq * 1000, end: seq * 1000 + 995 };
    const names = ["x", "y", "z"];
    const info = { kind: "window", shape: [ROWS, 3], names, stream: "fan", seq, ...times, quality } as const;
    return extractor.extract({ data, info: { ...info, shape: [ROWS, 3], recipe: { version: 1 } } }).data;
  });
  const columns = rows[0]!.length;
  return { rows: rows.length, columns, data: Float32Array.from(rows.flatMap((row) => [...row])) };
}

// The benchmark itself is `npm run evaluate -- fan`: this only notices when what it measures is lost.
describe.skipIf(missing)("what a model learns of the fan", () => {
  let recordings: ReturnType<typeof readRecordings>;
  beforeAll(() => {
    recordings = readRecordings(FAN);
  }, TIMEOUT);
  const learn = (normal: readonly Recording[]) =>
    train(request(features(normal), { method: "kmeans", step: 1000, falseAlarmsPerDay: 864 }));

  it("finds every imbalance, at 1 % of false alarms at most", { timeout: TIMEOUT }, async () => {
    const turns = Array.from({ length: 200 }, (_, i) => speeds.map((speed) => recordings[speed][i]!)).flat();
    const { bytes, manifest } = await learn(turns);
    const share = async (tested: readonly Recording[]) => {
      const { score } = await runBytes(bytes, features(tested));
      return score.filter((value) => value > manifest.threshold!.value).length / tested.length;
    };
    expect(await share(imbalances.flatMap((fault) => recordings[fault].slice(0, 150)))).toBe(1);
    expect(await share(speeds.flatMap((speed) => recordings[speed].slice(200)))).toBeLessThanOrEqual(0.01);
  });

  it("says so when the normal set is too wide to see the imbalance", { timeout: TIMEOUT }, async () => {
    const { manifest } = await learn([...recordings.low.slice(0, 200), ...recordings.moving.slice(0, 100)]);
    expect(manifest.training.warnings.join(" ")).toMatch(/scattered .* times as widely as the others/);
    const { manifest: clean } = await learn(recordings.low.slice(0, 200));
    expect(clean.training.warnings.join(" ")).not.toMatch(/scattered/);
  });
});
