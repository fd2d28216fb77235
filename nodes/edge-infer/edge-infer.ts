import type { NodeAPI } from "node-red";
import { defineNode, withFields } from "../glue/index.js";
import { modelOf } from "../glue/models.js";
import { compileSettings, readFrame } from "../lib/frame/index.js";
import { Inference, loadModel, ModelFollower } from "../lib/infer/index.js";
import { type InferSettings, schema } from "./config.js";
import { loadOptions } from "./load-options.js";

export = (RED: NodeAPI): void => {
  defineNode(RED, "edge-infer", compileSettings<InferSettings>(schema), ({ status, fail, text }, settings) => {
    const options = loadOptions(settings);
    const { name, store } = modelOf(RED, settings.model);
    const inference = new Inference({ limit: settings.queueLimit, policy: settings.queuePolicy });
    let loading = true;
    /** The version that was refused last; undefined while all is well. */
    let refused: string | undefined;

    const show = () => {
      const { model, counts, averageMs } = inference;
      if (!model) {
        if (refused !== undefined) status.error(text("status.refused", { version: refused }));
        else if (loading) status.busy(text("status.loading"));
        else
          status.busy(
            counts.unserved > 0 ? text("status.waitingCount", { count: counts.unserved }) : text("status.waiting"),
          );
        return;
      }
      const head = `v${model.reference.version} · ${counts.scored}`;
      if (refused !== undefined) status.warn(`${head}, ${text("status.refused", { version: refused })}`);
      else if (counts.dropped > 0) status.warn(`${head}, ${text("status.dropped", { count: counts.dropped })}`);
      else if (counts.failed > 0) status.warn(`${head}, ${text("status.failed", { count: counts.failed })}`);
      else if (counts.bad > 0) status.warn(`${head}, ${text("status.bad", { count: counts.bad })}`);
      else status.ok(counts.scored > 0 ? `${head} · ${milliseconds(averageMs)}` : head);
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

    const follower = new ModelFollower(store, name, (file) => loadModel(file, options), {
      use(model) {
        refused = undefined;
        inference.use(model);
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
    });
    show();
    follower.start().catch(fail);

    return {
      async input(msg, send) {
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
        closed = true;
        // The follower waits for a model that is being loaded; frames need not.
        await Promise.all([inference.close(), follower.close()]);
      },
    };
  });
};

const SHOW_MS = 250;

/** Three digits at most: a status is short. */
function milliseconds(ms: number): string {
  return `${ms < 1 ? ms.toFixed(2) : ms.toPrecision(3)} ms`;
}
