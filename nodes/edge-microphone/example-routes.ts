import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import type { Examples, ExampleView } from "../lib/capture/index.js";
import { describe, EdgeMlError, type ErrorCode } from "../lib/errors/index.js";

/** What the dialog's panel shows. */
export interface ExamplesView {
  /** False of a node that does not run: there is nothing to record with. */
  deployed: boolean;
  examples: ExampleView[];
}

const STATUS = new Map<ErrorCode, number>([
  ["EDGE_ML_COMMAND", 400],
  ["EDGE_ML_EXAMPLE", 409],
]);

/** The dialog's routes to the examples of a running node: who may listen to them needs the permission to read. */
export function serveExamples(RED: NodeAPI, find: (node: string) => Examples | undefined): void {
  const read = RED.auth.needsPermission("edge-microphone.read");
  const write = RED.auth.needsPermission("edge-microphone.write");
  const { httpAdmin } = RED;
  const examples = "/edge-ml/microphone/:node/examples";
  const example = `${examples}/:example`;

  const route =
    (work: (examples: Examples, request: Request, response: Response) => unknown) =>
    async (request: Request, response: Response): Promise<void> => {
      const found = find(String(request.params.node));
      if (!found) {
        response.status(404).json({ message: "" });
        return;
      }
      try {
        const answer = await work(found, request, response);
        if (!response.headersSent) response.json(answer);
      } catch (error) {
        const { code, message } = EdgeMlError.from(error);
        response.status(STATUS.get(code) ?? 500).json({ code, message });
      }
    };

  httpAdmin.get(examples, read, (request: Request, response: Response) => {
    // No error: a node that was just dragged in is opened before it runs.
    const found = find(String(request.params.node));
    const view: ExamplesView = { deployed: found !== undefined, examples: found?.list ?? [] };
    response.json(view);
  });
  httpAdmin.post(
    examples,
    write,
    route((found, request) => found.record(labelOf(request))),
  );
  httpAdmin.post(
    `${examples}/send`,
    write,
    // JSON only: a page from elsewhere can make a browser send a form, but not JSON.
    route(async (found, request, response) =>
      request.is("application/json") ? { sent: await found.send() } : response.status(415).json({ message: "" }),
    ),
  );
  httpAdmin.get(
    `${example}/sound`,
    read,
    route((found, request, response) => {
      const wav = found.wav(String(request.params.example));
      if (wav) response.type("audio/wav").send(wav);
      else response.status(404).json({ message: "" });
    }),
  );
  httpAdmin.delete(
    example,
    write,
    route((found, request) => ({ deleted: found.delete(String(request.params.example)) })),
  );
}

function labelOf(request: Request): string {
  const label: unknown = request.is("application/json") ? request.body?.label : undefined;
  if (typeof label === "string") return label;
  throw new EdgeMlError("EDGE_ML_COMMAND", {
    field: "label",
    got: describe(label),
    expected: "a text, in a JSON body",
  });
}
