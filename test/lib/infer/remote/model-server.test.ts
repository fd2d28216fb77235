import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ModelServer, ServerLink } from "../../../../nodes/lib/infer/index.ts";
import { SessionRunner } from "../../../../nodes/lib/infer/session-runner.ts";
import { encodeModel, OnnxGraph } from "../../../../nodes/lib/model/index.ts";
import { softmax, squares } from "../../../support/infer-models.ts";
import { type Fault, type OipOptions, type OipServer, startOipServer } from "../../../support/oip-server.ts";
import { ROOT } from "../../../support/runtime.ts";
import { text } from "../../../support/sources.ts";

const encode = (graph: OnnxGraph) => encodeModel(graph, { producerName: "elsewhere", producerVersion: "1" });

function typed(type: "float64" | "int64"): OnnxGraph {
  const g = new OnnxGraph("typed");
  g.output("y", g.op("Mul", [g.input("x", ["N", 4], type), g.scalar(3, type)]), ["N", 4], type);
  return g;
}

function truth(): OnnxGraph {
  const g = new OnnxGraph("truth");
  g.output("y", g.op("Greater", [g.input("x", ["N", 4]), g.scalar(1)]), ["N", 4], "bool" as never);
  return g;
}

function twoInputs(): OnnxGraph {
  const g = new OnnxGraph("two");
  g.output("y", g.op("Add", [g.input("x", ["N", 4]), g.input("z", ["N", 4])]), ["N", 4]);
  return g;
}

const MODELS = {
  squares: encode(squares()),
  softmax: encode(softmax()),
  double: encode(typed("float64")),
  whole: encode(typed("int64")),
  truth: encode(truth()),
  two: encode(twoInputs()),
  "a b/c": encode(squares({ factor: 2 })),
};
const ROWS = Float32Array.of(1, 2, 3, 4, 0.1, -0.2, 1e-7, 1e9, 5.5, 0, -3, 1 / 3);

const servers: OipServer[] = [];
const open: ServerLink[] = [];
afterEach(() => {
  for (const link of open.splice(0)) link.close();
  for (const server of servers) server.fault = () => undefined;
});
afterAll(async () => {
  for (const server of servers) await server.stop();
});

async function serve(options: OipOptions = {}): Promise<OipServer> {
  const server = await startOipServer(MODELS, options);
  servers.push(server);
  return server;
}

interface Wishes {
  model?: string;
  version?: string;
  token?: string;
  timeoutMs?: number;
}

/** Never asks by itself: a test says when. */
async function connect(server: OipServer, { model = "squares", timeoutMs = 5000, ...rest }: Wishes = {}) {
  const events: string[] = [];
  const link = new ServerLink(
    new ModelServer({ url: server.url, model, timeoutMs, ...rest }),
    { up: () => events.push("up"), down: (error, known) => events.push(`${error.code}${known ? " again" : ""}`) },
    { retryMs: 3600_000, healthMs: 3600_000 },
  );
  open.push(link);
  await link.start();
  return { link, events };
}

