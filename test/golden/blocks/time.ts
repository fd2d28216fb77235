import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What make_time.py wrote. */
export interface TimeGolden {
  cases: {
    name: string;
    shape: [number, number];
    rate: number;
    data: number[];
    /** Each by channel. */
    quantiles: number[][];
    trend: number[][];
    meanCrossings: number[];
    zeroCrossings: number[];
    hjorth: number[][];
    sampleEntropy: number[][];
    autocorrelation: number[][];
    /** Of the first two channels. */
    correlation: number;
    largest: [number, number];
  }[];
  times: {
    zone: string;
    time: number;
    day: number;
    week: number;
    year: number;
    weekend: number;
    hour: number;
    weekday: number;
  }[];
}

export const golden = JSON.parse(readFileSync(join(import.meta.dirname, "time.json"), "utf8")) as TimeGolden;
