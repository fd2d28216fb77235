import { EdgeMlError } from "../../errors/index.js";
import { type HttpAnswer, HttpClient, HttpFailure, type HttpRequest } from "./http-client.js";
import {
  errorText,
  type InferAnswer,
  type InferRequest,
  modelPath,
  offersBinary,
  readInfer,
  readModel,
  type ServerModel,
  writeInfer,
} from "./protocol.js";
import { serverAddress } from "./server-address.js";

export interface ModelServerSettings {
  /** http://… or https://… */
  url: string;
  model: string;
  /** The server's choice when left out. */
  version?: string;
  /** Sent as "Authorization: Bearer …". */
  token?: string;
  /** Milliseconds for one request, all attempts together. */
  timeoutMs: number;
}

/** What the server is, and what its model takes and gives. */
export interface Description {
  model: ServerModel;
  /** It takes and gives tensors as bytes. */
  binary: boolean;
}

const MAX_METADATA_BYTES = 1024 * 1024;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** How often a request is sent at most. */
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 50;
/** A bearer token, RFC 6750: whatever else would break the header. */
const TOKEN = /^[\x21-\x7e]+$/;
/** The server is there, but busy or starting: it has not begun with the request. */
const BUSY = new Set([429, 503]);

/** One model on a server of the Open Inference Protocol v2, over HTTP. */
export class ModelServer {
  /** Its address, as errors and results name it. */
  readonly name: string;
  readonly #settings: ModelServerSettings;
  readonly #client: HttpClient;
  readonly #path: string;

  /** @throws EdgeMlError EDGE_ML_SETTING */
  constructor(settings: ModelServerSettings) {
    const address = serverAddress(settings.url);
    if (settings.token && !TOKEN.test(settings.token)) {
      const expected = "of letters, digits and signs, without blanks";
      throw new EdgeMlError("EDGE_ML_SETTING", { field: "serverToken", got: "something else", expected });
    }
    this.name = address.text;
    this.#settings = settings;
    this.#client = new HttpClient(address, settings.token);
    this.#path = modelPath(settings.model, settings.version);
  }

  /** @throws EdgeMlError EDGE_ML_SERVER_DOWN unless the server says that it is ready for inferences */
  async checkReady(): Promise<void> {
    const { status } = await this.#exchange({ method: "GET", path: "/v2/health/ready", limit: MAX_METADATA_BYTES }, 1);
    if (!isFine(status)) throw this.#down(`it says that it is not ready (${status})`);
  }

  /** @throws EdgeMlError EDGE_ML_SERVER_DOWN, _TIMEOUT, _REFUSED, _ANSWER */
  async describe(): Promise<Description> {
    const get = { method: "GET", limit: MAX_METADATA_BYTES } as const;
    const model = readModel(this.#accepted(await this.#exchange({ ...get, path: this.#path }, 1)), this.name);
    // Servers without this answer, or with another one, get JSON, which all of them take.
    const about = await this.#exchange({ ...get, path: "/v2" }, 1);
    return { model, binary: isFine(about.status) && offersBinary(parsed(about.body)) };
  }

  /**
   * Sent again, after a pause, only when the server has not begun with it, as far as one can tell.
   * @throws EdgeMlError EDGE_ML_SERVER_DOWN, _TIMEOUT, _REFUSED, _ANSWER
   */
  async infer(request: InferRequest): Promise<InferAnswer> {
    const { headers, body } = writeInfer(request, this.name);
    const path = `${this.#path}/infer`;
    const answer = await this.#exchange({ method: "POST", path, headers, body, limit: MAX_ANSWER_BYTES }, ATTEMPTS);
    return readInfer(this.#accepted(answer), request.outputs, this.name);
  }

  /** Requests under way fail. */
  close(): void {
    this.#client.close();
  }

  async #exchange(request: Omit<HttpRequest, "timeoutMs">, attempts: number): Promise<HttpAnswer> {
    const end = performance.now() + this.#settings.timeoutMs;
    for (let attempt = 1; ; attempt++) {
      // Up to half as long again or half as short: many gateways that lost one server do not come back in step.
      const pause = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
      const again = attempt < attempts && performance.now() + pause < end;
      try {
        const timeoutMs = Math.max(1, Math.ceil(end - performance.now()));
        const answer = await this.#client.send({ ...request, timeoutMs });
        if (!again || !BUSY.has(answer.status)) return answer;
      } catch (error) {
        if (!(error instanceof HttpFailure)) throw error;
        if (!again || !error.safe) throw this.#failure(error);
      }
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  #failure({ kind, message }: HttpFailure): EdgeMlError {
    if (kind === "timeout") {
      return new EdgeMlError("EDGE_ML_SERVER_TIMEOUT", { server: this.name, expected: this.#settings.timeoutMs });
    }
    if (kind === "too large") {
      const details = { server: this.name, field: "its length", got: "more", expected: `${MAX_ANSWER_BYTES} bytes` };
      return new EdgeMlError("EDGE_ML_SERVER_ANSWER", details);
    }
    return this.#down(message);
  }

  #accepted(answer: HttpAnswer): HttpAnswer {
    const { status } = answer;
    if (isFine(status)) return answer;
    const reason = status >= 300 && status < 400 ? "it sends us to another address" : errorText(answer);
    if (status >= 500 || status === 429) throw this.#down(`it answered ${status} (${reason})`);
    throw new EdgeMlError("EDGE_ML_SERVER_REFUSED", { server: this.name, status, reason });
  }

  #down(reason: string): EdgeMlError {
    return new EdgeMlError("EDGE_ML_SERVER_DOWN", { server: this.name, reason });
  }
}

function isFine(status: number): boolean {
  return status >= 200 && status < 300;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
