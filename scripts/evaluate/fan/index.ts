import type { Benchmark } from "../benchmark.ts";
export const fan: Benchmark = {
  name: "fan",
  title: "x",
  folder: "fan-vibration",
  async run() {
    return [];
  },
};
