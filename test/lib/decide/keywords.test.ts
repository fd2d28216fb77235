import { describe, expect, it } from "vitest";
import { Decider, type DecideSettings, type KeywordCondition, observe } from "../../../nodes/lib/decide/index.ts";
import { compile, schemas } from "../../../nodes/lib/frame/index.ts";
import { settings } from "./support.ts";

const HOP = 50;
const TRIGGERS = { smoothing: 4, hop: HOP };
const validAlert = compile(schemas.alert, "EDGE_ML_INTERNAL", "alert");

type Scores = Record<string, number>;
interface Options extends Partial<Omit<DecideSettings, "condition">> {
  words?: string[];
  thresholds?: Record<string, number>;
  threshold?: number;
  uncertainRatio?: number;
  tellOver?: boolean;
  /** ms between two frames. */
  hop?: number;
}

/** A result of a model with keywords at 0.8 and 0.5, and "none", which is no event. */
function result(scores: Scores, triggers: object | undefined = TRIGGERS): object {
  const own: Scores = { jarvis: 0.8, snowboy: 0.5 };
  const heard = Object.values(scores).reduce((a, b) => a + b, 0);
  const all: Scores = { jarvis: 0, snowboy: 0, ...scores, none: Math.max(0, 1 - heard) };
  const list = Object.entries(all).map(([label, score]) => ({
    label,
    score,
    ...(own[label] === undefined || triggers === undefined ? {} : { threshold: own[label] }),
  }));
  const best = list.reduce((a, b) => (b.score > a.score ? b : a));
  return { kind: "class", label: best.label, confidence: best.score, scores: list, ...(triggers && { triggers }) };
}

/** As the dialog sets it for spoken words, but for what a test is about. */
class Voice {
  readonly decider: Decider;
  readonly #condition: KeywordCondition;
  readonly #hop: number;
  time = 1_000_000;

