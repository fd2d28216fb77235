import { describe, expect, it } from "vitest";
import { add, event, held, instant, learning, requests, saved } from "./support.ts";

describe("Learning what is normal, beside known faults", () => {
  it("keeps them to test the model, and never counts them", async () => {
    const one = learning({}, instant);
    await one.ready;
    add(one, 0, 25);
    add(one, 25, 65, "leak");
    expect(one).toMatchObject({ phase: "collecting", collected: 25, progress: { frames: 25, of: 30 } });
    expect(one.skipped).toEqual({ bad: 0, label: 0 });
    expect(one.abnormal).toEqual([{ label: "leak", count: 40 }]);
    const learned = event(one, "learned");
    add(one, 65, 70);
    await learned;
    const { abnormal, frames } = requests[0]!;
    expect(abnormal).toEqual(["leak"]);
    expect(frames.rows).toBe(70);
    expect([...frames.label]).toEqual([...new Array(30).fill(-1), ...new Array(40).fill(0)]);
    await one.close(true);
  });

  it("asks for no such test when none came", async () => {
    const one = learning({}, instant);
    await one.ready;
    const learned = event(one, "learned");
    add(one, 0, 30);
    await learned;
    expect(requests[0]).not.toHaveProperty("abnormal");
    await one.close(true);
  });

  it("has them again after a restart, and forgets them when another label is normal", async () => {
    const one = learning({ amount: { frames: 100 } });
    await one.ready;
    add(one, 0, 25);
    add(one, 25, 31, "leak");
    await one.close(false);
    const two = learning({ amount: { frames: 100 } });
    await two.ready;
    expect(two).toMatchObject({ collected: 25, abnormal: [{ label: "leak", count: 6 }] });
    await two.close(false);
    const three = learning({ amount: { frames: 100 }, normal: { labels: ["leak"], unlabelled: true } });
    await three.ready;
    expect(three).toMatchObject({ collected: 0, abnormal: [] });
    await three.close(true);
  });

  it("does not learn again for their sake", async () => {
    const training = held();
    const one = learning({ again: { by: "frames" } }, training.start);
    await one.ready;
    add(one, 0, 30);
    const { outcome } = instant(requests[0]!, () => undefined);
    requests.length = 1;
    const learned = event(one, "learned");
    training.end(await outcome);
    await learned;
    add(one, 30, 100, "leak");
    expect(one).toMatchObject({ phase: "collecting", progress: { frames: 0, of: 30 } });
    add(one, 100, 129);
    expect(requests).toHaveLength(1);
    add(one, 129, 130);
    expect(requests).toHaveLength(2);
    // A tenth of the latest 30 would say nothing: there is room for as many as a training takes at least.
    expect(one.abnormal).toEqual([{ label: "leak", count: 20 }]);
    expect(requests[1]!.frames.rows).toBe(30 + 20);
    await one.close(true);
  });

  it("takes those that are recorded after it has learned, and tests with them when it is told to", async () => {
    const one = learning({}, instant);
    await one.ready;
    const learned = event(one, "learned");
    add(one, 0, 30);
    await learned;
    await one.command({ label: "leak", frames: 12 });
    expect(one.phase).toBe("collecting");
    add(one, 100, 120);
    expect(one.phase).toBe("learned");
    expect(saved).toHaveLength(1);
    await one.command("train");
    expect(requests[1]!.abnormal).toEqual(["leak"]);
    expect(requests[1]!.frames.rows).toBe(30 + 12);
    await one.close(true);
  });
});
