import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EdgeMlError } from "../../../../nodes/lib/errors/index.ts";
import { type TrainingOutcome, train } from "../../../../nodes/lib/learn/index.ts";
import { add, event, files, folder, frame, held, learning, requests, saved, store } from "./support.ts";

describe("Learning", () => {
  it("begins the training again that a restart cut off", async () => {
    const never = held();
    const first = learning({}, never.start);
    await first.ready;
    add(first, 0, 30);
    expect(first.phase).toBe("training");
    await first.close(false);
    expect(never.cancelled()).toBe(true);
    const second = learning();
    await event(second, "learned");
    expect(requests[1]!.frames.rows).toBe(30);
    expect(second.phase).toBe("learned");
    expect(second.collected).toBe(0);
    await second.close(false);
  });

  it("keeps what a power cut left: the frames that were written, and no state", async () => {
    const first = learning();
    await first.ready;
    add(first, 0, 12);
    await first.close(false);
    rmSync(join(folder(), "learning", "n.json"));
    const second = learning();
    await second.ready;
    expect(second.collected).toBe(12);
    await second.close(false);
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    '{"format":2}',
    '{"format":1,"state":"__proto__"}',
    '{"format":1,"state":"idle","fresh":"x"}',
  ])("opens with a state file that holds %j", async (text) => {
    const first = learning();
    await first.ready;
    await first.close(false);
    writeFileSync(join(folder(), "learning", "n.json"), text);
    const second = learning();
    await second.ready;
    expect(["collecting", "idle"]).toContain(second.phase);
    await second.close(false);
  });

  it("stays stopped over a restart, and begins when that is set", async () => {
    const first = learning();
    await first.ready;
    await first.command("stop");
    await first.close(false);
    const second = learning();
    await second.ready;
    expect(second.phase).toBe("idle");
    await second.close(false);
    const waiting = learning({ start: "command" });
    await waiting.ready;
    expect(waiting.phase).toBe("idle");
    await waiting.close(false);
    const third = learning({ start: "once" });
    await third.ready;
    expect(third.phase).toBe("collecting");
    await third.close(false);
  });

  it("says when the store fails, keeps its frames, and tries again with more of them", async () => {
    const failing = learning();
    await failing.ready;
    const save = store.save;
    store.save = async () => {
      throw new EdgeMlError("EDGE_ML_STORE", { action: "write", path: "x", reason: "the disk is full" });
    };
    try {
      const problem = event(failing, "problem");
      add(failing, 0, 30);
      expect(await problem).toMatchObject({ code: "EDGE_ML_STORE" });
      expect(failing.phase).toBe("failed");
      // The command fails like that too, and its sender hears of it.
      await expect(failing.command("train")).rejects.toMatchObject({ code: "EDGE_ML_STORE" });
    } finally {
      store.save = save;
    }
    const learned = event(failing, "learned");
    add(failing, 30, 50);
    await learned;
    expect(requests.at(-1)!.frames.rows).toBe(50);
    await failing.close(false);
  });

  it("makes a model only once for commands that come together", async () => {
    const one = learning({ start: "command" });
    await one.command("start");
    add(one, 0, 25);
    await Promise.all([one.command("train"), one.command("train"), one.command("train")]);
    expect(saved).toEqual(["m"]);
    await one.close(false);
  });

  it("forgets a training that was reset, even when its model is there already", async () => {
    const late = held();
    const reset = learning({}, late.start);
    await reset.ready;
    add(reset, 0, 30);
    await reset.command("reset");
    late.end({} as TrainingOutcome);
    expect(saved).toEqual([]);
    expect(reset).toMatchObject({ phase: "collecting", collected: 0 });
    add(reset, 100, 105);
    expect(reset.collected).toBe(5);
    await reset.close(true);
    expect(files()).toEqual([]);
  });

  it("starts a training only when the thread of one that was cancelled has ended", async () => {
    let end: () => void = () => undefined;
    const stubborn = learning({}, (request) => {
      requests.push(request);
      const outcome = new Promise<undefined>((done) => {
        end = () => done(undefined);
      });
      return { outcome, cancel: () => undefined };
    });
    await stubborn.ready;
    add(stubborn, 0, 30);
    await stubborn.command("stop");
    expect(stubborn.phase).toBe("idle");
    await stubborn.command("start");
    expect(stubborn.phase).toBe("training");
    // Stopped once more while it waits: then it does not start at all.
    await stubborn.command("stop");
    await stubborn.command("start");
    expect(requests).toHaveLength(1);
    end();
    await new Promise((done) => setTimeout(done, 10));
    expect(requests).toHaveLength(2);
    // Closing waits for it, too.
    const closed = stubborn.close(true);
    end();
    await closed;
  });

  it("may be closed before it is open", async () => {
    const first = learning();
    await first.ready;
    add(first, 0, 29);
    await first.close(false);
    await learning({ amount: { frames: 20 } }).close(false);
    expect(requests).toEqual([]);
    expect(JSON.parse(readFileSync(join(folder(), "learning", "n.json"), "utf8"))).toMatchObject({
      state: "collecting",
    });
  });

  it("keeps collecting while it trains when it learns again and again, and counts those frames", async () => {
    const slow = held();
    const again = learning({ again: { by: "frames" } }, slow.start);
    await again.ready;
    add(again, 0, 30);
    add(again, 30, 37);
    const learned = event(again, "learned");
    slow.end(await train(requests[0]!));
    await learned;
    expect(again.progress).toEqual({ frames: 7, of: 30 });
    expect(again.collected).toBe(30);
    await again.close(false);
    const after = learning({ again: { by: "frames" } }, slow.start);
    await after.ready;
    expect(after).toMatchObject({ phase: "collecting", version: "1", progress: { frames: 7, of: 30 } });
    await after.close(false);
  });

  it("gives the training a copy of the frames", async () => {
    const slow = held();
    const one = learning({ again: { by: "frames" } }, slow.start);
    await one.ready;
    const same = frame(0);
    one.add(same);
    same.data.fill(99);
    add(one, 1, 30);
    expect(requests[0]!.frames.data[0]).toBe(0);
    await one.close(true);
  });
});