describe("a model on a server", () => {
  let binary: OipServer;
  let json: OipServer;
  beforeAll(async () => {
    binary = await serve();
    json = await serve({ binary: false });
  });

  it.each(Object.keys(MODELS).filter((name) => name !== "two"))("gives the same numbers as here: %s", async (model) => {
    const local = await SessionRunner.open({ name: model, bytes: MODELS[model as keyof typeof MODELS] });
    const expected = (await local.run(ROWS, 3)).outputs;
    await local.close();
    for (const server of [binary, json]) {
      const { link } = await connect(server, { model });
      expect(link.description?.binary).toBe(server === binary);
      const { outputs, version } = await link.infer(ROWS, 3, undefined);
      expect(outputs).toEqual(expected);
      expect(version).toBe("2");
      const last = server.requests.at(-1)!;
      expect(last.path).toBe(`/v2/models/${encodeURIComponent(model)}/infer`);
      expect(last.message.inputs[0].data === undefined).toBe(server === binary);
    }
  });

  it("asks only for the wished outputs, and gives them in their order", async () => {
    const { link } = await connect(binary);
    const { outputs } = await link.infer(ROWS, 3, ["contributions", "score"]);
    expect(outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ["contributions", [3, 4]],
      ["score", [3]],
    ]);
    await link.infer(ROWS, 3, ["score"]);
    expect(binary.requests.at(-1)!.message.outputs).toEqual([{ name: "score", parameters: { binary_data: true } }]);
  });

  it("keeps its connection, and asks for the version that was set", async () => {
    const { link } = await connect(binary, { version: "1" });
    const from = binary.requests.length - 3;
    for (let i = 0; i < 20; i++) expect((await link.infer(ROWS, 3, ["score"])).version).toBe("1");
    const mine = binary.requests.slice(from);
    expect(mine.map(({ path }) => path).slice(0, 4)).toEqual([
      "/v2/health/ready",
      "/v2/models/squares/versions/1",
      "/v2",
      "/v2/models/squares/versions/1/infer",
    ]);
    expect(new Set(mine.map(({ port }) => port)).size).toBe(1);
  });

  it("takes numbers that lie nested, as some servers send them", async () => {
    json.fault = ({ path }) =>
      path.endsWith("/infer")
        ? {
            change: (message) => {
              for (const output of message.outputs) {
                if (output.shape.length === 2) {
                  output.data = [0, 1, 2].map((row) => output.data.slice(4 * row, 4 * row + 4));
                }
              }
              return message;
            },
          }
        : undefined;
    const { link } = await connect(json, { model: "double" });
    const { outputs } = await link.infer(
      Float32Array.from({ length: 12 }, (_, i) => i),
      3,
      undefined,
    );
    expect([...outputs[0]!.data]).toEqual(Array.from({ length: 12 }, (_, i) => 3 * i));
  });

  it("reads texts from JSON and from bytes", async () => {
    const texts = ["ja", "", "ölig"];
    const parts = texts.map((text) => {
      const bytes = Buffer.from(text);
      return Buffer.concat([Buffer.from(Uint32Array.of(bytes.length).buffer), bytes]);
    });
    const bytes = Buffer.concat(parts);
    const tensor = { name: "label", datatype: "BYTES", shape: [3] };
    const head = JSON.stringify({ outputs: [{ ...tensor, parameters: { binary_data_size: bytes.length } }] });
    const answers: Fault[] = [
      { body: JSON.stringify({ outputs: [{ ...tensor, data: texts }] }) },
      {
        body: Buffer.concat([Buffer.from(head), bytes]),
        headers: { "inference-header-content-length": String(head.length) },
      },
    ];
    const { link } = await connect(binary);
    for (const answer of answers) {
      binary.fault = () => answer;
      expect((await link.infer(ROWS, 3, ["label"])).outputs).toEqual([{ name: "label", shape: [3], data: texts }]);
    }
  });

  it("reads half-precision numbers from bytes", async () => {
    const { link } = await connect(binary);
    const head = JSON.stringify({
      outputs: [{ name: "y", datatype: "FP16", shape: [3], parameters: { binary_data_size: 6 } }],
    });
    // 1, -2 and 65504, IEEE 754 binary16.
    const body = Buffer.concat([Buffer.from(head), Buffer.from([0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b])]);
    binary.fault = () => ({ body, headers: { "inference-header-content-length": String(head.length) } });
    expect([...(await link.infer(ROWS, 3, ["y"])).outputs[0]!.data]).toEqual([1, -2, 65504]);
  });

  it("brings the token, and goes through a path of its own", async () => {
    const guarded = await serve({ token: "s3cret", prefix: "/serving/plant" });
    const { link } = await connect(guarded, { token: "s3cret" });
    await link.infer(ROWS, 3, undefined);
    const { events } = await connect(guarded, { token: "wrong" });
    expect(events).toEqual(["EDGE_ML_SERVER_DOWN"]);
    expect(guarded.requests[0]!.path).toBe("/serving/plant/v2/health/ready");
  });

  it("takes bytes of OpenVINO's server, which lists no extensions", async () => {
    const { link } = await connect(json);
    expect(link.description?.binary).toBe(false);
    json.fault = ({ path }) =>
      path === "/v2" ? { body: '{"name":"OpenVINO Model Server","version":"1"}' } : undefined;
    expect((await connect(json)).link.description?.binary).toBe(true);
  });
});

