import { describe, expect, it } from "vitest";
import { type DecideSettings, readSavedAlerts } from "../../../nodes/lib/decide/index.ts";
import { anomaly, Feed, SECOND, unscored } from "./support.ts";

/** What a restart makes of it: through JSON, and checked. */
function restarted(feed: Feed, settings: Partial<DecideSettings>): Feed {
  const after = new Feed(settings);
  after.decider.restore(readSavedAlerts(JSON.parse(JSON.stringify(feed.decider.save()))));
  after.time = feed.time;
  return after;
}

describe("a restart", () => {
  it("keeps a raised alert raised, tells nobody again, and clears it under the same id", () => {
    const settings = { needed: 2, among: 3, clearAfter: 2 * SECOND };
    const before = new Feed(settings);
    before.push(anomaly(11));
    const raised = before.push(anomaly(11)).events[0]!.alert;
    const after = restarted(before, settings);
    expect(after.decider.raised).toBe(1);
    expect([...after.decider.raisedStreams]).toEqual(["AHU-1"]);
    expect(after.push(anomaly(11))).toMatchObject({ events: [], state: { state: "raised" } });
    // One calm result does not clear it: 2 of 3 must be calm, for 2 s.
    expect(after.run([0, 0, 0])).toEqual([]);
    expect(after.push(anomaly(0)).events[0]!.alert).toMatchObject({ id: raised.id, state: "cleared", since: 1000 });
  });

  it("keeps an acknowledgement, a reminder's turn, and the refractory time", () => {
    const settings = { remindEvery: 3 * SECOND, refractory: 9 * SECOND };
    const before = new Feed(settings);
    before.push(anomaly(11), 1, "acknowledged");
    before.push(anomaly(11), 1, "reminded");
    before.push(anomaly(11), 1, "over");
    before.push(anomaly(0), 2, "over");
    before.decider.acknowledge({ stream: "acknowledged" });
    const after = restarted(before, settings);
    expect(after.decider.acknowledged).toBe(1);
    const at = (seconds: number) =>
      ["acknowledged", "reminded", "over"].map((stream) => after.push(anomaly(11), seconds, stream).events[0]?.event);
    expect(at(3)).toEqual([undefined, undefined, undefined]);
    expect(at(4)).toEqual([undefined, "reminder", undefined]);
    expect(at(11)[2]).toBe("raised");
  });

  it("keeps an alert about missing data", () => {
    const settings = { noDataAfter: SECOND };
    const before = new Feed(settings);
    before.run([null, null]);
    const after = restarted(before, settings);
    expect(after.push(unscored("gap"))).toMatchObject({ events: [], state: { state: "no data" } });
    expect(after.run([0])).toEqual(["0:cleared"]);
  });

  it("never gives an id twice", () => {
    const before = new Feed();
    const first = before.push(anomaly(11), 1).events[0]!.alert.id;
    before.push(anomaly(0), 1);
    expect(restarted(before, {}).push(anomaly(11), 1).events[0]!.alert.id).not.toBe(first);
  });

  it("of a simulator, whose time starts again, ends the alert", () => {
    const before = new Feed();
    before.push(anomaly(11), 1000);
    expect(
      restarted(before, {})
        .push(anomaly(11), 0)
        .events.map(({ event }) => event),
    ).toEqual(["cleared", "raised"]);
  });

  it("with fewer streams allowed keeps the latest", () => {
    const before = new Feed();
    for (let i = 0; i < 10; i++) before.push(anomaly(11), 1, `s${i}`);
    expect([...restarted(before, { streams: 3 }).decider.raisedStreams]).toEqual(["s7", "s8", "s9"]);
  });

  it("with nothing raised has nothing to keep", () => {
    const feed = new Feed();
    feed.run([1, 11, 1]);
    expect(feed.decider.save()).toEqual({ format: 1, sequence: 1, streams: [] });
  });
});

describe("a saved state that is none", () => {
  const alert = { id: "a", severity: "warning", since: 0, acknowledged: false, told: 0 };
  const state = (stream: object) => ({ format: 1, sequence: 0, streams: [stream] });
  const table: [string, unknown, string][] = [
    ["null", null, "state"],
    ["a text", "abc", "state"],
    ["a list", [], "state"],
    ["empty", {}, "state.format"],
    ["of the future", { format: 2, sequence: 0, streams: [] }, "state.format"],
    ["a negative count", { format: 1, sequence: -1, streams: [] }, "state.sequence"],
    ["streams by name", { format: 1, sequence: 0, streams: {} }, "state.streams"],
    ["a stream without a name", state({ time: 0 }), "state.streams.0.stream"],
    ["a time of text", state({ stream: "a", time: "0" }), "state.streams.0.time"],
    ["a time of nobody", state({ stream: "a", time: 1e300 }), "state.streams.0.time"],
    [
      "an alert of no severity",
      state({ stream: "a", time: 0, condition: { ...alert, severity: "x" } }),
      "state.streams.0.condition.severity",
    ],
    ["an alert without an id", state({ stream: "a", time: 0, data: { ...alert, id: "" } }), "state.streams.0.data.id"],
  ];
  it.each(table)("%s is refused", (_, value, field) => {
    expect(() => readSavedAlerts(value)).toThrowError(
      expect.objectContaining({ code: "EDGE_ML_STATE", details: expect.objectContaining({ field }) }),
    );
  });

  it("takes __proto__ as a stream for the name that it is", () => {
    const feed = new Feed();
    feed.decider.restore(
      readSavedAlerts(JSON.parse(JSON.stringify(state({ stream: "__proto__", time: 0, condition: alert })))),
    );
    expect([...feed.decider.raisedStreams]).toEqual(["__proto__"]);
  });
});
