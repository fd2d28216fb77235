import { describe, expect, it } from "vitest";
import { Pace, Player, type ReplayRow } from "../../../nodes/lib/replay/index.ts";

describe("Pace", () => {
  it("adds up the file's time without drift", () => {
    const pace = new Pace(3, 0);
    let due = 0;
    for (let i = 0; i <= 1_000_000; i++) due = pace.due(1000 * i);
    expect(due).toBe(1e9 / 3);
  });
  it("shortens gaps, and does not wait for steps back or repeats", () => {
    const pace = new Pace(1, 1000);
    expect([0, 500, 500, 86_400_000, 0, 100].map((time) => pace.due(time))).toEqual([0, 500, 500, 1500, 1500, 1600]);
  });
});

/** A clock that stands still until someone sleeps; every look at it takes `cost` ms. */
function fakeClock(cost = 0) {
  let time = 1000;
  return {
    sleeps: [] as number[],
    now: () => {
      time += cost;
      return time;
    },
    async sleep(ms: number) {
      this.sleeps.push(ms);
      // A timer fires late rather than early.
      time += ms + 0.4;
    },
  };
}

async function* source(times: number[], onClose?: () => void): AsyncGenerator<ReplayRow[]> {
  try {
    for (let i = 0; i < times.length; i += 10) {
      yield times.slice(i, i + 10).map((time) => ({ time, values: [time] }));
    }
  } finally {
    onClose?.();
  }
}

describe("Player", () => {
  it("sends each row when it is due, however late the timers fire", async () => {
    const clock = fakeClock();
    const sent: number[] = [];
    const start = clock.now();
    const player = new Player({
      pace: new Pace(10, 0),
      clock,
      emit: () => sent.push(clock.now() - start),
      settled: async () => undefined,
    });
    expect(await player.play(source(Array.from({ length: 100 }, (_, i) => i * 1000)))).toBe(true);
    // Never early, and never more than one late timer behind: lateness does not add up.
    for (const [i, at] of sent.entries()) {
      expect(at).toBeGreaterThanOrEqual(i * 100 - 1e-6);
      expect(at).toBeLessThanOrEqual(i * 100 + 0.5);
    }
  });

  it("never sleeps longer than a timer can", async () => {
    const clock = fakeClock();
    const player = new Player({
      pace: new Pace(1, 0),
      clock,
      emit: () => undefined,
      settled: async () => undefined,
    });
    await player.play(source([0, 2 ** 33]));
    expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(3_600_000);
  });

  it("asks after each batch whether the receivers keep up, and at the end", async () => {
    const log: string[] = [];
    const player = new Player({
      batch: 4,
      emit: ({ time }) => log.push(String(time)),
      settled: async () => {
        log.push("?");
      },
    });
    await player.play(source([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
    expect(log.join("")).toBe("0123?4567?891011??");
  });

  it("pauses, resumes where it was, and counts the pause out of the pace", async () => {
    const clock = fakeClock();
    const sent: [number, number][] = [];
    const player = new Player({
      pace: new Pace(1, 0),
      clock,
      emit: ({ time }) => {
        sent.push([time, clock.now()]);
        if (time === 2000) player.pause();
      },
      settled: async () => undefined,
    });
    const playing = player.play(source([0, 1000, 2000, 3000, 4000]));
    await new Promise((done) => setTimeout(done, 20));
    expect(sent.map(([time]) => time)).toEqual([0, 1000, 2000]);
    expect(player.paused).toBe(true);
    await clock.sleep(60_000);
    player.resume();
    expect(await playing).toBe(true);
    expect(sent.map(([time]) => time)).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(sent[3]![1] - sent[2]![1]).toBeGreaterThan(60_000);
    expect(sent[4]![1] - sent[3]![1]).toBeLessThan(1001);
  });

  it.each([["while it plays"], ["while it is paused"], ["while it waits for the receivers"], ["while it sleeps"]])(
    "stops %s, and closes the file",
    async (when) => {
      let closed = false;
      let sent = 0;
      const player: Player<ReplayRow> = new Player({
        ...(when.includes("sleeps") ? { pace: new Pace(1, 0) } : {}),
        batch: 2,
        emit: () => {
          sent++;
          if (when.includes("plays") && sent === 5) player.stop();
          if (when.includes("paused") && sent === 5) player.pause();
        },
        settled: (signal) =>
          when.includes("receivers")
            ? new Promise((done) => signal.addEventListener("abort", () => done()))
            : Promise.resolve(),
      });
      const playing = player.play(
        source(
          Array.from({ length: 100 }, (_, i) => i * 1e6),
          () => {
            closed = true;
          },
        ),
      );
      await new Promise((done) => setTimeout(done, 20));
      player.stop();
      expect(await playing).toBe(false);
      expect(closed).toBe(true);
      expect(sent).toBeLessThanOrEqual(5);
    },
  );

  it("passes an error of the file on, and closes it", async () => {
    let closed = false;
    async function* broken(): AsyncGenerator<ReplayRow[]> {
      try {
        yield [{ time: 0, values: [1] }];
        throw new Error("disk");
      } finally {
        closed = true;
      }
    }
    const player = new Player({ emit: () => undefined, settled: async () => undefined });
    await expect(player.play(broken())).rejects.toThrow("disk");
    expect(closed).toBe(true);
  });
});
