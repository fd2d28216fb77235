import type { NodeAPI } from "node-red";
import { defineNode, type NodeContext, type NodeLogic, withFields } from "../glue/index.js";
import { modelOf } from "../glue/models.js";
import { compileSettings, readFrame } from "../lib/frame/index.js";
import {
  Inference,
  type LoadOptions,
  loadModel,
  type ModelFile,
  ModelFollower,
  ServedModel,
} from "../lib/infer/index.js";
import { type InferSettings, schema } from "./config.js";
import { serverLink } from "./server.js";

export = (RED: NodeAPI): void => {
  const readSettings = compileSettings<InferSettings>(schema);
  const create = ({ status, fail, text, credentials }: NodeContext, settings: InferSettings): NodeLogic => {
    /** A server's model may stand alone: then nothing is known of it but what the server says. */
    const alone = settings.runs === "server" && settings.model === "" && !settings.serverFallback;
    const known = alone ? undefined : modelOf(RED, settings.model);
    const inference = new Inference({ limit: settings.queueLimit, policy: settings.queuePolicy });
    let loading = true;
    /** The server is away. */
    let lost = false;
    /** The version that was refused last; undefined while all is well. */
    let refused: string | undefined;

    const show = () => {
      const { model, counts, averageMs } = inference;
      if (!model) {
        if (refused !== undefined) status.error(text("status.refused", { version: refused }));
        else if (alone && lost) status.error(text("status.serverDown"));
        else if (loading) status.busy(text("status.loading"));
        else
          status.busy(
            counts.unserved > 0 ? text("status.waitingCount", { count: counts.unserved }) : text("status.waiting"),
          );
        return;
      }
      const version = model.reference.version === "" ? [] : [`v${model.reference.version}`];
      const head = [...version, counts.scored, ...(model.wasm ? [text("status.wasm")] : [])].join(" · ");
      if (refused !== undefined) status.warn(`${head}, ${text("status.refused", { version: refused })}`);
      else if (lost && !settings.serverFallback) status.error(`${head}, ${text("status.serverDown")}`);
      else if (lost) status.warn(`${head}, ${text("status.runsHere")}`);
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

    const options: LoadOptions = { uncertainBelow: settings.uncertainBelow, contributions: settings.contributions };
    if (settings.thresholdFrom === "own" && settings.threshold !== undefined) options.threshold = settings.threshold;
    const link = serverLink(settings, credentials.serverToken, {
      up() {
        lost = false;
        // What the server has may be another model now.
        if (alone) inference.use(new ServedModel(link!, { name: settings.serverModel }, options));
        show();
      },
      down(error, told) {
        lost = true;
        if (!told) fail(error);
        show();
      },
    });
    const load = async (file: ModelFile) => {
      if (!link) return loadModel(file, options);
      if (!settings.serverFallback) return new ServedModel(link, { name: file.name, file }, options);
      return new ServedModel(link, { name: file.name, file, local: await loadModel(file, options) }, options);
    };
    const follower =
      known &&
      new ModelFollower(known.store, known.name, load, {
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
    const connected = link?.start();
    if (follower) follower.start().catch(fail);
    else {
      inference.expecting = true;
      void connected?.then(() => {
        loading = false;
        inference.expecting = false;
        show();
      });
    }

    return {
      async input(msg, send) {
        try {
          const outcome = await inference.infer(readFrame(msg));
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
        await Promise.all([inference.close(), follower?.close()]);
        link?.close();
      },
    };
  };
  defineNode(RED, "edge-infer", readSettings, create, { credentials: { serverToken: { type: "password" } } });
};

const SHOW_MS = 250;

/** Three digits at most: a status is short. */
function milliseconds(ms: number): string {
  return `${ms < 1 ? ms.toFixed(2) : ms.toPrecision(3)} ms`;
}