  constructor({ words = [], thresholds = {}, threshold, uncertainRatio = 0, tellOver = true, ...more }: Options = {}) {
    const { hop = HOP, ...rest } = more;
    this.#hop = hop;
    this.#condition = {
      by: "keyword",
      labels: new Set(words),
      thresholds: new Map(Object.entries(thresholds)),
      uncertainRatio,
      tellOver,
    };
    if (threshold !== undefined) this.#condition.threshold = threshold;
    const spoken: Partial<DecideSettings> = {
      smoothing: { method: "model", size: 5 },
      clearRatio: 0.5,
      clearAfter: 500,
      refractory: 500,
    };
    this.decider = new Decider(settings({ ...spoken, ...rest, condition: this.#condition }), "node", "start");
  }

  push(payload: object, { pause = this.#hop, version = "1" } = {}) {
    this.time += pause;
    const recipe = { window: { by: "samples", size: 19_440, hop: (this.#hop / 1000) * 16_000, rate: 16_000 } };
    const frame = { end: this.time, recipe };
    const observation = observe({ payload, topic: "kitchen", model: { version }, frame }, this.#condition, 0);
    const decision = this.decider.push(observation);
    for (const { alert } of decision.events) validAlert(JSON.parse(JSON.stringify(alert)));
    return decision;
  }

  /** Pushes the same result for so many ms; returns "<event> <label> <ms since the beginning>". */
  say(ms: number, scores: Scores = {}, from = 1_000_000): string[] {
    const told: string[] = [];
    for (let i = 0; i < Math.round(ms / this.#hop); i++) {
      const { events } = this.push(result(scores));
      for (const { event, alert } of events) told.push(`${event} ${alert.label} ${this.time - from}`);
    }
    return told;
  }
}

/** [ms, scores] */
type Part = [number, Scores?];
const QUIET: Part = [2000];

describe("keywords in, alerts out", () => {
  const table: [string, Options, Part[], string[]][] = [
    ["silence", {}, [QUIET], []],
    [
      // Full after 4 scores; over when the mean has fallen to half of the threshold, for half a second.
      "a word: one alert, which is over by itself",
      {},
      [[1000], [500, { jarvis: 1 }], QUIET],
      ["raised jarvis 1200", "cleared jarvis 2150"],
    ],
    [
      "also when another label is the most probable one",
      { thresholds: { jarvis: 0.3 } },
      [[1000], [500, { jarvis: 0.35 }], QUIET],
      ["raised jarvis 1200", "cleared jarvis 2150"],
    ],
    [
      "the threshold itself is enough",
      {},
      [[1000], [400, { snowboy: 0.5 }], QUIET],
      ["raised snowboy 1200", "cleared snowboy 2050"],
    ],
    ["a single high score is smoothed away", {}, [[1000], [50, { jarvis: 1 }], QUIET], []],
    ["three of the four scores are not enough", {}, [[1000], [150, { jarvis: 1 }], QUIET], []],
    ["the first scores of a stream count as after silence", {}, [[150, { jarvis: 1 }], QUIET], []],
    ["none is no event, however sure", {}, [[2000, { none: 1 }]], []],
    [
      "two words in a row",
      {},
      [[1000], [400, { jarvis: 1 }], [1200], [400, { snowboy: 0.9 }], QUIET],
      ["raised jarvis 1200", "cleared jarvis 2050", "raised snowboy 2750", "cleared snowboy 3650"],
    ],
    [
      "a word while the one before is not yet over is lost",
      {},
      [[1000], [400, { jarvis: 1 }], [300], [500, { snowboy: 1 }], QUIET],
      ["raised jarvis 1200", "cleared jarvis 2050"],
    ],
    [
      "a word that begins in the pause after another is lost, though it lasts longer",
      {},
      [[1000], [400, { jarvis: 1 }], [750], [800, { snowboy: 1 }], [1000], [400, { snowboy: 1 }]],
      ["raised jarvis 1200", "cleared jarvis 2050", "raised snowboy 4050"],
    ],
    [
      "one that flickers is told once",
      {},
      [[1000], [300, { jarvis: 1 }], [150], [300, { jarvis: 1 }], [400], [300, { jarvis: 1 }], QUIET],
      ["raised jarvis 1200", "cleared jarvis 3100"],
    ],
    [
      "of two that are beyond, the one with the larger margin",
      {},
      [[1000], [400, { jarvis: 0.95, snowboy: 0.55 }], QUIET],
      ["raised jarvis 1200", "cleared jarvis 2050"],
    ],
    ["only the words of the list", { words: ["snowboy"] }, [[1000], [400, { jarvis: 1 }], QUIET], []],
    ["one threshold for all", { threshold: 0.99 }, [[1000], [400, { jarvis: 0.98 }], QUIET], []],
    [
      "a word's own threshold goes before",
      { threshold: 0.99, thresholds: { jarvis: 0.5 } },
      [[1000], [400, { jarvis: 0.6 }], QUIET],
      ["raised jarvis 1200", "cleared jarvis 2050"],
    ],
    [
      "a word without a threshold of the model, with one of one's own",
      { words: ["none"], thresholds: { none: 0.9 }, clearAfter: 0 },
      [[500], [500, { jarvis: 1 }]],
      ["raised none 200", "cleared none 650"],
    ],
    [
      "3 of 5 after smoothing",
      { needed: 3, among: 5 },
      [[1000], [300, { jarvis: 1 }], QUIET],
      ["raised jarvis 1300", "cleared jarvis 2050"],
    ],
    ["held for 0.1 s", { raiseAfter: 100 }, [[1000], [400, { jarvis: 1 }]], ["raised jarvis 1300"]],
    [
      "not smoothed",
      { smoothing: { method: "none", size: 1 } },
      [[1000], [50, { jarvis: 1 }], QUIET],
      ["raised jarvis 1050", "cleared jarvis 1600"],
    ],
    [
      "a median of one's own",
      { smoothing: { method: "median", size: 3 } },
      [[1000], [50, { jarvis: 1 }], [500], [100, { jarvis: 1 }]],
      ["raised jarvis 1650"],
    ],
    [
      // 200 ms are two scores.
      "frames at twice the model's hop are averaged over the same time",
      { hop: 100 },
      [[1000], [200, { jarvis: 1 }]],
      ["raised jarvis 1200"],
    ],
    [
      "frames further apart than the model averages stand alone",
      { hop: 1000 },
      [[3000], [1000, { jarvis: 1 }]],
      ["raised jarvis 4000"],
    ],
    [
      "one that is over need not be told",
      { tellOver: false },
      [[1000], [400, { jarvis: 1 }], QUIET, [400, { jarvis: 1 }]],
      ["raised jarvis 1200", "raised jarvis 3600"],
    ],
    [
      "near the threshold, told when it is over",
      { uncertainRatio: 0.7 },
      [[1000], [400, { jarvis: 0.7 }], QUIET],
      ["uncertain jarvis 1950"],
    ],
    ["far from the threshold", { uncertainRatio: 0.7 }, [[1000], [400, { jarvis: 0.5 }], QUIET], []],
    [
      "what goes on to its threshold was never uncertain",
      { uncertainRatio: 0.7 },
      [[1000], [400, { jarvis: 0.7 }], [400, { jarvis: 1 }], QUIET],
      ["raised jarvis 1500", "cleared jarvis 2450"],
    ],
    [
      "the tail of a word that was told is not uncertain",
      { uncertainRatio: 0.3, refractory: 0 },
      [[1000], [400, { jarvis: 1 }], [800, { jarvis: 0.3 }], QUIET],
      ["raised jarvis 1200", "cleared jarvis 2100"],
    ],
    [
      "two words in a row, the first uncertain",
      { uncertainRatio: 0.7 },
      [[1000], [400, { jarvis: 0.7 }], [1000], [400, { jarvis: 0.9 }], QUIET],
      ["uncertain jarvis 1950", "raised jarvis 2600", "cleared jarvis 3450"],
    ],
  ];
  it.each(table)("%s", (_, options, parts, expected) => {
    const voice = new Voice(options);
    expect(parts.flatMap(([ms, scores]) => voice.say(ms, scores))).toEqual(expected);
  });
});

const unscored = { kind: "class", score: null, quality: { ok: false, reasons: ["gap"], missing: 1, filled: 0 } };

describe("an alert of a keyword", () => {
  it("says the word, its score and its threshold", () => {
    const voice = new Voice({ uncertainRatio: 0.7 });
    voice.say(1000);
    const alerts = [...Array(40).keys()].flatMap((i) => voice.push(result(i < 8 ? { jarvis: 0.93 } : {})).events);
    const id = expect.stringMatching(/^[0-9a-f]{16}$/);
    const same = { id, severity: "warning", stream: "kitchen", label: "jarvis", threshold: 0.8, since: 1_001_200 };
    expect(alerts.map(({ alert }) => alert)).toEqual([
      { ...same, state: "raised", score: 0.93, text: "kitchen: heard “jarvis” (0.93, threshold 0.80)" },
      { ...same, state: "cleared", score: 0, until: 1_002_050, text: "kitchen: “jarvis” is over, after 850 ms" },
    ]);
    expect(alerts[0]!.alert.id).toBe(alerts[1]!.alert.id);
    const near = [...Array(40).keys()].flatMap((i) => voice.push(result(i < 8 ? { snowboy: 0.4 } : {})).events);
    expect(near).toMatchObject([
      {
        event: "uncertain",
        alert: {
          state: "cleared",
          severity: "info",
          certain: false,
          label: "snowboy",
          score: 0.4,
          text: "kitchen: perhaps heard “snowboy” (0.40, threshold 0.50)",
        },
      },
    ]);
    expect(voice.decider.raised).toBe(0);
  });

  it("shows the nearest keyword in every result's state", () => {
    const voice = new Voice({ needed: 2, among: 2 });
    const states = [{}, { snowboy: 1 }, { snowboy: 1 }, { snowboy: 1 }, { snowboy: 1 }].map(
      (s) => voice.push(result(s)).state,
    );
    expect(states[0]).toEqual({
      state: "normal",
      label: "snowboy",
      score: 0,
      smoothed: 0,
      threshold: 0.5,
      time: 1_000_050,
    });
    expect(states.slice(1)).toMatchObject([
      { state: "normal", smoothed: 0.25 },
      { state: "pending", smoothed: 0.5 },
      { state: "raised", smoothed: 0.75 },
      { state: "raised", label: "snowboy", score: 1, smoothed: 1, threshold: 0.5 },
    ]);
  });

  it("is neither raised nor cleared by bad data, nor averaged over a gap", () => {
    const voice = new Voice();
    voice.say(1000);
    expect(voice.say(150, { jarvis: 1 })).toEqual([]);
    for (let i = 0; i < 24; i++) expect(voice.push(unscored).events).toEqual([]);
    // The three scores from before the gap count no more.
    expect(voice.say(150, { jarvis: 1 })).toEqual([]);
    expect(voice.say(50, { jarvis: 1 })).toEqual(["raised jarvis 2550"]);
    for (let i = 0; i < 24; i++) {
      expect(voice.push(unscored)).toMatchObject({ events: [], state: { state: "raised", score: null } });
    }
    expect(voice.say(2000)).toHaveLength(1);
  });

  it("is over with the first calm result when nothing came for longer than it takes to be over", () => {
    const voice = new Voice();
    voice.say(1000);
    expect(voice.say(300, { jarvis: 1 })).toHaveLength(1);
    expect(voice.push(result({}), { pause: 60_000 }).events).toMatchObject([{ event: "cleared" }]);
  });

  it("is not told twice when the model changes in the middle of the word", () => {
    const voice = new Voice();
    voice.say(1000);
    const events = [...Array(60).keys()].flatMap(
      (i) => voice.push(result(i < 10 ? { jarvis: 1 } : {}), { version: i < 5 ? "1" : "2" }).events,
    );
    expect(events.map(({ event }) => event)).toEqual(["raised", "cleared"]);
  });

  it("does not average the scores of two models", () => {
    const voice = new Voice();
    voice.say(1000);
    const push = (version: string) => voice.push(result({ jarvis: 1 }), { version }).events.length;
    expect(["1", "1", "2", "2", "2", "2"].map(push)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it("of a word that a new model does not know is over", () => {
    const voice = new Voice();
    voice.say(1000);
    voice.say(300, { jarvis: 1 });
    const other = { kind: "class", label: "b", confidence: 1, scores: [{ label: "b", score: 0, threshold: 0.5 }] };
    const events = [...Array(20).keys()].flatMap(() => voice.push(other, { version: "2" }).events);
    expect(events).toMatchObject([{ event: "cleared", alert: { label: "jarvis" } }]);
  });

  it("survives a restart, and the pause after it does", () => {
    const voice = new Voice();
    voice.say(1000);
    voice.say(300, { jarvis: 1 });
    const after = new Voice();
    after.time = voice.time;
    after.decider.restore(JSON.parse(JSON.stringify(voice.decider.save())));
    expect(after.say(300, { jarvis: 1 })).toEqual([]);
    expect(after.say(650)).toEqual(["cleared jarvis 2250"]);
    const later = new Voice();
    later.time = after.time;
    later.decider.restore(JSON.parse(JSON.stringify(after.decider.save())));
    expect(later.say(400, { snowboy: 1 })).toEqual([]);
  });

  it("ends when the time of the stream starts again, and a clock set right by seconds changes nothing", () => {
    const voice = new Voice();
    voice.say(1000);
    voice.say(300, { jarvis: 1 });
    expect(voice.push(result({ jarvis: 1 }), { pause: -5000 }).events).toEqual([]);
    expect(voice.say(2000).map((told) => told.slice(0, 14))).toEqual(["cleared jarvis"]);
    expect(voice.say(400, { jarvis: 1 })).toHaveLength(1);
    expect(voice.push(result({}), { pause: -3_600_000 }).events).toMatchObject([
      { event: "cleared", alert: { text: "kitchen: the alert ended, because the time of the readings started again" } },
    ]);
  });
});

describe("results that do not fit", () => {
  const plain = (...labels: string[]) => ({
    kind: "class",
    label: "a",
    confidence: 1,
    scores: labels.map((label) => ({ label, score: 0 })),
  });
  const table: [string, Options, object, string, string][] = [
    ["no thresholds anywhere", {}, plain("a", "b"), "no label with a threshold", "EDGE_ML_PAYLOAD"],
    [
      "one for all, and nothing says which words",
      { threshold: 0.5 },
      plain("a"),
      "no label with a threshold",
      "EDGE_ML_PAYLOAD",
    ],
    ["a word without a threshold", { words: ["a"] }, plain("a", "b"), 'no threshold of "a"', "EDGE_ML_PAYLOAD"],
    ["a word that is not there", { words: ["javis"] }, result({}), "jarvis, snowboy, none", "EDGE_ML_PAYLOAD"],
    [
      "a threshold of one that is not there",
      { thresholds: { x: 1 } },
      result({}),
      "jarvis, snowboy, none",
      "EDGE_ML_PAYLOAD",
    ],
    ["no scores", { words: ["a"] }, plain(), "empty", "EDGE_ML_PAYLOAD"],
    [
      "too many words",
      { thresholds: Object.fromEntries([...Array(300).keys()].map((i) => [`w${i}`, 0.5])) },
      plain(...[...Array(300).keys()].map((i) => `w${i}`)),
      "300 labels",
      "EDGE_ML_TOO_LARGE",
    ],
  ];
  it.each(table)("%s", (_, options, payload, got, code) => {
    const push = () => new Voice(options).push(payload);
    expect(push).toThrowError(expect.objectContaining({ code }));
    expect(push).toThrowError(
      expect.objectContaining({ details: expect.objectContaining({ field: "msg.payload.scores", got }) }),
    );
  });

  it("take __proto__ as a word", () => {
    const voice = new Voice({ words: ["__proto__"], threshold: 0.5, smoothing: { method: "none", size: 1 } });
    const payload = { ...plain("a"), scores: [{ label: "__proto__", score: 0.9 }] };
    expect(voice.push(payload).events).toMatchObject([{ alert: { label: "__proto__" } }]);
  });

  const nonsense: [string, unknown][] = [
    ["no recipe", { end: 0 }],
    ["a text", { end: 0, recipe: { window: "x" } }],
    ["a hop that is none", { end: 0, recipe: { window: { by: "samples", hop: "x", rate: {} } } }],
    ["a hop of 0", { end: 0, recipe: { window: { by: "time", hop: 0 } } }],
  ];
  it.each(nonsense)("a frame with %s: the model's hop is taken", (_, frame) => {
    const condition: KeywordCondition = {
      by: "keyword",
      labels: new Set(),
      thresholds: new Map(),
      uncertainRatio: 0,
      tellOver: true,
    };
    const { signal } = observe({ payload: result({}), frame }, condition, 0);
    expect(signal).toMatchObject({ keywords: { triggers: TRIGGERS } });
    expect(signal).not.toHaveProperty("keywords.hop");
  });

  it("of windows at events stand alone", () => {
    const voice = new Voice();
    const frame = {
      end: 5,
      recipe: { window: { by: "samples", hop: 800, rate: 16_000, trigger: { when: "message" } } },
    };
    const condition = {
      by: "keyword",
      labels: new Set<string>(),
      thresholds: new Map(),
      uncertainRatio: 0,
      tellOver: true,
    } as const;
    const { events } = voice.decider.push(observe({ payload: result({ jarvis: 0.9 }), frame }, condition, 0));
    expect(events).toHaveLength(1);
  });
});

/** Mulberry32, as in bounds.test.ts. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe("whatever is said", () => {
  it.each([...Array(8).keys()])("each word is told once, and never another (seed %i)", (seed) => {
    const next = random(seed + 1);
    const voice = new Voice({ tellOver: next() < 0.5, uncertainRatio: next() < 0.5 ? 0 : 0.8 });
    const said: string[] = [];
    const heard: string[] = [];
    const note = (frames: number, scores: () => Scores) => {
      for (let i = 0; i < frames; i++) {
        const bad = next() < 0.01;
        for (const { event, alert } of voice.push(bad ? unscored : result(scores())).events) {
          if (event === "raised") heard.push(alert.label!);
        }
      }
    };
    voice.say(500);
    for (let i = 0; i < 40; i++) {
      const word = next() < 0.5 ? "jarvis" : "snowboy";
      const other = word === "jarvis" ? "snowboy" : "jarvis";
      said.push(word);
      // A score that rises, holds with a dip, and falls while the word leaves the window; the other one is up by a little.
      note(2, () => ({ [word]: 0.3 * next(), [other]: 0.2 * next() }));
      note(6 + Math.floor(6 * next()), () => ({ [word]: 0.95 + 0.05 * next(), [other]: 0.05 * next() }));
      note(Math.floor(3 * next()), () => ({ [word]: 0.5 * next() }));
      note(Math.floor(4 * next()), () => ({ [word]: 0.9 + 0.1 * next() }));
      note(3, () => ({ [word]: 0.4 * next(), [other]: 0.3 * next() }));
      // At least as long as it takes to be over and rested.
      note(26 + Math.floor(20 * next()), () => ({ jarvis: 0.1 * next(), snowboy: 0.1 * next() }));
    }
    expect(heard).toEqual(said);
  });
});
