import { describe, expect, it } from "vitest";
import { Kernel } from "../../../../nodes/lib/learn/kernels/kernel.ts";
import {
  correctedRate,
  lossGraph,
  type NetworkPlan,
  parameterCount,
  stepGraph,
} from "../../../../nodes/lib/learn/kernels/network.ts";
import { trainNetwork } from "../../../../nodes/lib/learn/kernels/train-network.ts";
import { seeded } from "../../../../nodes/lib/learn/math/random.ts";
import { gaussian } from "../support.ts";

const ROWS = 7;
const normal = gaussian(3);
const numbers = (count: number, scale = 1) => Float32Array.from({ length: count }, () => scale * normal());

const plans: NetworkPlan[] = [
  { sizes: [4, 3, 2, 3, 4], activation: "Tanh", loss: "squares", decay: 0 },
  { sizes: [4, 5, 3], activation: "Relu", loss: "cross-entropy", decay: 0 },
  { sizes: [3, 4, 4, 1], activation: "Relu", loss: "squares", decay: 0 },
  { sizes: [3, 2], activation: "Relu", loss: "cross-entropy", decay: 0.3 },
];

/** The parameters after one step, and the loss at any parameters. */
async function kernels(plan: NetworkPlan) {
  const [step, loss] = [await Kernel.compile(stepGraph(plan)), await Kernel.compile(lossGraph(plan))];
  const outputs = plan.sizes.at(-1)!;
  const x = numbers(ROWS * plan.sizes[0]!);
  const target =
    plan.loss === "squares"
      ? numbers(ROWS * outputs)
      : Float32Array.from({ length: ROWS * outputs }, (_, at) =>
          Math.floor(at / outputs) % outputs === at % outputs ? 1 : 0,
        );
  const rows = (kernel: Kernel) => ({
    x: kernel.tensor([ROWS, plan.sizes[0]!], x),
    target: kernel.tensor([ROWS, outputs], target),
    rowWeights: kernel.tensor([ROWS, 1], Float32Array.of(1, 2, 0.5, 1, 1, 3, 0)),
  });
  const count = parameterCount(plan);
  return {
    async lossAt(parameters: Float32Array): Promise<number> {
      const output = await loss.run({ ...rows(loss), parameters: loss.tensor([count], parameters) });
      return (output.loss!.data as Float32Array)[0]! / ROWS;
    },
    async step(parameters: Float32Array, first: Float32Array, second: Float32Array, rate: number) {
      const output = await step.run({
        ...rows(step),
        share: step.tensor([], Float32Array.of(1 / ROWS)),
        rate: step.tensor([], Float32Array.of(rate)),
        parameters: step.tensor([count], parameters),
        first: step.tensor([count], first),
        second: step.tensor([count], second),
      });
      const data = (name: string) => output[name]!.data as Float32Array;
      return { parameters: data("nextParameters"), first: data("nextFirst"), second: data("nextSecond") };
    },
    release: () => Promise.all([step.release(), loss.release()]),
  };
}

describe.each(plans)("a step of $sizes, $activation, $loss", (plan) => {
  const count = parameterCount(plan);
  const parameters = numbers(count, 0.5);
  const zeros = new Float32Array(count);

  it("has the gradient that finite differences have", async () => {
    const network = await kernels(plan);
    const { first } = await network.step(parameters, zeros, zeros, 0);
    for (let i = 0; i < count; i++) {
      const h = 4e-3;
      const [up, down] = [parameters.slice(), parameters.slice()];
      up[i]! += h;
      down[i]! -= h;
      const difference = ((await network.lossAt(up)) - (await network.lossAt(down))) / (up[i]! - down[i]!);
      // The first moment is a tenth of the gradient.
      expect(Math.abs(10 * first[i]! - difference)).toBeLessThan(3e-3);
    }
    await network.release();
  });

  it("moves the parameters as Adam does", async () => {
    const network = await kernels(plan);
    const gradient = Array.from((await network.step(parameters, zeros, zeros, 0)).first, (part) => 10 * part);
    const before = { first: numbers(count, 0.1), second: numbers(count).map(Math.abs) };
    const rate = correctedRate(0.01, 5);
    const after = await network.step(parameters, before.first, before.second, rate);
    for (let i = 0; i < count; i++) {
      const first = 0.9 * before.first[i]! + 0.1 * gradient[i]!;
      const second = 0.999 * before.second[i]! + 0.001 * gradient[i]! ** 2;
      // Kingma & Ba, algorithm 1 at t = 5, with the decay of Loshchilov & Hutter.
      const corrected = first / (1 - 0.9 ** 5) / (Math.sqrt(second / (1 - 0.999 ** 5)) + 1e-8);
      const decay = rate * plan.decay * parameters[i]!;
      expect(after.parameters[i]!).toBeCloseTo(parameters[i]! - 0.01 * corrected - decay, 5);
    }
    await network.release();
  });
});

describe("trainNetwork", () => {
  const rows = 200;
  const x = numbers(rows * 2);
  const target = Float32Array.from({ length: rows }, (_, row) => Math.sin(x[2 * row]!) * x[2 * row + 1]!);
  const data = {
    rows,
    x,
    target,
    weights: new Float32Array(rows).fill(1),
    training: Int32Array.from({ length: 170 }, (_, i) => i),
    validation: Int32Array.from({ length: 30 }, (_, i) => 170 + i),
  };
  const plan: NetworkPlan = { sizes: [2, 8, 1], activation: "Tanh", loss: "squares", decay: 0 };

  it("stops when the validation no longer gains, and comes to the same for the same seed", async () => {
    const shares: number[] = [];
    const settings = { epochs: 2000, rate: 0.01 };
    const trained = await trainNetwork(plan, data, settings, seeded(1), (share) => shares.push(share));
    expect(trained.epochs).toBeLessThan(4000);
    expect(trained.validationLoss).toBeLessThan(0.02);
    expect(shares.every((share, i) => share >= (shares[i - 1] ?? 0) && share <= 1)).toBe(true);
    const again = await trainNetwork(plan, data, settings, seeded(1), () => undefined);
    expect(again).toEqual(trained);
  });

  it("ends when progress throws", async () => {
    let told = 0;
    const ended = trainNetwork(plan, data, { epochs: 2000, rate: 0.01 }, seeded(1), () => {
      if (++told === 3) throw new Error("that is enough");
    });
    await expect(ended).rejects.toThrow("that is enough");
  });
});
