import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { EdgeMlError } from "../lib/errors/index.js";
import type { Evaluation } from "../lib/evaluate/index.js";
import { type EvaluationPicture, pictureOf } from "./picture.js";

/** What a running node has collected, and how it begins anew. */
export interface RunningEvaluation {
  current(): Evaluation;
  reset(): void;
}

/**
 * The dialog's routes: what a running node has collected, and to forget it. Each needs its permission.
 * @param evaluationOf of the node with an id; undefined when it does not run
 */
export function serveEvaluations(RED: NodeAPI, evaluationOf: (id: string) => RunningEvaluation | undefined): void {
  const path = "/edge-ml/evaluate/:id";
  const of = (request: Request) => evaluationOf(String(request.params.id));
  RED.httpAdmin.get(path, RED.auth.needsPermission("edge-evaluate.read"), (request: Request, response: Response) => {
    const evaluation = of(request)?.current();
    if (!evaluation) {
      // No error: a node that was just dragged in is opened before it runs.
      response.json({ task: "undeployed" } satisfies EvaluationPicture);
      return;
    }
    pictureOf(evaluation).then(
      (picture) => response.json(picture),
      (error: unknown) => {
        const { code, message } = EdgeMlError.from(error);
        response.status(500).json({ code, message });
      },
    );
  });
  RED.httpAdmin.delete(
    path,
    RED.auth.needsPermission("edge-evaluate.write"),
    (request: Request, response: Response) => {
      of(request)?.reset();
      response.json({});
    },
  );
}
