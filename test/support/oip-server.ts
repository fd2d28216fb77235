/**
 * A small server of the Open Inference Protocol v2 with real ONNX Runtime sessions, written from the public specification
 * (kserve/open-inference-protocol, and the binary tensor data extension) and from nothing of ours: the client is held
 * against it. It can be told to do wrong.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { InferenceSession, Tensor } from "onnxruntime-node";

// biome-ignore lint/suspicious/noExplicitAny: JSON of any form
type Json = any;

/** What the server does instead of what it should. */
export interface Fault {
  /** Milliseconds before it answers. */
  delay?: number;
  /** Closes the connection without an answer. */
  hangUp?: boolean;
  /** Answers this instead. */
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Changes the answer's JSON; bytes that follow stay. */
  change?: (message: Json) => Json;
  /** Says the whole length, and sends only so many bytes. */
  cut?: number;
}

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  /** The JSON part of the body. */
  message?: Json;
  /** The connection it came on. */
  port: number | undefined;
}

export interface OipServer {
  url: string;
  requests: SeenRequest[];
  /** Asked for each request; nothing wrong when it returns undefined. */
  fault: (request: SeenRequest) => Fault | undefined;
  /** Takes new connections again, at the same port. */
  open(): Promise<void>;
  /** Refuses connections, and breaks those that there are. */
  shut(): Promise<void>;
  stop(): Promise<void>;
}

export interface OipOptions {
  /** The binary tensor data extension; true when left out. */
  binary?: boolean;
  /** A bearer token that every request must bring. */
  token?: string;
  /** PEM; https then. */
  tls?: { key: string; cert: string };
  /** What it calls itself. */
  name?: string;
  /** Before every path. */
  prefix?: string;
}

const DATATYPES: [type: Tensor.Type, datatype: string, make: (bytes: ArrayBuffer) => Json][] = [
  ["float32", "FP32", (bytes) => new Float32Array(bytes)],
  ["float64", "FP64", (bytes) => new Float64Array(bytes)],
  ["int64", "INT64", (bytes) => new BigInt64Array(bytes)],
  ["int32", "INT32", (bytes) => new Int32Array(bytes)],
  ["uint8", "UINT8", (bytes) => new Uint8Array(bytes)],
  ["bool", "BOOL", (bytes) => new Uint8Array(bytes)],
  ["string", "BYTES", () => []],
];

