import { describe, expect, it } from "vitest";
import { lbfgs, type Slope } from "../../../../nodes/lib/learn/math/lbfgs.ts";

const limits = { tolerance: 1e-8, maxIterations: 500 };
const silent = () => undefined;

/** Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)² (Rosenbrock 1960) */
async function rosenbrock(x: Float64Array): Promise<Slope> {
  const gradient = new Float64Array(x.length);
  let value = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [x[i]!, x[i + 1]!];
    value += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    gradient[i]! += -400 * a * (b - a * a) - 2 * (1 - a);
    gradient[i + 1]! += 200 * (b - a * a);
  }
  return { value, gradient };
}

describe("lbfgs", () => {
  it("finds the bottom of a curved valley", async () => {
    const found = await lbfgs(rosenbrock, Float64Array.of(-1.2, 1, -1.2, 1, 0), limits, silent);
    expect(found.converged).toBe(true);
    for (const value of found.point) expect(value).toBeCloseTo(1, 6);
  });

  it("takes few steps to the bottom of a bowl of very different axes", async () => {
    const bowl = async (x: Float64Array): Promise<Slope> => ({
      value: x.reduce((sum, value, i) => sum + (10 ** i * value * value) / 2, 0),
      gradient: x.map((value, i) => 10 ** i * value),
    });
    const found = await lbfgs(bowl, new Float64Array(6).fill(1), limits, silent);
    expect(found.converged).toBe(true);
    expect(found.iterations).toBeLessThan(100);
  });

  it("stops where nothing goes down any more, and after so many steps", async () => {
    const cliff = async (x: Float64Array): Promise<Slope> => ({ value: Math.abs(x[0]!), gradient: Float64Array.of(1) });
    expect((await lbfgs(cliff, Float64Array.of(0), limits, silent)).converged).toBe(false);
    const short = await lbfgs(rosenbrock, Float64Array.of(-1.2, 1), { ...limits, maxIterations: 3 }, silent);
    expect(short).toMatchObject({ iterations: 3, converged: false });
  });
});
