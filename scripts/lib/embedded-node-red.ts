/**
 * A real Node-RED in this process, without editor and quiet, with our nodes loaded from dist/ the way an installed
 * package is. A process can start it only once.
 */
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ROOT } from "./project.ts";

/** One node of a flow, as Node-RED stores it. */
export interface FlowNode {
  id: string;
  type: string;
  wires?: string[][];
  /** A config node: it gets no coordinates. */
  config?: boolean;
  [setting: string]: unknown;
}

export interface EmbeddedNodeRed {
  /** Node-RED's own API. */
  // biome-ignore lint/suspicious/noExplicitAny: there are no typings for it
  RED: any;
  url: string;
  version: string;
  /** Stops the running flow and starts this one. Coordinates are added. */
  deploy(flow: FlowNode[]): Promise<void>;
  stop(): Promise<void>;
}

/** The line of Node-RED that this Node runs: EDGE_ML_NODE_RED, else 5 from Node 22.9 on, else 4.1. */
export function nodeRedLine(): string {
  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
  return process.env.EDGE_ML_NODE_RED ?? (major > 22 || (major === 22 && minor >= 9) ? "node-red" : "node-red-4");
}

/**
 * @param userDir where flows, models and data are kept
 * @param folders more folders with nodes
 */
export async function embedNodeRed(
  line: string,
  userDir: string,
  folders: string[] = [],
  settings: object = {},
): Promise<EmbeddedNodeRed> {
  const require = createRequire(join(ROOT, "package.json"));
  const RED = require(line);
  const express = createRequire(require.resolve(line))("express");
  const app = express();
  const server: Server = createServer(app);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  RED.init(server, {
    userDir,
    flowFile: "flows.json",
    nodesDir: [ROOT, ...folders],
    httpAdminRoot: "/",
    httpNodeRoot: "/api",
    credentialSecret: "test",
    editorTheme: { tours: false, palette: { catalogues: [] } },
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: "off" } },
    ...settings,
  });
  app.use("/", RED.httpAdmin);
  app.use("/api", RED.httpNode);
  // The (empty) first flow starts after start() resolves.
  const firstFlow = new Promise((done) => RED.events.once("flows:started", done));
  await RED.start();
  await firstFlow;
  return {
    RED,
    url: `http://127.0.0.1:${port}`,
    version: await RED.version(),
    async deploy(flow) {
      // With a type missing Node-RED waits for it, silently and forever.
      const missing = [...new Set(flow.map(({ type }) => type))].filter((type) => !RED.nodes.getType(type));
      if (missing.length > 0) throw new Error(`Node-RED has no ${missing.join(", ")}. ${loadErrors(RED)}`);
      const started = new Promise((done) => RED.events.once("flows:started", done));
      const flows = [
        { id: "tab", type: "tab", label: "flow" },
        // A node without coordinates would be taken for a config node.
        ...flow.map(({ config, ...node }, i) =>
          config ? node : { x: 100, y: 40 * (i + 1), z: "tab", wires: [], ...node },
        ),
      ];
      await RED.runtime.flows.setFlows({ flows: { flows }, deploymentType: "full" });
      await started;
    },
    async stop() {
      await RED.stop();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Why node files did not load. */
// biome-ignore lint/suspicious/noExplicitAny: there are no typings for it
function loadErrors(RED: any): string {
  const failed = RED.nodes.getNodeList(({ err }: { err?: unknown }) => err) as { id: string; err: unknown }[];
  return failed.map(({ id, err }) => `${id}: ${String(err).split("\n")[0]}`).join("; ");
}
