import type { NodeAPI } from "node-red";
import { defineNode, type Message, type Send, statePath } from "../glue/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { Evaluation, readEvaluated, readSavedEvaluation, resultsCsv, summaryCsv } from "../lib/evaluate/index.js";
import { StateFile } from "../lib/files/index.js";
import { checkedSettings, evaluationSettings } from "./evaluation-settings.js";
import { EvaluationStatus } from "./evaluation-status.js";
import { type RunningEvaluation, serveEvaluations } from "./routes.js";

/** What was collected is written so often, in ms: with every result there is more, and a memory card wears out. */
const SAVE_EVERY = 900_000;

export = (RED: NodeAPI): void => {
  const running = new Map<string, RunningEvaluation>();
  serveEvaluations(RED, (id) => running.get(id));
  defineNode(RED, "edge-evaluate", checkedSettings, ({ node, status, send, fail }, settings) => {
    const wanted = evaluationSettings(settings);
    const shown = new EvaluationStatus(status);
    const file = new StateFile(statePath(RED, "evaluations", node.id), readSavedEvaluation, fail, SAVE_EVERY);
    // What was collected by other settings is not taken over.
    let evaluation = new Evaluation(wanted);
    try {
      const saved = file.read();
      if (saved) evaluation.restore(saved);
    } catch (error) {
      fail(error);
    }
    running.set(node.id, { current: () => evaluation, reset });
    shown.show(evaluation);

    let working: Promise<[Message, Message]> | undefined;

    /** The report and its CSV, as the two outputs want them. Those who ask meanwhile get the same. */
    function report(): Promise<[Message, Message]> {
      const work = working ?? make(evaluation);
      working = work;
      const done = () => {
        if (working === work) working = undefined;
      };
      work.then(done, done);
      return work;
    }

    async function make(of: Evaluation): Promise<[Message, Message]> {
      const lines = settings.csv === "results" ? resultsCsv(of) : undefined;
      const payload = await of.report();
      return [
        { topic: "report", payload } as unknown as Message,
        { topic: "csv", payload: lines ?? summaryCsv(payload) } as unknown as Message,
      ];
    }

    function reset(): void {
      evaluation = new Evaluation(wanted);
      working = undefined;
      shown.close();
      shown.show(evaluation);
      file.save(() => evaluation.save());
    }

    let timer: NodeJS.Timeout | undefined;
    if (settings.reportOn === "minutes") {
      // Longer than a timer can wait would be at once.
      const wait = Math.min(60_000 * settings.reportEvery, 2 ** 31 - 1);
      timer = setInterval(() => {
        if (evaluation.counts.results > 0) answer(send).catch(fail);
      }, wait);
    }

    /** Each receiver gets messages of its own. */
    const answer = async (to: Send, id?: string) => {
      const messages = await report();
      to(messages.map((message) => ({ ...message, ...(id === undefined ? {} : { _msgid: id }) })));
    };

    return {
      input(msg, reply) {
        if (msg.evaluate !== undefined) {
          if (command(msg.evaluate) === "report") return answer(reply, msg._msgid);
          return reset();
        }
        evaluation.add(readEvaluated(msg, Date.now()));
        shown.show(evaluation);
        file.save(() => evaluation.save());
        const { results } = evaluation.counts;
        const due = settings.reportOn === "results" && results > 0 && results % settings.reportEvery === 0;
        return due ? answer(reply, msg._msgid) : undefined;
      },
      async close(removed) {
        clearInterval(timer);
        shown.close();
        running.delete(node.id);
        if (removed) return file.remove();
        await file.flush();
      },
    };
  });
};

function command(evaluate: unknown): "report" | "reset" {
  if (evaluate === "report" || evaluate === "reset") return evaluate;
  throw new EdgeMlError("EDGE_ML_COMMAND", {
    field: "msg.evaluate",
    got: describe(evaluate),
    expected: '"report" or "reset"',
  });
}
