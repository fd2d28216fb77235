/** What `npm start` understands. */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Advice } from "../npm-cache.ts";
import { ROOT } from "../project.ts";

export interface StartOptions {
  port: number;
  host: string;
  userDir: string;
  example: string;
  /** The example was asked for by name, not by default. */
  exampleChosen: boolean;
  help: boolean;
}

export const HELP = `Starts Node-RED 5 with the edge ML nodes and an example that runs.

  npm start -- [options]

  --port NUMBER      port of the editor (1880)
  --host ADDRESS     address to listen on (127.0.0.1: this machine only;
                     0.0.0.0: the whole network, and there is no password)
  --user-dir FOLDER  where flows, settings and models are kept (.edge-ml)
  --example NAME     the flow to begin with, from examples/ (hvac-anomaly)
  --help             this text
`;

/** @throws {Advice} an option that is unknown, has no value or a wrong one */
export function readOptions(args: string[], env: NodeJS.ProcessEnv = process.env): StartOptions {
  const swallowed = ["port", "host", "user-dir", "example"].find(
    (name) => `npm_config_${name.replace("-", "_")}` in env,
  );
  if (swallowed !== undefined && !args.some((arg) => arg.startsWith(`--${swallowed}`))) {
    throw new Advice(`npm keeps options for itself that come before two dashes: npm start -- --${swallowed} …`);
  }
  const { values, positionals } = parse(args);
  if (positionals.length > 0) throw new Advice(`"${positionals[0]}" is not an option. ${ASK}`);
  const port = Number(values.port ?? 1880);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Advice(`--port must be a whole number from 1 to 65535, not "${values.port}".`);
  }
  const example = (values.example ?? "hvac-anomaly").replace(/\.json$/, "");
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(example) || example.includes("..")) {
    throw new Advice(`--example must be the name of a file in examples/, not "${values.example}".`);
  }
  return {
    port,
    host: values.host ?? "127.0.0.1",
    userDir: values["user-dir"] === undefined ? join(ROOT, ".edge-ml") : resolve(values["user-dir"]),
    example,
    exampleChosen: values.example !== undefined,
    help: values.help ?? false,
  };
}

const ASK = "npm start -- --help lists the options.";

function parse(args: string[]) {
  const value = { type: "string" } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { port: value, host: value, "user-dir": value, example: value, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const option = /'(-[^' ]*)/.exec(message)?.[1] ?? "an option";
    if (/Unknown option/.test(message)) throw new Advice(`There is no option ${option}. ${ASK}`);
    if (/argument missing|argument is ambiguous/.test(message)) throw new Advice(`${option} needs a value. ${ASK}`);
    throw new Advice(`${message} ${ASK}`);
  }
}
