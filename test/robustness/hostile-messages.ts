/** Values and messages that no node must stumble over, whoever made them. */
import { runInNewContext } from "node:vm";
import { windowMessage } from "../support/frames.ts";
import { featureInfo } from "../support/infer-models.ts";
import type { Msg } from "../support/runtime.ts";

/** Each is made anew for each message: a node may keep or change what it gets. */
export type Hostile = [name: string, make: () => unknown];

const circular = () => {
  const object: Record<string, unknown> = { a: 1 };
  object.self = object;
  return object;
};
const trap = () => {
  throw new Error("trap");
};
const throwingProxy = (target: object) =>
  new Proxy(target, { get: trap, has: trap, ownKeys: trap, getOwnPropertyDescriptor: trap, getPrototypeOf: trap });
const revoked = (target: object) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const detached = () => {
  const view = new Float32Array(4);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
};
const endless = () =>
  Object.assign([1, 2], {
    *[Symbol.iterator]() {
      for (;;) yield 1;
    },
  });
const keyed = (key: string, value = "1") => JSON.parse(`{"${key}": ${value}}`);
const foreign = (code: string) => runInNewContext(code);

/** What may stand in the place of any value. */
export const VALUES: Hostile[] = [
  ["undefined", () => undefined],
  ["null", () => null],
  ["NaN", () => Number.NaN],
  ["Infinity", () => Number.POSITIVE_INFINITY],
  ["-0", () => -0],
  ["1e308", () => 1e308],
  ["empty text", () => ""],
  ["text", () => "unavailable"],
  ["long text", () => "x".repeat(100_000)],
  ["text with nul and line breaks", () => "a\0b\n\u2028c"],
  ["half a surrogate pair", () => "\ud800"],
  ["true", () => true],
  ["function", () => trap],
  ["class", () => class {}],
  ["symbol", () => Symbol("s")],
  ["bigint", () => 12345678901234567890n],
  ["Date", () => new Date(0)],
  ["wrong Date", () => new Date(Number.NaN)],
  ["RegExp", () => /x/],
  ["Error", () => new Error("x")],
  ["Promise", () => Promise.resolve(1)],
  ["Map", () => new Map([["a", 1]])],
  ["Set", () => new Set([1])],
  ["WeakMap", () => new WeakMap()],
  ["boxed number", () => new Number(1)],
  ["boxed text", () => new String("1")],
  ["empty array", () => []],
  ["nested arrays", () => [[1, 2], [3], []]],
  ["deeply nested array", () => Array.from({ length: 10_000 }).reduce<unknown[]>((inner) => [inner], [])],
  ["sparse array", () => Object.assign([], { length: 1000, 5: 1 })],
  ["longest array", () => Object.assign([], { length: 2 ** 32 - 1 })],
  // biome-ignore lint/suspicious/noSparseArray: that is the point
  ["holes and text", () => [1, , "2", "x", null, {}, Symbol("s"), 3n]],
  ["array at the edge", () => new Array(100_000).fill(1)],
  ["array-like", () => ({ length: 3, 0: 1, 1: 2, 2: 3 })],
  ["array of another realm", () => foreign("[1, 2, 3, 4]")],
  ["object of another realm", () => foreign("({ a: 1, b: 2 })")],
  ["Float32Array of another realm", () => foreign("Float32Array.of(1, 2, 3, 4)")],
  ["Map of another realm", () => foreign("new Map([[1, 2]])")],
  ...[
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  ].map((type): Hostile => [type.name, () => type.of(1, 2, 3, 4)]),
  ["BigInt64Array", () => BigInt64Array.of(1n, 2n)],
  ["BigUint64Array", () => BigUint64Array.of(1n, 2n)],
  ["Float32Array of NaN and Infinity", () => Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 3, 4)],
  ["DataView", () => new DataView(new ArrayBuffer(16))],
  ["ArrayBuffer", () => new ArrayBuffer(16)],
  ["SharedArrayBuffer", () => new SharedArrayBuffer(16)],
  ["shared Float32Array", () => new Float32Array(new SharedArrayBuffer(16))],
  ["part of a Float32Array", () => new Float32Array(64).subarray(7, 11)],
  ["detached Float32Array", detached],
  ["Float32Array with another length", () => Object.defineProperty(new Float32Array(4), "length", { value: 1e9 })],
  ["false Float32Array", () => Object.create(Float32Array.prototype)],
  ["false Date", () => Object.create(Date.prototype)],
  ["object tagged Date", () => ({ [Symbol.toStringTag]: "Date" })],
  ["object tagged Float32Array", () => ({ [Symbol.toStringTag]: "Float32Array", length: 4 })],
  ["Buffer", () => Buffer.from([1, 2, 3, 4])],
  ["odd Buffer", () => Buffer.from([1, 2, 3])],
  ["empty object", () => ({})],
  ["object without prototype", () => Object.assign(Object.create(null), { a: 1 })],
  ["throwing getter", () => Object.defineProperty({}, "a", { get: trap, enumerable: true })],
  [
    "throwing getter of what cannot be printed",
    () =>
      Object.defineProperty({}, "a", {
        get: () => {
          throw Object.create(null);
        },
        enumerable: true,
      }),
  ],
  [
    "throwing valueOf and toString",
    () => ({ valueOf: trap, toString: trap, toJSON: trap, [Symbol.toPrimitive]: trap }),
  ],
  ["throwing tag", () => Object.defineProperty({}, Symbol.toStringTag, { get: trap })],
  ["throwing proxy", () => throwingProxy({})],
  ["throwing proxy of an array", () => throwingProxy([1, 2])],
  ["throwing proxy of a Float32Array", () => throwingProxy(new Float32Array(4))],
  ["proxy of a Float32Array", () => new Proxy(new Float32Array(4), {})],
  ["revoked proxy", () => revoked({})],
  ["revoked proxy of an array", () => revoked([])],
  [
    "array that lies about its length",
    () => new Proxy([1], { get: (target, key) => (key === "length" ? -1 : Reflect.get(target, key)) }),
  ],
  ["own __proto__", () => keyed("__proto__")],
  ["own __proto__ with an object", () => keyed("__proto__", '{"polluted": true}')],
  ["own constructor", () => keyed("constructor", '{"prototype": {"polluted": true}}')],
  ["own toString", () => keyed("toString")],
  ["own hasOwnProperty", () => keyed("hasOwnProperty")],
  ["name of a prototype", () => "__proto__"],
  ["10,000 keys", () => Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]))],
  ["circular", circular],
  ["frozen", () => Object.freeze({ a: 1, b: 2 })],
];

