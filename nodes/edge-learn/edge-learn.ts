import { join } from "node:path";
import type { NodeAPI } from "node-red";
import { defineNode, type NodeContext } from "../glue/index.js";
import { modelOf } from "../glue/models.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings, readFrame } from "../lib/frame/index.js";
import {
  COMMANDS,
  journalBase,
  Learning,
  type LearningCommand,
  type LearningSettings,
  labelList,
  reportOf,
} from "../lib/learn/index.js";
import { type LearnSettings, schema, UNITS } from "./config.js";

const { name, version } = require("../../package.json") as { name: string; version: string };

export = (RED: NodeAPI): void => {
  defineNode(RED, "edge-learn", compileSettings<LearnSettings>(schema), (context, settings) => {
    const { node, send, fail } = context;
    const { name: model, store } = modelOf(RED, settings.model);
    const folder = join(RED.settings.userDir ?? process.cwd(), "edge-ml", "learning");
    const learning = new Learning({
      settings: learningSettings(settings, model),
      base: journalBase(folder, node.id),
      store,
    });
    let broken = false;
    learning.on("change", () => {
      if (learning.phase === "collecting" || learning.phase === "training") broken = false;
      showStatus(context, learning, broken);
    });
    learning.on("problem", (error) => {
      broken = true;
      showStatus(context, learning, broken);
      fail(error);
    });
    learning.on("learned", ({ version, sha256 }, manifest) => {
      send({ topic: model, payload: reportOf({ name: model, version, sha256 }, manifest) });
    });
    let ready = false;
    learning.ready.then(
      () => {
        ready = true;
      },
      (error: unknown) => fail(error),
    );
    return {
      input(msg) {
        if (msg.learn !== undefined) {
          const command = commandOf(msg.learn);
          return learning.command(command).then(() => {
            if (msg.frame !== undefined) learning.add(readFrame(msg));
          });
        }
        const frame = readFrame(msg);
        if (ready) {
          learning.add(frame);
          return undefined;
        }
        // What is on disk comes first.
        return learning.ready.then(() => learning.add(frame));
      },
      close: (removed) => learning.close(removed),
    };
  });
};

function commandOf(value: unknown): LearningCommand {
  const command = COMMANDS.find((each) => each === value);
  if (command === undefined) {
    throw new EdgeMlError("EDGE_ML_COMMAND", {
      field: "msg.learn",
      got: describe(value),
      expected: `one of ${COMMANDS.join(", ")}`,
    });
  }
  return command;
}

function learningSettings(settings: LearnSettings, model: string): LearningSettings {
  return {
    model,
    method: settings.method,
    options: settings.method === "pca" ? { variance: settings.variance / 100 } : { clusters: settings.clusters },
    amount:
      settings.amount === "frames"
        ? { frames: settings.frames }
        : { duration: settings.duration * UNITS[settings.durationUnit] },
    holdOut: settings.holdOut / 100,
    falseAlarmsPerDay: settings.falseAlarms,
    normal: { labels: labelList(settings.labels), unlabelled: settings.unlabelled },
    start: settings.start,
    again: settings.after === "again",
    madeBy: { name, version },
  };
}

function showStatus({ status, text }: NodeContext, learning: Learning, broken: boolean): void {
  const { phase, skipped, version } = learning;
  if (phase === "idle") status.busy(text("status.idle"));
  else if (phase === "training") status.busy(text("status.training", { percent: Math.floor(learning.share * 100) }));
  else if (phase === "learned") status.ok(text("status.learned", { version: version ?? "" }));
  else if (phase === "failed") status.error(text("status.failed"));
  else {
    const { progress } = learning;
    const done =
      "left" in progress ? text("status.left", { time: timeLeft(progress.left) }) : `${progress.frames}/${progress.of}`;
    const parts = [version === undefined ? text("status.learning", { done }) : `v${version} · ${done}`];
    if (skipped.bad > 0) parts.push(text("status.bad", { count: skipped.bad }));
    if (skipped.label > 0) parts.push(text("status.label", { count: skipped.label }));
    if (learning.dropped > 0) parts.push(text("status.thinned", { count: learning.dropped }));
    if (broken || skipped.bad > 0) status.warn(parts.join(", "));
    else status.busy(parts.join(", "));
  }
}

function timeLeft(ms: number): string {
  const [size, unit] = (
    [
      [86_400_000, "d"],
      [3_600_000, "h"],
      [60_000, "min"],
    ] as const
  ).find(([each]) => ms >= 2 * each) ?? [1000, "s"];
  return `${Math.ceil(ms / size)} ${unit}`;
}
