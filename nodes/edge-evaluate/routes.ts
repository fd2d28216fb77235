import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { EdgeMlError } from "../lib/errors/index.js";
import type { Evaluation } from "../lib/evaluate/index.js";
import { pictureOf } from "./picture.js";

/**
 * The dialog's route: what a running node has collected. It needs the permission.
 * @param evaluationOf of the node with an id; undefined when it does not run
 */
export function servePictures(RED: NodeAPI, evaluationOf: (id: string) => Evaluation | undefined): void {
  const mayRead = RED.auth.needsPermission("edge-evaluate.read");
  RED.httpAdmin.get("/edge-ml/evaluate/:id", mayRead, (request: Request, response: Response) => {
    const evaluation = evaluationOf(String(request.params.id));
    if (!evaluation) {
      response.status(404).json({ message: "This node is not running." });
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
}