describe("a server that does wrong", () => {
  let server: OipServer;
  beforeAll(async () => {
    server = await serve();
  });
  const output = (changes: object, more: object[] = []) => ({
    change: (message: { outputs: object[] }) => ({
      ...message,
      outputs: [{ ...message.outputs[0], ...changes }, ...more],
    }),
  });
  const numbers = { data: [1, 2, 3], parameters: {} };

  const wrong: [string, Fault, string, RegExp, number?][] = [
    ["hangs up", { hangUp: true }, "EDGE_ML_SERVER_DOWN", /socket hang up|closed the connection/, 2],
    ["does not answer in time", { delay: 3600_000 }, "EDGE_ML_SERVER_TIMEOUT", /within 300 ms/],
    ["is broken", { status: 500, body: '{"error":"no memory"}' }, "EDGE_ML_SERVER_DOWN", /500 \(no memory\)/],
    ["stays busy", { status: 503 }, "EDGE_ML_SERVER_DOWN", /503/, 3],
    ["limits us", { status: 429 }, "EDGE_ML_SERVER_DOWN", /429/, 3],
    [
      "refuses",
      { status: 400, body: '{"error":"bad shape."}' },
      "EDGE_ML_SERVER_REFUSED",
      /\(400\): bad shape\. Check/,
    ],
    ["refuses with a page", { status: 403, body: "<html>no</html>" }, "EDGE_ML_SERVER_REFUSED", /does not say why/],
    [
      "sends us away",
      { status: 302, headers: { location: "http://127.0.0.1:1/" } },
      "EDGE_ML_SERVER_REFUSED",
      /another/,
    ],
    ["cuts its answer", { cut: 100 }, "EDGE_ML_SERVER_DOWN", /ended too early/],
    ["answers nothing", { body: "" }, "EDGE_ML_SERVER_ANSWER", /no JSON/],
    ["answers NaN", { body: '{"outputs":[{"data":[NaN]}]}' }, "EDGE_ML_SERVER_ANSWER", /no JSON/],
    ["answers a list", { body: "[]" }, "EDGE_ML_SERVER_ANSWER", /an array of 0/],
    ["answers without outputs", { body: "{}" }, "EDGE_ML_SERVER_ANSWER", /outputs is missing/],
    ["lacks an output", { body: '{"outputs":[]}' }, "EDGE_ML_SERVER_ANSWER", /output "score" is missing/],
    ["gives another", output({ name: "x" }), "EDGE_ML_SERVER_ANSWER", /it gave x/],
    ["gives one twice", output(numbers, [{ name: "score" }]), "EDGE_ML_SERVER_ANSWER", /outputs\.1\.name/],
    ["has a type of its own", output({ datatype: "FP8" }), "EDGE_ML_SERVER_ANSWER", /datatype is the text "FP8"/],
    ["has no shape", output({ shape: 3 }), "EDGE_ML_SERVER_ANSWER", /shape is 3/],
    ["has half a shape", output({ shape: [1.5] }), "EDGE_ML_SERVER_ANSWER", /shape/],
    ["has a huge shape", output({ shape: [1e6, 1e6, 1e6] }), "EDGE_ML_SERVER_ANSWER", /at most 4194304/],
    ["gives too few bytes", output({ shape: [4] }), "EDGE_ML_SERVER_ANSWER", /12 bytes", but it must be 4 of FP32/],
    [
      "claims more bytes",
      output({ parameters: { binary_data_size: 1e9 } }),
      "EDGE_ML_SERVER_ANSWER",
      /binary_data_size/,
    ],
    [
      "claims less than none",
      output({ parameters: { binary_data_size: -1 } }),
      "EDGE_ML_SERVER_ANSWER",
      /data_size is -1/,
    ],
    [
      "gives too few numbers",
      output({ data: [1, 2], parameters: {} }),
      "EDGE_ML_SERVER_ANSWER",
      /data is an array of 2/,
    ],
    ["gives too many", output({ data: [1, 2, 3, 4], parameters: {} }), "EDGE_ML_SERVER_ANSWER", /array of 4/],
    ["gives text", output({ data: ["1", "2", "3"], parameters: {} }), "EDGE_ML_SERVER_ANSWER", /must be 3 of FP32/],
    ["gives null", output({ data: [1, null, 3], parameters: {} }), "EDGE_ML_SERVER_ANSWER", /must be 3 of FP32/],
    [
      "says that its JSON is longer than all",
      { body: "{}", headers: { "inference-header-content-length": "99" } },
      "EDGE_ML_SERVER_ANSWER",
      /at most 2/,
    ],
    [
      "says that its JSON has no length",
      { body: "{}", headers: { "inference-header-content-length": "x" } },
      "EDGE_ML_SERVER_ANSWER",
      /Content-Length/,
    ],
    [
      "says too much",
      { headers: { "content-length": "17000000" }, body: "{}" },
      "EDGE_ML_SERVER_ANSWER",
      /16777216 bytes/,
    ],
    ["never ends", { body: Buffer.alloc(17_000_000) }, "EDGE_ML_SERVER_ANSWER", /16777216 bytes/],
  ];
  it.each(wrong)("%s", async (_, fault, code, message, attempts = 1) => {
    // Two seconds for three attempts; only the server that never answers is waited for.
    const { link } = await connect(server, { timeoutMs: fault.delay ? 300 : 5000 });
    const before = server.requests.length;
    server.fault = ({ path }) => (path.endsWith("/infer") ? fault : undefined);
    await expect(link.infer(ROWS, 3, ["score"])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    // Sent again only when the server has not begun with it, as far as one can tell from here.
    expect(server.requests.length - before).toBe(attempts);
  });

  it("is busy for a moment: it is asked again, and nobody notices", async () => {
    const { link, events } = await connect(server);
    let refusals = 2;
    server.fault = () => (refusals-- > 0 ? { status: 503 } : undefined);
    expect([...(await link.infer(ROWS.subarray(0, 4), 1, ["score"])).outputs[0]!.data]).toEqual([30]);
    expect(events).toEqual(["up"]);
  });

  it("lets an idle connection go in the moment in which it is used: a new one is made", async () => {
    const { link, events } = await connect(server);
    const known = server.requests.at(-1)!.port;
    server.fault = ({ port }) => (port === known ? { hangUp: true } : undefined);
    expect((await link.infer(ROWS, 3, ["score"])).outputs).toHaveLength(1);
    expect(events).toEqual(["up"]);
  });

  const described: [string, string, Fault | undefined, string, RegExp][] = [
    ["is not ready", "/v2/health/ready", { status: 503 }, "EDGE_ML_SERVER_DOWN", /not ready \(503\)/],
    ["does not have the model", "/v2/models/squares", { status: 404 }, "EDGE_ML_SERVER_REFUSED", /404/],
    ["describes nothing", "/v2/models/squares", { body: "{}" }, "EDGE_ML_SERVER_ANSWER", /inputs is missing/],
    [
      "has no outputs",
      "/v2/models/squares",
      { change: (m) => ({ ...m, outputs: [] }) },
      "EDGE_ML_SERVER_ANSWER",
      /outputs/,
    ],
    [
      "describes an input without a name",
      "/v2/models/squares",
      { change: (m) => ({ ...m, inputs: [{ datatype: "FP32", shape: [1] }] }) },
      "EDGE_ML_SERVER_ANSWER",
      /inputs\.0\.name is missing/,
    ],
    ["describes too much", "/v2/models/squares", { body: Buffer.alloc(2_000_000) }, "EDGE_ML_SERVER_ANSWER", /length/],
  ];
  it.each(described)("at the start: %s", async (_, path, fault, code, message) => {
    server.fault = (request) => (request.path === path ? fault : undefined);
    const { link, events } = await connect(server);
    expect(events).toEqual([code]);
    const before = server.requests.length;
    await expect(link.infer(ROWS, 3, undefined)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(server.requests.length).toBe(before);
  });

  it.each([
    ["another number of features", "squares", 4, /any × 4, but it must be 4 × 3/],
    ["two inputs", "two", 3, /one input/],
  ])("has a model for other frames: %s", async (_, model, count, message) => {
    const { link } = await connect(server, { model });
    await expect(link.infer(ROWS, count, undefined)).rejects.toMatchObject({
      code: "EDGE_ML_SERVER_ANSWER",
      message: expect.stringMatching(message),
    });
  });
});

describe("a link to a server", () => {
  it("asks a lost server in the background, and frames do not wait for it", async () => {
    const server = await serve();
    const events: string[] = [];
    const link = new ServerLink(
      new ModelServer({ url: server.url, model: "squares", timeoutMs: 5000 }),
      { up: () => events.push("up"), down: ({ code }, known) => events.push(known ? "still down" : code) },
      { retryMs: 20, healthMs: 3600_000 },
    );
    open.push(link);
    await link.start();
    await link.infer(ROWS, 3, ["score"]);
    await server.shut();
    await expect(link.infer(ROWS, 3, ["score"])).rejects.toMatchObject({ code: "EDGE_ML_SERVER_DOWN" });
    expect(link.isUp).toBe(false);
    await expect(link.infer(ROWS, 3, ["score"])).rejects.toMatchObject({ code: "EDGE_ML_SERVER_DOWN" });
    await soon(() => events.includes("still down"));
    await server.open();
    await soon(() => link.isUp);
    expect((await link.infer(ROWS, 3, ["score"])).outputs).toHaveLength(1);
    expect([events[0], events[1], events.at(-1)]).toEqual(["up", "EDGE_ML_SERVER_DOWN", "up"]);
    expect(new Set(events.slice(2, -1))).toEqual(new Set(["still down"]));
  });

  it("notices without a frame that the server is gone", async () => {
    const server = await serve();
    const events: string[] = [];
    const link = new ServerLink(
      new ModelServer({ url: server.url, model: "squares", timeoutMs: 5000 }),
      { up: () => events.push("up"), down: ({ code }) => events.push(code) },
      { retryMs: 3600_000, healthMs: 20 },
    );
    open.push(link);
    await link.start();
    server.fault = () => ({ status: 503 });
    await soon(() => !link.isUp);
    expect(events).toEqual(["up", "EDGE_ML_SERVER_DOWN"]);
  });

  it("bears one refused frame, and gives the server up after three in a row", async () => {
    const server = await serve();
    const { link, events } = await connect(server);
    server.fault = () => ({ status: 400 });
    for (let i = 0; i < 2; i++) await expect(link.infer(ROWS, 3, undefined)).rejects.toThrow();
    server.fault = () => undefined;
    await link.infer(ROWS, 3, undefined);
    server.fault = () => ({ status: 400 });
    for (let i = 0; i < 3; i++) {
      expect(link.isUp).toBe(true);
      await expect(link.infer(ROWS, 3, undefined)).rejects.toThrow();
    }
    expect(link.isUp).toBe(false);
    expect(events).toEqual(["up", "EDGE_ML_SERVER_REFUSED"]);
  });

  it("fails what is under way when it is closed, and asks nobody any more", async () => {
    const server = await serve();
    const { link, events } = await connect(server);
    server.fault = () => ({ delay: 3600_000 });
    const under = expect(link.infer(ROWS, 3, undefined)).rejects.toMatchObject({ code: "EDGE_ML_SERVER_DOWN" });
    await soon(() => server.requests.at(-1)!.path.endsWith("/infer"));
    link.close();
    await under;
    expect(events).toEqual(["up"]);
  });
});

describe("a server with a certificate", () => {
  const tls = { key: text("test/support/tls/key.pem"), cert: text("test/support/tls/cert.pem") };

  it("is not trusted when nobody vouches for it", async () => {
    const server = await serve({ tls });
    const { link } = await connect(server, { token: "s3cret" });
    await expect(link.infer(ROWS, 3, undefined)).rejects.toMatchObject({
      code: "EDGE_ML_SERVER_DOWN",
      message: expect.stringMatching(/https:.*self.signed certificate/),
    });
    // Neither a frame nor the token left the house.
    expect(server.requests).toEqual([]);
  });

  it("is trusted when Node was started with NODE_EXTRA_CA_CERTS", async () => {
    const server = await serve({ tls });
    const script = `
      const { ModelServer } = require(${JSON.stringify(join(ROOT, "nodes/lib/infer/index.ts"))});
      const server = new ModelServer({ url: ${JSON.stringify(server.url)}, model: "squares", timeoutMs: 5000 });
      server.checkReady().then(() => server.describe()).then(({ model }) => console.log(model.name));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
      cwd: ROOT,
      env: { ...process.env, NODE_EXTRA_CA_CERTS: join(ROOT, "test/support/tls/cert.pem") },
    });
    expect(stdout.trim()).toBe("squares");
  });
});

describe("the address of a server", () => {
  const settings = { model: "m", timeoutMs: 1000 };
  it.each([
    ["http://server:8000", "http://server:8000"],
    ["http://server:8000/", "http://server:8000"],
    ["http://server:8000/v2", "http://server:8000"],
    ["https://gateway/serving/plant/v2/", "https://gateway/serving/plant"],
    ["http://[::1]:8000", "http://[::1]:8000"],
  ])("%s", (url, name) => {
    const server = new ModelServer({ ...settings, url });
    expect(server.name).toBe(name);
    server.close();
  });

  it.each([
    ["nothing", ""],
    ["no protocol", "server:8000"],
    ["another protocol", "ftp://server"],
    ["a file", "file:///etc/passwd"],
    ["a password", "http://me:hunter2@server"],
    ["a query", "http://server/?a=1"],
    ["blanks", "http://a server"],
  ])("is not: %s", (_, url) => {
    const make = () => new ModelServer({ ...settings, url });
    expect(make).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "serverUrl" }) }),
    );
    expect(make).not.toThrow(/hunter2/);
  });

  it("takes no token that would break a header, and does not repeat it", () => {
    const make = () => new ModelServer({ ...settings, url: "http://server", token: "hunter2\r\nX: y" });
    expect(make).toThrow(/serverToken/);
    expect(make).not.toThrow(/hunter2/);
  });
});

async function soon(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 10_000, interval: 10 }).toBe(true);
}
