import { describe, expect, it } from "vitest";
import { Drivers } from "../../../nodes/lib/decide/drivers.ts";
import type { AlertEvent, DecideSettings } from "../../../nodes/lib/decide/index.ts";
import { anomaly, Feed, SECOND, unscored } from "./support.ts";

/** Mulberry32: small, seeded, good enough to try many sequences (T. Ettinger, public domain). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);

describe("whatever comes", () => {
  it.each(SEEDS)("an alert needs N of M, alternates, and keeps its times in order (seed %i)", (seed) => {
    const next = random(seed);
    const int = (max: number) => Math.floor(next() * max);
    const among = 1 + int(6);
    const settings: Partial<DecideSettings> = {
      among,
      needed: 1 + int(among),
      raiseAfter: int(3) * SECOND,
      clearAfter: int(3) * SECOND,
      clearRatio: next(),
      refractory: int(4) * SECOND,
      noDataAfter: int(2) * 4 * SECOND,
      remindEvery: int(2) * 3 * SECOND,
      severity: next() < 0.5 ? "score" : "warning",
      streams: 3,
    };
    const feed = new Feed(settings);
    const beyond = new Map<string, boolean[]>();
    const open = new Map<string, string>();
    const closed = new Set<string>();
    let seconds = 1000;
    for (let i = 0; i < 4000; i++) {
      const stream = `s${int(4)}`;
      const roll = next();
      const restart = roll < 0.01;
      seconds = restart ? 1000 + int(10) : Math.max(1000, seconds + (roll < 0.05 ? -int(20) : int(3)));
      const score = next() < 0.15 ? null : next() * 25;
      const { events } = feed.push(score === null ? unscored("gap") : anomaly(score), seconds, stream);
      for (const { event, alert } of events) {
        const key = `${alert.stream}/${alert.label ?? ""}`;
        if (event === "raised") {
          expect(open.has(key)).toBe(false);
          expect(closed.has(alert.id)).toBe(false);
          open.set(key, alert.id);
          if (alert.label !== "data") {
            const last = [...(beyond.get(stream) ?? []), score! > 10].slice(-among);
            expect(last.filter(Boolean).length).toBeGreaterThanOrEqual(settings.needed!);
            expect(score).toBeGreaterThan(10);
          }
        } else {
          expect(open.get(key)).toBe(alert.id);
        }
        if (event === "cleared") {
          open.delete(key);
          closed.add(alert.id);
          expect(alert.until).toBeGreaterThanOrEqual(alert.since);
          expect(alert.state).toBe("cleared");
        } else expect(alert.state).toBe("raised");
      }
      if (score !== null) beyond.set(stream, [...(beyond.get(stream) ?? []), score > 10].slice(-among));
      expect(feed.decider.raised).toBe(open.size);
      expect(feed.decider.raisedStreams.size).toBeLessThanOrEqual(open.size);
    }
  });

  it("keeps no more streams than it may, and ends the alert of one that it forgets", () => {
    const feed = new Feed({ streams: 100 });
    const events: AlertEvent[] = [];
    for (let i = 0; i < 10_000; i++) {
      events.push(...feed.push(anomaly(i % 10 === 0 ? 11 : 1), 1, i === 5 ? "__proto__" : `s${i}`).events);
    }
    expect(feed.decider.size).toBe(100);
    expect(feed.decider.evicted).toBe(9900);
    expect(feed.decider.raised).toBe(10);
    expect(feed.decider.save().streams).toHaveLength(10);
    const cleared = events.filter(({ event }) => event === "cleared");
    expect(cleared).toHaveLength(990);
    expect(cleared[0]!.alert).toMatchObject({
      stream: "s0",
      text: "s0: the alert ended, because more than 100 streams are watched",
    });
    expect(({} as Record<string, unknown>).raised).toBeUndefined();
  });

  it("follows a bounded number of channels and reasons", () => {
    const drivers = new Drivers();
    for (let i = 0; i < 10_000; i++)
      drivers.add([
        { channel: `c${i}`, share: 0.1 },
        { channel: "__proto__", share: 0.9 },
      ]);
    expect(drivers.top()).toHaveLength(5);
    expect(drivers.top()[0]!.channel).toBe("__proto__");
    drivers.add(Array.from({ length: 100_000 }, (_, i) => ({ channel: `x${i}`.repeat(1000), share: 0 })));
    expect(drivers.top()[4]!.channel.length).toBeLessThanOrEqual(128);

    const feed = new Feed({ noDataAfter: 1 });
    for (let i = 0; i < 10_000; i++) feed.push(unscored(`missing: c${i}`, "x".repeat(10_000)));
    const { text } = feed.push(anomaly(1)).events[0]!.alert;
    expect(text.length).toBeLessThan(300);
  });

  it("writes one line for a person, whatever the names", () => {
    const feed = new Feed();
    const contributions = [{ channel: "\u001b[31m\nsupply__air\u2028", share: 1 }];
    const { text } = feed.push(anomaly(11, 10, { contributions }), 1, "a\tb_".repeat(100)).events[0]!.alert;
    expect(text).not.toMatch(/[\p{Cc}\u2028_]/u);
    expect(text).toContain(": [31m supply air (score");
    expect(text.length).toBeLessThan(200);
  });
});
