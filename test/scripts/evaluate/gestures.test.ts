import { describe, expect, it } from "vitest";
import { gestures } from "../../../scripts/evaluate/gestures/index.ts";
import { prepareMagicWand, WAND_WINDOW } from "../../../scripts/evaluate/gestures/magic-wand.ts";
import { score } from "../../../scripts/evaluate/gestures/score.ts";
import { prepareWandImu } from "../../../scripts/evaluate/gestures/wand-imu.ts";
import { madeUpFolder, outcomeOf } from "./support.ts";

const { folder, write, lines, header } = madeUpFolder();
const column = (file: string, index: number) => lines(file).map((line) => line.split(",")[index]);
const unique = <T>(values: T[]) => [...new Set(values)];

describe("the split of the wand gestures", () => {
  const head = "time_ms,accel_ms2_x,accel_ms2_y,accel_ms2_z,gyro_degs_x,gyro_degs_y,gyro_degs_z";
  for (const name of ["wingardium039", "wingardium040", "flippendo001", "flippendo059", "negative002", "negative003"]) {
    write(`imu/${name.slice(0, -3)}/${name}.csv`, [head, "0.0,1,2,3,4,5,6", "9.5,1,2,3,4,5,7"]);
  }
  const [round] = prepareWandImu(`${folder}/imu`, folder);

  it("learns from the earlier files and tests on the later ones, each a stream of its own", () => {
    expect(header(round!.train)).toBe("time,accel x,accel y,accel z,gyro x,gyro y,gyro z,label,stream");
    expect(unique(column(round!.train, 8))).toEqual(["wingardium039", "flippendo001", "negative002"]);
    expect(unique(column(round!.test, 8))).toEqual(["wingardium040", "flippendo059", "negative003"]);
    expect(unique(column(round!.test, 7))).toEqual(["wingardium", "flippendo", "negative"]);
  });

  it("keeps the times within a file, and goes on from one to the next", () => {
    const times = [...column(round!.train, 0), ...column(round!.test, 0)].map((time) => Date.parse(time!));
    expect(times[1]! - times[0]!).toBe(9);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe("the split of the magic wand", () => {
  write("wand/ring/output_ring_dengyl.txt", [
    "Script started on Tue\r",
    "1.0,1.0,1.0\r",
    "-,-,-\r",
    "0.5,0.25,1.0\r",
    "0.5,0.2",
    "0.75,0.25,1.0\r",
    "-,-,-\r",
    "0.1,0.2,0.3\r",
  ]);
  write("wand/wing/output_wing_jiangyh.txt", ["-,-,-", ...Array.from({ length: 150 }, (_, i) => `${i / 100},0.0,1.0`)]);
  write("wand/slope/output_slope_jiangyh.txt", ["-,-,-", "0.0,0.0,1.0"]);
  write("wand/negative/output_negative_1.txt", ["-,-,-", ...Array.from({ length: 250 }, () => "-515.0,412.0,716.0")]);
  const [dengyl, jiangyh] = prepareMagicWand(`${folder}/wand`, folder);

  it("tests each person with what never saw them, and always learns from movements of nobody knows whom", () => {
    expect(unique(column(dengyl!.test, 5))).toEqual(["dengyl test ring_dengyl 0", "dengyl test ring_dengyl 1"]);
    expect(unique(column(dengyl!.train, 5))).toEqual([
      "dengyl train wing_jiangyh 0",
      "dengyl train slope_jiangyh 0",
      "dengyl train negative_1 0",
      "dengyl train negative_1 1",
    ]);
    expect(unique(column(jiangyh!.test, 4))).toEqual(["wing", "slope"]);
  });

  it("skips what a terminal left, and brings each recording to the window's length", () => {
    const first = lines(dengyl!.test).slice(0, WAND_WINDOW);
    expect(first[0]).toMatch(/,0\.5,0\.25,1,ring,/);
    expect(first[1]).toMatch(/,0\.75,0\.25,1,ring,/);
    expect(first.at(-1)).toMatch(/,0\.75,0\.25,1,ring,/);
    expect(lines(dengyl!.test)).toHaveLength(2 * WAND_WINDOW);
    expect(lines(jiangyh!.test)[WAND_WINDOW - 1]).toMatch(/,1\.27,0,1,wing,/);
  });

  it("brings milli-g to g, so that the unit does not tell the classes apart", () => {
    expect(lines(dengyl!.train).find((line) => line.includes("negative"))).toMatch(/,-0\.51,0\.41,0\.72,negative,/);
  });
});

describe("the score of gestures", () => {
  it("counts each window of all rounds once", () => {
    const rounds = [
      outcomeOf("a", [
        { truth: "ring", label: "ring" },
        { truth: "wing", label: "ring" },
      ]),
      outcomeOf("b", [
        { truth: "wing", label: "wing" },
        { truth: "wing", label: "uncertain" },
      ]),
    ];
    expect(score(rounds)).toEqual({
      windows: 4,
      right: 2,
      accuracy: 0.5,
      classes: [
        { label: "ring", windows: 1, right: 1 },
        { label: "wing", windows: 3, right: 1 },
      ],
      mistakes: { "wing → ring": 1, "wing → uncertain": 1 },
      rounds: [
        { name: "a", accuracy: 0.5 },
        { name: "b", accuracy: 0.5 },
      ],
    });
  });

  it("says when the folder holds neither set", async () => {
    const context = { folder, work: folder, say: () => undefined };
    await expect(gestures.run(context)).rejects.toThrow(/neither gesture-wand-imu nor gesture-magic-wand-tf/);
  });
});
