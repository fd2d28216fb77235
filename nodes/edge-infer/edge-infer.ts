import type { NodeAPI } from "node-red";
import { defineNode, type Message, withFields } from "../glue/index.js";
import { modelOf, runnersOf } from "../glue/models.js";
import { EdgeMlError } from "../lib/errors/index.js";
import { compileSettings, readFrame } from "../lib/frame/index.js";
import {
  Inference,
  loadModel,
  ModelFollower,
  type ModelRequest,
  type Rehearsal,
  readModelRequest,
} from "../lib/infer/index.js";
import { type InferSettings, schema } from "./config.js";
import { loadOptions } from "./load-options.js";

export = (RED: NodeAPI): void => {
  defineNode(RED, "edge-infer", compileSettings<InferSettings>(schema), (context, settings) => {
    const { node, status, fail, text } = context;
    const { name, store } = modelOf(RED, settings.model);
    const options = { ...loadOptions(settings), shared: runnersOf(store) };
    const inference = new Inference({ limit: settings.queueLimit, policy: settings.queuePolicy });
    let loading = true;
    /** The version that was refused last; undefined while all is well. */
    let refused: string | undefined;
    /** Until when the status shows how far the new version agrees with the one before. */
    let agreementUntil = 0;

    const show = () => {
      const { model, counts, change, waiting } = inference;
      if (!model) {
        if (refused !== undefined) status.error(text("status.refused", { version: refused }));
        else if (loading) status.busy(text("status.loading"));
        else
          status.busy(
            counts.unserved > 0 ? text("status.waitingCount", { count: counts.unserved }) : text("status.waiting"),
          );
        return;
      }
      const { version } = model.reference;
      const head = `v${version} · ${counts.scored}`;
      if (refused !== undefined) status.warn(`${head}, ${text("status.refused", { version: refused })}`);
      else if (counts.dropped > 0) status.warn(`${head}, ${text("status.dropped", { count: counts.dropped })}`);
      else if (counts.failed > 0) status.warn(`${head}, ${text("status.failed", { count: counts.failed })}`);
      else if (counts.bad > 0) status.warn(`${head}, ${text("status.bad", { count: counts.bad })}`);
      else if (change && Date.now() < agreementUntil) status.ok(`v${version}, ${agreed(change)}`);
      else {
        const { latency } = inference;
        const queued = waiting > 0 ? `, ${text("status.queued", { count: waiting })}` : "";
        const time = latency ? ` · ${milliseconds(latency.p50)}, p99 ${milliseconds(latency.p99)}` : "";
        status.ok(head + time + queued);
      }
    };

    /** The agreement of two versions in a few words. */
    const agreed = ({ from, frames, same, correlation }: Rehearsal): string => {
      if (same !== undefined) return text("status.same", { percent: Math.round(same * 100), version: from });
      if (correlation !== undefined) return text("status.correlation", { r: correlation.toFixed(2), version: from });
      return text("status.tried", { frames });
    };

    let closed = false;
    /** Counts are shown a little later: to make their text at each frame would cost a good part of the frame. */
    let later: NodeJS.Timeout | undefined;
    const showLater = () => {
      if (closed) return;
      later ??= setTimeout(() => {
        later = undefined;
        show();
      }, SHOW_MS).unref();
    };

    const tell = () => context.send([null, { topic: name, payload: inference.statistics } as unknown as Message]);
    const every = settings.statisticsEvery > 0 ? setInterval(tell, settings.statisticsEvery * 1000).unref() : undefined;

    const follower = new ModelFollower(
      store,
      name,
      async (file) => inference.rehearse(await loadModel(file, options)),
      {
        use(model) {
          refused = undefined;
          inference.use(model);
          const { change } = inference;
          if (change) {
            agreementUntil = Date.now() + AGREEMENT_MS;
            node.log(text("log.change", { name, ...inWords(change) }));
            tell();
          }
          show();
        },
        kept() {
          refused = undefined;
          show();
        },
        refused(version, error) {
          refused = version === undefined ? text("status.model") : `v${version}`;
          fail(error);
          show();
        },
        loading(is) {
          loading = is;
          inference.expecting = is;
          show();
        },
      },
    );
    show();
    follower.start().catch(fail);

    const changeModel = async (request: ModelRequest): Promise<void> => {
      if (!settings.messagesChangeModel) {
        throw new EdgeMlError("EDGE_ML_SETTING", { field: "messagesChangeModel", got: "off", expected: "on" });
      }
      await ("use" in request ? store.activate(name, request.use) : store.goBack(name));
    };

    return {
      async input(msg, send) {
        if (msg.stats === true) {
          send([null, withFields(msg, { payload: inference.statistics })]);
          return;
        }
        const request = readModelRequest(msg.model);
        if (request) return changeModel(request);
        try {
          const outcome = await inference.infer(readFrame(msg), msg);
          if (!outcome) return;
          send(withFields(msg, { payload: outcome.result, model: outcome.model }));
        } finally {
          showLater();
        }
      },
      async close() {
        clearTimeout(later);
        clearInterval(every);
        closed = true;
        // The follower waits for a model that is being loaded; frames need not.
        await Promise.all([inference.close(), follower.close()]);
      },
    };
  });
};

const SHOW_MS = 250;
const AGREEMENT_MS = 10_000;

/** Three digits at most: a status is short. */
function milliseconds(ms: number): string {
  return `${ms < 1 ? ms.toFixed(2) : ms.toPrecision(3)} ms`;
}

/** What the log says of a change; a dash for what could not be compared. */
function inWords({ from, to, frames, same, correlation, meanDifference, ms }: Rehearsal): Record<string, string> {
  const number = (value: number | undefined, digits = 3) => (value === undefined ? "–" : value.toPrecision(digits));
  return {
    from,
    to,
    frames: String(frames),
    same: same === undefined ? "–" : `${Math.round(same * 100)} %`,
    correlation: number(correlation),
    difference: number(meanDifference),
    before: number(ms?.from, 2),
    after: number(ms?.to, 2),
  };
}