/** @param models name → ONNX file; each has the versions "1" and "2" */
export async function startOipServer(models: Record<string, Uint8Array>, options: OipOptions = {}): Promise<OipServer> {
  const { binary = true, token, tls, name = "test", prefix = "" } = options;
  const sessions = new Map<string, InferenceSession>();
  for (const [model, bytes] of Object.entries(models)) {
    sessions.set(model, await InferenceSession.create(bytes, { logSeverityLevel: 4 }));
  }

  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const head = Number(request.headers["inference-header-content-length"] ?? body.length);
    const seen: SeenRequest = {
      method: request.method!,
      path: request.url!,
      headers: request.headers,
      port: request.socket.remotePort,
    };
    if (body.length > 0) seen.message = JSON.parse(body.subarray(0, head).toString());
    server.requests.push(seen);
    const fault = server.fault(seen) ?? {};
    if (fault.delay) await new Promise((done) => setTimeout(done, fault.delay));
    if (fault.hangUp) return void request.socket.destroy();
    if (fault.status !== undefined || fault.body !== undefined) {
      response.writeHead(fault.status ?? 200, { "content-type": "application/json", ...fault.headers });
      return void response.end(fault.body ?? "");
    }
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      return reply(response, 401, { error: "who are you" }, [], fault);
    }
    try {
      await answer(seen, body.subarray(head), response, fault);
    } catch (error) {
      reply(response, 400, { error: error instanceof Error ? error.message : String(error) }, [], fault);
    }
  };

  async function answer(request: SeenRequest, bytes: Buffer, response: ServerResponse, fault: Fault): Promise<void> {
    const path = request.path.startsWith(prefix) ? request.path.slice(prefix.length) : "";
    if (path === "/v2/health/live" || path === "/v2/health/ready") return void response.writeHead(200).end();
    if (path === "/v2") {
      return reply(response, 200, { name, version: "1", extensions: binary ? ["binary_tensor_data"] : [] }, [], fault);
    }
    const [, model, version, infer] = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(\/infer)?$/.exec(path) ?? [];
    const session = sessions.get(decodeURIComponent(model ?? ""));
    if (!session || (version !== undefined && version !== "1" && version !== "2")) {
      return reply(response, 404, { error: `unknown model ${model ?? path}` }, [], fault);
    }
    if (!infer) {
      const about = { name: model, versions: ["1", "2"], platform: "onnxruntime_onnx", ...portsOf(session) };
      return reply(response, 200, about, [], fault);
    }
    const feeds: Record<string, Tensor> = {};
    let at = 0;
    for (const input of request.message.inputs) {
      const [type, , make] = DATATYPES.find(([, datatype]) => datatype === input.datatype)!;
      const size = input.parameters?.binary_data_size;
      let data: Json;
      if (size === undefined) {
        const flat = input.data.flat(Number.POSITIVE_INFINITY);
        if (type === "int64") data = BigInt64Array.from(flat.map(BigInt));
        else
          data =
            type === "bool"
              ? Uint8Array.from(flat, Number)
              : Object.getPrototypeOf(make(new ArrayBuffer(0))).constructor.from(flat);
      } else {
        if (!binary) throw new Error("binary data is not supported");
        data = make(new Uint8Array(bytes.subarray(at, at + size)).buffer);
        at += size;
      }
      feeds[input.name] = new Tensor(type, data, input.shape);
    }
    const wished: Json[] = request.message.outputs ?? session.outputNames.map((name) => ({ name }));
    const results = await session.run(
      feeds,
      wished.map((output) => output.name),
    );
    const parts: Buffer[] = [];
    const outputs = wished.map(({ name, parameters }) => {
      const { type, dims, data } = results[name] as Tensor;
      const output: Json = { name, datatype: DATATYPES.find(([each]) => each === type)![1], shape: dims };
      if (binary && parameters?.binary_data) {
        const part =
          type === "string" ? textBytes(data as string[]) : Buffer.from((data as Float32Array).buffer.slice(0));
        output.parameters = { binary_data_size: part.length };
        parts.push(part);
      } else if (type === "string") output.data = data;
      else output.data = Array.from(data as Json, (value) => (type === "bool" ? value !== 0 : Number(value)));
      return output;
    });
    reply(response, 200, { model_name: model, model_version: version ?? "2", outputs }, parts, fault);
  }

  let http: Server = newServer();
  function newServer(): Server {
    return tls ? createSecureServer(tls, listener) : createServer(listener);
  }
  const listen = (port: number) => new Promise<void>((done) => http.listen(port, "127.0.0.1", done));
  const shut = async () => {
    http.closeAllConnections();
    await new Promise((done) => http.close(done));
  };
  await listen(0);
  const { port } = http.address() as AddressInfo;
  const server: OipServer = {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}${prefix}`,
    requests: [],
    fault: () => undefined,
    async open() {
      http = newServer();
      await listen(port);
    },
    shut,
    async stop() {
      await shut();
      for (const session of sessions.values()) await session.release();
    },
  };
  return server;
}

function portsOf(session: InferenceSession): Json {
  const tensors = (list: readonly InferenceSession.ValueMetadata[]) =>
    list.flatMap((port) => {
      if (!port.isTensor) return [];
      const datatype = DATATYPES.find(([type]) => type === port.type)![1];
      return [{ name: port.name, datatype, shape: port.shape.map((size) => (typeof size === "number" ? size : -1)) }];
    });
  return { inputs: tensors(session.inputMetadata), outputs: tensors(session.outputMetadata) };
}

function textBytes(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

function reply(response: ServerResponse, status: number, message: Json, parts: Buffer[], fault: Fault): void {
  const head = Buffer.from(JSON.stringify(fault.change ? fault.change(message) : message));
  const body = Buffer.concat([head, ...parts]);
  const headers: Record<string, string | number> = {
    "content-length": body.length,
    "content-type": "application/json",
  };
  if (parts.length > 0) {
    headers["inference-header-content-length"] = head.length;
    headers["content-type"] = "application/octet-stream";
  }
  response.writeHead(status, { ...headers, ...fault.headers });
  if (fault.cut === undefined) response.end(body);
  else response.write(body.subarray(0, fault.cut), () => response.destroy());
}
