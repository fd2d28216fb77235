import { describe, expect, it } from "vitest";
import { dctMatrix } from "../../../../nodes/lib/dsp/math/dct.ts";
import {
  equalAreas,
  flooredTriangles,
  hzToMel,
  MEL_SCALES,
  melPoints,
  melToHz,
  triangles,
} from "../../../../nodes/lib/dsp/math/mel.ts";

const bins = { fftLength: 16, rate: 800 };
const rounded = (rows: ArrayLike<number>[]) => rows.map((row) => Array.from(row, (v) => Number((v + 0).toFixed(9))));

describe("the mel scale", () => {
  // librosa.hz_to_mel([0, 440, 1000, 6400]), and htk=True.
  it.each([
    ["Slaney", 0, 0],
    ["Slaney", 440, 6.6],
    ["Slaney", 1000, 15],
    ["Slaney", 6400, 42],
    ["HTK", 0, 0],
  ] as const)("%s: %d Hz", (scale, hz, mel) => expect(hzToMel(hz, scale)).toBeCloseTo(mel, 10));

  it("HTK is 1127·ln(1 + f/700)", () => {
    expect(hzToMel(440, "HTK")).toBe(1127 * Math.log1p(440 / 700));
    // librosa's 2595·log10 is 1126.994·ln.
    expect(hzToMel(440, "HTK") / 549.63867538).toBeCloseTo((1127 * Math.LN10) / 2595, 10);
  });

  it.each(MEL_SCALES)("%s there and back", (scale) => {
    for (const hz of [0, 1, 20, 999, 1000, 1001, 4000, 22050]) {
      expect(melToHz(hzToMel(hz, scale), scale)).toBeCloseTo(hz, 8);
    }
  });

  it("points: librosa.mel_frequencies(7, fmin=100, fmax=8000)", () => {
    const expected = [100, 586.06267191, 1077.21734502, 1778.27941004, 2935.59853524, 4846.11063451, 8000];
    for (const [i, hz] of melPoints(100, 8000, 5, "Slaney").entries()) expect(hz).toBeCloseTo(expected[i]!, 7);
  });
});

describe("triangles", () => {
  it("straight over Hz, of equal areas: librosa.filters.mel(sr=800, n_fft=16, n_mels=3)", () => {
    const points = melPoints(0, 400, 3, "Slaney");
    const rows = triangles(points, bins, { axis: "Hz" });
    equalAreas(rows, points);
    expect(rounded(rows)).toEqual([
      [0, 0.005, 0.01, 0.005, 0, 0, 0, 0, 0],
      [0, 0, 0, 0.005, 0.01, 0.005, 0, 0, 0],
      [0, 0, 0, 0, 0, 0.005, 0.01, 0.005, 0],
    ]);
  });

  it("straight over Hz, of height 1: librosa.filters.mel(…, htk=True, norm=None)", () => {
    expect(rounded(triangles(melPoints(0, 400, 3, "HTK"), bins, { axis: "Hz" }))).toEqual([
      [0, 0.597090224, 0.826566959, 0.293273447, 0, 0, 0, 0, 0],
      [0, 0, 0.173433041, 0.706726553, 0.785625124, 0.309311901, 0, 0, 0],
      [0, 0, 0, 0, 0.214374876, 0.690688099, 0.850842104, 0.425421052, 0],
    ]);
  });

  it("neighbours add up to 1 between the first and the last peak, over Hz and over mel", () => {
    const points = melPoints(50, 390, 4, "HTK");
    for (const over of [{ axis: "Hz" }, { axis: "mel", scale: "HTK" }] as const) {
      const rows = triangles(points, bins, over);
      for (let k = 0; k <= 8; k++) {
        if (k * 50 < points[1]! || k * 50 > points[4]!) continue;
        expect(rows.reduce((sum, row) => sum + row[k]!, 0)).toBeCloseTo(1, 12);
      }
    }
  });

  it("points that coincide have no weight, and no NaN", () => {
    const points = Float64Array.of(100, 100, 100, 100);
    const rows = triangles(points, bins, { axis: "Hz" });
    equalAreas(rows, points);
    expect(rows.flatMap((row) => [...row]).every((weight) => weight === 0)).toBe(true);
  });

  it("between whole bins: the last point just under half the rate, sides that are no bin wide", () => {
    const points = Float64Array.of(0, 100, 150, 160, 400);
    // (16 + 1)·Hz/800, rounded down: 0, 2, 3, 3, 8.
    expect(rounded(flooredTriangles(points, bins, 4))).toEqual([
      [0, 0.5, 1, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 1, 0, 0, 0, 0, 0],
      [0, 0, 0, 1, 0.8, 0.6, 0.4, 0.2, 0],
    ]);
    // (8 + 2)·Hz/800: 0, 1, 1, 2, 4.
    expect(rounded(flooredTriangles(points, bins, 3))).toEqual([
      [0, 1, 0, 0, 0, 0, 0, 0, 0],
      [0, 1, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 1, 0.5, 0, 0, 0, 0, 0],
    ]);
  });
});

describe("the cosine transform", () => {
  it("is scipy.fft.dct(type=2, norm='ortho')", () => {
    const expected = [0.5, 0.5, 0.5, 0.5, 0.653281482438188, 0.270598050073098, -0.270598050073098, -0.653281482438188];
    expect(dctMatrix(2, 4).length).toBe(8);
    for (const [i, value] of dctMatrix(2, 4).entries()) expect(value).toBeCloseTo(expected[i]!, 14);
  });

  it("is orthonormal", () => {
    const n = 40;
    const matrix = dctMatrix(n, n);
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        let dot = 0;
        for (let i = 0; i < n; i++) dot += matrix[a * n + i]! * matrix[b * n + i]!;
        expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-13);
      }
    }
  });
});
