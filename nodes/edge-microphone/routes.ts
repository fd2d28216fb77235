import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import {
  type CaptureDevices,
  type CapturedChunk,
  type CaptureState,
  listDevices,
  type SoundLevel,
} from "../lib/capture/index.js";
import { EdgeMlError } from "../lib/errors/index.js";

/** A microphone that is deployed; other parts of the dialog listen to it. */
export interface RunningMicrophone {
  readonly state: CaptureState;
  /** Undefined while nothing is heard. */
  readonly level: SoundLevel | undefined;
  /**
   * Hands every chunk to somebody else, too, beside the flow.
   * @returns ends that
   */
  listen(take: (chunk: CapturedChunk) => void): () => void;
}

/** What the dialog shows of a node; levels are null when there is no sound at all. */
export interface MicrophoneView {
  state: CaptureState["kind"] | "undeployed";
  rms?: number | null;
  peak?: number | null;
  clipped?: number;
  silentFor?: number;
  /** Why there is no sound. */
  problem?: string;
}

/** The dialog's routes: which devices there are, and what a running node hears. Each needs the permission. */
export function serveMicrophones(RED: NodeAPI, find: (node: string) => RunningMicrophone | undefined): void {
  const mayRead = RED.auth.needsPermission("edge-microphone.read");
  RED.httpAdmin.get("/edge-ml/microphone/devices", mayRead, (_request: Request, response: Response) => {
    listDevices().then(
      (found: CaptureDevices) => response.json(found),
      (error: unknown) => response.status(500).json({ message: EdgeMlError.from(error).message }),
    );
  });
  RED.httpAdmin.get("/edge-ml/microphone/:node/level", mayRead, (request: Request, response: Response) => {
    response.json(viewOf(find(String(request.params.node))));
  });
}

function viewOf(microphone: RunningMicrophone | undefined): MicrophoneView {
  // No error: a node that was just dragged in is opened before it runs.
  if (microphone === undefined) return { state: "undeployed" };
  const { state, level } = microphone;
  const view: MicrophoneView = { state: state.kind };
  if (state.kind === "waiting") view.problem = state.fault.message;
  if (state.kind !== "listening" || level === undefined) return view;
  const { rms, peak, clipped, silentFor } = level;
  return { ...view, rms: finite(rms), peak: finite(peak), clipped, silentFor };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
