import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { NodeAPI } from "node-red";
import { defineNode, type Message, type NodeContext, type NodeLogic } from "../glue/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings } from "../lib/frame/index.js";
import { checkZone, DataFolder, type ReplaySource, timeReader } from "../lib/replay/index.js";
import { type ReplaySettings, schema } from "./config.js";
import { FlowPressure } from "./flow-pressure.js";
import { servePreview } from "./preview.js";
import { Session } from "./session.js";
import { soundOptions } from "./sound-options.js";

export = (RED: NodeAPI): void => {
  servePreview(RED, () => dataFolder(RED));
  const readSettings = compileSettings<ReplaySettings>(schema);
  defineNode(RED, "edge-replay", (raw) => checked(readSettings(raw)), replay);
};

/** What the schema cannot say. */
function checked(settings: ReplaySettings): ReplaySettings {
  checkZone(settings.zone);
  if (settings.timeFormat.trim() !== "") timeReader(settings.timeFormat.trim(), settings.zone);
  soundOptions(settings);
  if (settings.begin === "deploy" && settings.file.trim() === "") throw noFile();
  return settings;
}

function noFile(): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field: "file", got: "empty", expected: "the name of a CSV or WAV file" });
}

function replay(context: NodeContext, settings: ReplaySettings): NodeLogic {
  const { RED, node, status, fail } = context;
  let session: Session | undefined;
  let playing: Promise<void> = Promise.resolve();
  /** Commands run one after the other: "start" twice in a row must not play twice. */
  let commands: Promise<void> = Promise.resolve();
  let closed = false;

  const show = (source: ReplaySource) => {
    const share = Math.floor(100 * source.progress);
    const bad = badOf(source);
    const text = `${share} % · ${bad > 0 ? `${count(bad)} bad` : played(source)}`;
    if (session?.paused) status.busy(`paused · ${text}`);
    else if (bad > 0) status.warn(text);
    else status.ok(text);
  };

  const finished = (how: string, source: ReplaySource) => {
    const bad = source.kind === "sound" ? source.counts.unreadable : 0;
    if (bad > 0) status.warn(`${how} · ${played(source)} · ${count(bad)} ${bad === 1 ? "file" : "files"} unreadable`);
    else status.ok(`${how} · ${played(source)}`);
  };

  const stop = async () => {
    session?.stop();
    await playing;
  };

  const start = async (file: string) => {
    if (file.trim() === "") throw noFile();
    await stop();
    // The followers of the flow are hooked in only while a file is played.
    let pressure: FlowPressure | undefined;
    const opened = await Session.open(file.trim(), dataFolder(RED), settings, {
      generateId: () => RED.util.generateId(),
      emit(message) {
        pressure?.sending(message._msgid);
        context.send([message as unknown as Message, null]);
      },
      settled: (signal) => pressure?.settled(signal) ?? Promise.resolve(),
      progress: show,
      end: (payload) => context.send([null, { topic: settings.topic, payload } as unknown as Message]),
    });
    if (closed) return;
    session = opened;
    pressure = new FlowPressure(RED, node.id);
    const run = async () => {
      try {
        const ended = await opened.play();
        if (!closed) finished(ended ? "done" : "stopped", opened.source);
      } catch (error) {
        status.error("stopped by an error");
        fail(error);
      } finally {
        pressure?.close();
        session = undefined;
      }
    };
    playing = run();
  };

  const command = async (payload: unknown) => {
    const action = typeof payload === "string" ? payload.trim().toLowerCase() : fileIn(payload);
    switch (action) {
      case "start":
        return start(settings.file);
      case "stop":
        return stop();
      case "pause":
        session?.pause();
        if (session) show(session.source);
        return;
      case "resume":
        session?.resume();
        if (session) show(session.source);
        return;
      default:
        if (typeof action === "object") return start(action.play);
        throw new EdgeMlError("EDGE_ML_COMMAND", {
          field: "msg.payload",
          got: describe(payload),
          expected: '"start", "stop", "pause", "resume" or {play: "file.csv"}',
        });
    }
  };

  const begin = () => {
    commands = start(settings.file).catch((error: unknown) => {
      status.error("cannot play");
      fail(error);
    });
  };
  // Not before: the nodes behind this one may not be there yet.
  if (settings.begin === "deploy") RED.events.once("flows:started", begin);
  else status.busy("waiting for start");

  return {
    input(msg) {
      const result = commands.then(() => (closed ? undefined : command(msg.payload)));
      commands = result.catch(() => undefined);
      return result;
    },
    async close() {
      closed = true;
      RED.events.removeListener("flows:started", begin);
      await stop();
    },
  };
}

/** The command {play: file}, or undefined. */
function fileIn(payload: unknown): { play: string } | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  try {
    const play: unknown = Object.hasOwn(payload, "play") ? (payload as { play: unknown }).play : undefined;
    return typeof play === "string" ? { play } : undefined;
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_COMMAND", "msg.payload");
  }
}

/** `edgeReplayFolder` of settings.js, or `<userDir>/edge-ml/data`, which is made so that there is a place for files. */
function dataFolder(RED: NodeAPI): DataFolder {
  const { userDir, edgeReplayFolder } = RED.settings as unknown as { userDir?: string; edgeReplayFolder?: unknown };
  const base = userDir ?? process.cwd();
  const configured = typeof edgeReplayFolder === "string" && edgeReplayFolder !== "" ? edgeReplayFolder : undefined;
  const folder = configured === undefined ? join(base, "edge-ml", "data") : resolve(base, configured);
  if (configured === undefined) {
    try {
      mkdirSync(folder, { recursive: true });
    } catch {
      // Reading from it will say what is wrong.
    }
  }
  // Not "data": Node-RED hides a package's examples when a folder without flows sorts before the first of them.
  return new DataFolder(folder, join(__dirname, "..", "..", "examples", "recordings"));
}

/** Rows or files that were not as they should be. */
function badOf({ kind, counts }: ReplaySource): number {
  return kind === "table" ? counts.ragged + counts.untimed : counts.unreadable;
}

/** What was played, in words. */
function played({ kind, counts }: ReplaySource): string {
  if (kind === "table") return `${count(counts.rows)} rows`;
  const seconds = `${count(Math.round(10 * counts.duration) / 10)} s`;
  return counts.files > 1 ? `${seconds} of ${count(counts.files)} files` : seconds;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
