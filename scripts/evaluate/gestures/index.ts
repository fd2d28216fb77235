import type { Benchmark } from "../benchmark.ts";
export const gestures: Benchmark = {
  name: "gestures",
  title: "x",
  folder: "",
  async run() {
    return [];
  },
};
