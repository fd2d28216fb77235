import { Agent as HttpAgent, type IncomingHttpHeaders, type RequestOptions, request as sendHttp } from "node:http";
import { Agent as HttpsAgent, request as sendHttps } from "node:https";
import type { ServerAddress } from "./server-address.js";

export interface HttpRequest {
  method: "GET" | "POST";
  /** After the address's own path. */
  path: string;
  headers?: Record<string, string>;
  /** Sent one after the other. */
  body?: readonly Uint8Array[];
  /** Bytes that the answer may have at most. */
  limit: number;
  /** From now until the last byte of the answer. */
  timeoutMs: number;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An exchange that did not come to its end. */
export class HttpFailure extends Error {
  override name = "HttpFailure";
  readonly kind: "unreachable" | "lost" | "timeout" | "too large" | "closed";
  /** The server has not begun with the request, as far as one can tell: it may be sent again. */
  readonly safe: boolean;

  constructor(kind: HttpFailure["kind"], reason: string, safe = false) {
    super(reason);
    this.kind = kind;
    this.safe = safe;
  }
}

/** Before a connection stands, nothing can have been received. */
const UNREACHABLE = new Map([
  ["ECONNREFUSED", "nothing listens there"],
  ["ENOTFOUND", "its name is not known"],
  ["EAI_AGAIN", "its name cannot be looked up now"],
  ["EHOSTUNREACH", "no way leads there"],
  ["ENETUNREACH", "no way leads there"],
]);

/**
 * Requests to one server over connections that stay open: a new connection, or fetch(), costs three times as much as the
 * request itself. Redirects are not followed, since the token would go with them.
 */
export class HttpClient {
  readonly #address: ServerAddress;
  readonly #agent: HttpAgent;
  readonly #headers: Record<string, string>;
  #closed = false;

  constructor(address: ServerAddress, token?: string) {
    this.#address = address;
    // The last one used is used again: the others are let go by the server when they are not needed.
    const options = { keepAlive: true, maxSockets: 4, maxFreeSockets: 2, scheduling: "lifo" } as const;
    this.#agent = address.secure ? new HttpsAgent(options) : new HttpAgent(options);
    this.#headers = { accept: "*/*", "accept-encoding": "identity" };
    if (token) this.#headers.authorization = `Bearer ${token}`;
  }

  /** @throws HttpFailure */
  send({ method, path, headers, body = [], limit, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
    if (this.#closed) return Promise.reject(new HttpFailure("closed", "it was closed"));
    const { host, port, secure } = this.#address;
    const options: RequestOptions = {
      host,
      port,
      method,
      path: this.#address.path + path,
      agent: this.#agent,
      headers: { ...this.#headers, ...headers },
    };
    if (body.length > 0) {
      const length = body.reduce((sum, part) => sum + part.byteLength, 0);
      options.headers = { ...options.headers, "content-length": length } as Record<string, string | number>;
    }
    return new Promise((resolve, reject) => {
      const request = (secure ? sendHttps : sendHttp)(options);
      const end = (failure: HttpFailure) => {
        clearTimeout(timer);
        reject(failure);
        request.destroy();
      };
      const timer = setTimeout(() => {
        end(new HttpFailure("timeout", `it did not answer within ${timeoutMs} ms`));
      }, timeoutMs);
      let answered = false;
      request.on("error", (error: NodeJS.ErrnoException) => {
        if (this.#closed) return end(new HttpFailure("closed", "it was closed"));
        const known = UNREACHABLE.get(error.code ?? "");
        if (known !== undefined) return end(new HttpFailure("unreachable", `${known} (${error.code})`, true));
        // A server may let go of an idle connection in the moment in which we use it again.
        const stale = !answered && request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
        end(new HttpFailure(stale || answered ? "lost" : "unreachable", reasonOf(error), stale));
      });
      request.on("response", (response) => {
        answered = true;
        const chunks: Buffer[] = [];
        let length = 0;
        const declared = Number(response.headers["content-length"] ?? 0);
        const tooLarge = () => end(new HttpFailure("too large", `its answer has more than ${limit} bytes`));
        if (declared > limit) return tooLarge();
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
          if (length > limit) tooLarge();
          else chunks.push(chunk);
        });
        response.on("error", () => end(new HttpFailure("lost", "its answer ended too early")));
        response.on("end", () => {
          if (!response.complete) return end(new HttpFailure("lost", "its answer ended too early"));
          clearTimeout(timer);
          const only = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: only });
        });
      });
      for (const part of body) request.write(part);
      request.end();
    });
  }

  /** Requests under way fail. */
  close(): void {
    this.#closed = true;
    this.#agent.destroy();
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ECONNRESET") return "it closed the connection (ECONNRESET)";
  return message.length > 200 ? `${message.slice(0, 200)}…` : message;
}