/** Fields of a reading with every hostile value in it, and some that are hostile only there. */
export const READINGS: [name: string, make: () => Msg][] = [
  ...["payload", "topic", "timestamp", "rate", "label", "reset", "frame"].flatMap((field) =>
    VALUES.map(([name, make]): [string, () => Msg] => [
      `${field}: ${name}`,
      () => ({ topic: "hostile", payload: 1, [field]: make() }),
    ]),
  ),
  ...[-1, 0, 8.64e15, -8.64e15, 8.65e15, "2026-13-45", "now", 1e300].map((timestamp): [string, () => Msg] => [
    `timestamp ${timestamp}`,
    () => ({ topic: "hostile", payload: { a: 1, b: 2 }, timestamp }),
  ]),
  ...[0, -1, 1e-300, 1e300, "50 Hz"].map((rate): [string, () => Msg] => [
    `rate ${rate}`,
    () => ({ topic: "hostile", payload: new Float32Array(100), rate }),
  ]),
  [
    "tiny rate with a late time",
    () => ({ topic: "hostile", payload: new Float32Array(100), rate: 1e-9, timestamp: 8.64e15 }),
  ],
  ["payload that never ends", () => ({ topic: "hostile", payload: endless() })],
  ["throwing getter of the message", () => Object.defineProperty({ topic: "hostile" }, "payload", { get: trap })],
  [
    "frozen message",
    () => Object.freeze({ _msgid: `frozen-${Math.random()}`, topic: "hostile", payload: { a: 1, b: 2 } }),
  ],
];

