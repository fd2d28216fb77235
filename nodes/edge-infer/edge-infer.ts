import type { NodeAPI } from "node-red";
import { withBundled } from "../glue/bundled.js";
import { defineNode, type Message, type NodeContext, type NodeLogic, type Send, withFields } from "../glue/index.js";
import { modelOf, runnersOf } from "../glue/models.js";
import { EdgeMlError } from "../lib/errors/index.js";
import { compileSettings, readFrame } from "../lib/frame/index.js";
import {
  driftOf,
  Ensemble,
  Inference,
  type InferenceStatistics,
  type LoadOptions,
  loadModel,
  ModelAges,
  type ModelFile,
  ModelFollower,
  type ModelRequest,
  type Rehearsal,
  readModelRequest,
  ServedModel,
} from "../lib/infer/index.js";
import type { Recipe } from "../lib/recipe/index.js";
import { sendBackground } from "./background.js";
import { type InferSettings, schema } from "./config.js";
import { loadOptions } from "./load-options.js";
import { serverLink } from "./server.js";

export = (RED: NodeAPI): void => {
  const readSettings = compileSettings<InferSettings>(schema);
  const create = (context: NodeContext, settings: InferSettings): NodeLogic => {
    const { node, status, fail, text, credentials } = context;
    /** A server's model may stand alone: then nothing is known of it but what the server says. */
    const alone = settings.runs === "server" && settings.model === "" && !settings.serverFallback;
    if (alone && settings.embedding) {
      throw new EdgeMlError("EDGE_ML_SETTING", { field: "embedding", got: "on", expected: "off without a model here" });
    }
    const known = alone ? undefined : modelOf(RED, settings.model);
    const name = known?.name ?? settings.serverModel;
    const options: LoadOptions = loadOptions(settings);
    if (known) options.shared = runnersOf(known.store);
    const inference = new Inference({ limit: settings.queueLimit, policy: settings.queuePolicy });
    let loading = true;
    /** The server is away. */
    let lost = false;
    /** The version that was refused last; undefined while all is well. */
    let refused: string | undefined;
    /** Of the model in use, since it took over. */
    let drift: ReturnType<typeof driftOf>;
    /** Until when the status shows how far the new version agrees with the one before. */
    let agreementUntil = 0;

    const show = () => {
      const { model, counts, change, waiting } = inference;
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
      const { version } = model.reference;
      const older = model instanceof Ensemble ? model.versions.length - 1 : 0;
      const shown = older > 0 ? text("status.older", { version, count: older }) : `v${version}`;
      const parts = [...(version === "" ? [] : [shown]), counts.scored];
      const head = [...parts, ...(model.wasm ? [text("status.wasm")] : [])].join(" · ");
      const worst = drift?.report()?.features[0];
      const drifting = worst?.level === "strong" ? worst.name : undefined;
      if (refused !== undefined) status.warn(`${head}, ${text("status.refused", { version: refused })}`);
      else if (lost && !settings.serverFallback) status.error(`${head}, ${text("status.serverDown")}`);
      else if (lost) status.warn(`${head}, ${text("status.runsHere")}`);
      else if (counts.dropped > 0) status.warn(`${head}, ${text("status.dropped", { count: counts.dropped })}`);
      else if (counts.failed > 0) status.warn(`${head}, ${text("status.failed", { count: counts.failed })}`);
      else if (counts.bad > 0) status.warn(`${head}, ${text("status.bad", { count: counts.bad })}`);
      else if (drifting) status.warn(`${head}, ${text("status.drift", { feature: drifting })}`);
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

    const statistics = (): InferenceStatistics => {
      const { model } = inference;
      const told = drift?.report();
      return {
        ...inference.statistics,
        ...(model instanceof Ensemble ? { agreement: { versions: model.versions, needed: model.needed } } : {}),
        ...(told ? { drift: told } : {}),
      };
    };
    const tell = () => context.send([null, { topic: name, payload: statistics() } as unknown as Message]);
    const every = settings.statisticsEvery > 0 ? setInterval(tell, settings.statisticsEvery * 1000).unref() : undefined;

    const link = serverLink(settings, credentials.serverToken, {
      up() {
        lost = false;
        // What the server has may be another model now.
        if (alone) inference.use(new ServedModel(link!, { name }, options));
        if (inference.model instanceof ServedModel) void inference.model.tryBatches();
        show();
      },
      down(error, told) {
        lost = true;
        if (!told) fail(error);
        show();
      },
    });
    // A server has one version.
    const { agree: versions, agreeLeast: atLeast } = settings;
    const ages =
      known && !link && versions > 1
        ? new ModelAges({ ...known, versions, atLeast, load: (file) => loadModel(file, options), problem: fail })
        : undefined;
    const load = async (file: ModelFile) => {
      const local = link && !settings.serverFallback ? undefined : await loadModel(file, options);
      const next = link ? new ServedModel(link, { name, file, ...(local ? { local } : {}) }, options) : local!;
      return inference.rehearse(ages ? await ages.around(next, file.bytes.length) : next);
    };
    const follower =
      known &&
      new ModelFollower(known.store, name, load, {
        use(model) {
          refused = undefined;
          inference.use(model);
          drift = driftOf(model);
          if (model instanceof ServedModel && link?.isUp) void model.tryBatches();
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
      });
    show();
    const connected = link?.start();
    // The edge-model tells what is wrong with a bundled one.
    const started = known && follower?.start(withBundled(known.store, name)).catch(fail);
    if (!started) {
      inference.expecting = true;
      void connected?.then(() => {
        loading = false;
        inference.expecting = false;
        show();
      });
    }

    const changeModel = async (request: ModelRequest): Promise<void> => {
      if (!settings.messagesChangeModel) {
        throw new EdgeMlError("EDGE_ML_SETTING", { field: "messagesChangeModel", got: "off", expected: "on" });
      }
      const { store } = modelOf(RED, settings.model);
      await ("use" in request ? store.activate(name, request.use) : store.goBack(name));
    };

    /** Of the frame that came last. */
    let recipe: Recipe | undefined;
    let sending: Promise<void> = Promise.resolve();
    const background = (send: Send): Promise<void> => {
      if (!known || !settings.embedding) {
        throw new EdgeMlError("EDGE_ML_SETTING", { field: "embedding", got: "off", expected: "on" });
      }
      // One after the other, and not before the model had its chance to be there.
      const next = Promise.all([started, sending.catch(() => undefined)]).then(() =>
        sendBackground(known.store, name, inference.model, recipe, send, () => closed),
      );
      sending = next;
      return next;
    };

    return {
      input(msg, send) {
        if (msg.background === true) return background(send);
        if (msg.stats === true) {
          send([null, withFields(msg, { payload: statistics() })]);
          return;
        }
        const request = readModelRequest(msg.model);
        if (request) return changeModel(request);
        const frame = readFrame(msg);
        return inference.infer(frame, msg).then(
          (outcome) => {
            showLater();
            if (!outcome) return;
            const { result, model, embedding } = outcome;
            if (!("score" in result) || result.score !== null) {
              drift?.add(frame);
              recipe = frame.info.recipe;
            }
            const passed = embedding && { ...msg, payload: embedding.data, frame: embedding.info, model: { ...model } };
            send(withFields(msg, { payload: result, model }));
            // By itself: of several that are sent at once, Node-RED copies all but the first.
            if (passed) send([null, null, passed]);
          },
          (error) => {
            showLater();
            throw error;
          },
        );
      },
      async close() {
        clearTimeout(later);
        clearInterval(every);
        closed = true;
        // The follower waits for a model that is being loaded; frames need not.
        await Promise.all([inference.close(), follower?.close()]);
        ages?.close();
        link?.close();
      },
    };
  };
  defineNode(RED, "edge-infer", readSettings, create, { credentials: { serverToken: { type: "password" } } });
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