/** A frame's description that lies. */
const INFO: Hostile[] = [
  ["no channels", () => ({ shape: [2, 0], names: [] })],
  ["shape larger than the data", () => ({ shape: [1000, 2] })],
  ["shape that overflows", () => ({ shape: [2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31] })],
  ["shape of one number", () => ({ shape: [4] })],
  ["shape of four numbers", () => ({ shape: [1, 2, 1, 2] })],
  ["negative shape", () => ({ shape: [-2, -2] })],
  ["broken shape", () => ({ shape: [0.5, 8] })],
  ["shape of texts", () => ({ shape: ["2", "2"] })],
  ["names that are not unique", () => ({ names: ["a", "a"] })],
  ["names from the prototype", () => ({ names: ["__proto__", "constructor"] })],
  ["long names", () => ({ names: ["x".repeat(1_000_000), "y"] })],
  ["thousands of names", () => ({ names: Array.from({ length: 50_000 }, (_, i) => `n${i}`) })],
  ["sparse names", () => ({ names: Object.assign([], { length: 2 }) })],
  ["kind", () => ({ kind: "spectrum" })],
  ["seq", () => ({ seq: -1 })],
  ["time backwards", () => ({ start: 10, end: 5 })],
  ["endless time", () => ({ start: -1e300, end: 1e300 })],
  [
    "reasons of 100,000 texts",
    () => ({ quality: { ok: false, reasons: new Array(100_000).fill("r"), missing: 0, filled: 0 } }),
  ],
  ["more missing than values", () => ({ quality: { ok: true, reasons: [], missing: 1e15, filled: 1e15 } })],
  [
    "recipe that contains itself",
    () => {
      const recipe: Msg = { version: 1 };
      recipe.window = recipe;
      recipe.features = [recipe];
      return { recipe };
    },
  ],
  [
    "recipe with __proto__",
    () => ({
      recipe: JSON.parse(
        '{"version": 1, "__proto__": {"polluted": true}, "window": {"__proto__": {"polluted": true}}}',
      ),
    }),
  ],
  [
    "deep recipe",
    () => ({
      recipe: {
        version: 1,
        window: Array.from({ length: 20_000 }).reduce((inner) => ({ inner }), {}),
        features: Array.from({ length: 20_000 }).reduce((inner) => ({ inner }), {}),
      },
    }),
  ],
  [
    "recipe with channels that are none",
    () => ({ recipe: { version: 1, window: { channels: { length: 3 } }, features: 5 } }),
  ],
  ...["kind", "shape", "names", "rate", "stream", "seq", "start", "end", "label", "quality", "recipe"].flatMap(
    (field) => VALUES.map(([name, make]): Hostile => [`${field}: ${name}`, () => ({ [field]: make() })]),
  ),
  ...VALUES.map(
    ([name, make]): Hostile => [`window of the recipe: ${name}`, () => ({ recipe: { version: 1, window: make() } })],
  ),
  ...VALUES.map(
    ([name, make]): Hostile => [
      `features of the recipe: ${name}`,
      () => ({ recipe: { version: 1, features: make() } }),
    ],
  ),
  ...VALUES.map(
    ([name, make]): Hostile => [
      `reasons: ${name}`,
      () => ({ quality: { ok: false, reasons: make(), missing: 0, filled: 0 } }),
    ],
  ),
];

const featureMessage = (info: Msg = {}): Msg => ({
  topic: "t",
  payload: Float32Array.of(1, 2, 3, 4),
  frame: featureInfo(info),
});

export const WINDOWS = frames((info) =>
  windowMessage(
    [
      [1, 2],
      [3, 4],
    ],
    {},
    info,
  ),
);
export const FEATURES = frames(featureMessage);

function frames(message: (info?: Msg) => Msg): [string, () => Msg][] {
  return [
    ...["payload", "topic", "frame", "learn"].flatMap((field) =>
      VALUES.map(([name, make]): [string, () => Msg] => [
        `${field}: ${name}`,
        () => ({ ...message(), [field]: make() }),
      ]),
    ),
    ...INFO.map(([name, make]): [string, () => Msg] => [name, () => message(make() as Msg)]),
    ["payload that never ends", () => ({ ...message(), payload: endless() })],
    ["frozen message", () => Object.freeze({ ...message(), _msgid: `frozen-${Math.random()}` })],
  ];
}

/** Results of an anomaly model that are not what they seem. */
const anomaly = (more: Msg = {}): Msg => ({ kind: "anomaly", score: 1, threshold: 10, anomalous: false, ...more });
const RESULT: Hostile[] = [
  ...["kind", "score", "threshold", "anomalous", "contributions"].flatMap((field) =>
    VALUES.map(([name, make]): Hostile => [`${field}: ${name}`, () => anomaly({ [field]: make() })]),
  ),
  ...VALUES.map(
    ([name, make]): Hostile => [
      `not scored, quality: ${name}`,
      () => ({ kind: "anomaly", score: null, quality: make() }),
    ],
  ),
  ["score above everything", () => anomaly({ score: 1.7e308, threshold: -1.7e308, anomalous: true })],
  ["negative threshold", () => anomaly({ score: 0, threshold: -5, anomalous: true })],
  [
    "100,000 contributions",
    () =>
      anomaly({
        score: 99,
        anomalous: true,
        contributions: Array.from({ length: 100_000 }, (_, i) => ({ channel: `c${i}`, share: 1e-5 })),
      }),
  ],
  [
    "long contributions",
    () =>
      anomaly({
        score: 99,
        anomalous: true,
        contributions: [{ channel: "c".repeat(1e6), share: 1, feature: "f".repeat(1e6) }],
      }),
  ],
  [
    "contributions from the prototype",
    () =>
      anomaly({
        score: 99,
        anomalous: true,
        contributions: [JSON.parse('{"channel": "__proto__", "share": 1, "__proto__": {"polluted": true}}')],
      }),
  ],
  ["class with wrong scores", () => ({ kind: "class", label: "__proto__", confidence: Number.NaN, scores: [] })],
];

export const RESULTS: [string, () => Msg][] = [
  ...RESULT.map(([name, make]): [string, () => Msg] => [name, () => ({ topic: "hostile", payload: make() })]),
  ...["payload", "topic", "frame", "model", "acknowledge"].flatMap((field) =>
    VALUES.map(([name, make]): [string, () => Msg] => [
      `${field}: ${name}`,
      () => ({ topic: "hostile", payload: anomaly(), [field]: make() }),
    ]),
  ),
  ...["stream", "end"].flatMap((field) =>
    VALUES.map(([name, make]): [string, () => Msg] => [
      `frame.${field}: ${name}`,
      () => ({ payload: anomaly(), frame: { [field]: make() } }),
    ]),
  ),
  ["frozen message", () => Object.freeze({ _msgid: `frozen-${Math.random()}`, topic: "t", payload: anomaly() })],
];

/** For nodes that take commands. */
export const COMMANDS: [string, () => Msg][] = [
  ...VALUES.map(([name, make]): [string, () => Msg] => [`payload: ${name}`, () => ({ payload: make() })]),
  ...["fault", "intensity", "play"].flatMap((field) =>
    VALUES.map(([name, make]): [string, () => Msg] => [
      `payload.${field}: ${name}`,
      () => ({ payload: { ...(field === "intensity" ? { fault: "fan-failed" } : {}), [field]: make() } }),
    ]),
  ),
  ["path to elsewhere", () => ({ payload: { play: "../../../../etc/passwd" } })],
  ["path with a nul", () => ({ payload: { play: "a\0.csv" } })],
  ["a device", () => ({ payload: { play: "/dev/zero" } })],
  ["the folder itself", () => ({ payload: { play: "." } })],
  ["frozen message", () => Object.freeze({ _msgid: `frozen-${Math.random()}`, payload: "stop" })],
];
