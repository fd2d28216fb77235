/** The folder that Node-RED works in: filled at the first start, the user's own from then on. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Advice } from "../npm-cache.ts";
import { ROOT } from "../project.ts";

/** What is in the user directory after seeding. */
export interface Seeded {
  settingsFile: string;
  flowFile: string;
  /** The flow is the example as it was made, not one that was changed since or another. */
  isExample: boolean;
  /** What the flow's first tab says of itself. */
  title: string;
  info: string;
  /** Settings that the settings file does not make, as "name=value" for Node-RED's --define. */
  defines: string[];
  /** The settings ask for a password. */
  hasPassword: boolean;
}

/** The examples by name: paths under examples/ without .json. */
export function exampleNames(root: string = ROOT): string[] {
  const folder = join(root, "examples");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => Array.isArray(readJson(join(folder, file))))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/**
 * Writes what is missing in a user directory, and nothing else: a flow or settings that are there stay as they are.
 * @throws {Advice} there is no such example, or the folder cannot be written
 */
export function seedUserDir(userDir: string, example: string, root: string = ROOT): Seeded {
  const source = join(root, "examples", `${example}.json`);
  const settingsFile = join(userDir, "settings.js");
  const flowFile = join(userDir, flowFileOf(settingsFile));
  const flows = existsSync(source) ? readJson(source) : undefined;
  if (!Array.isArray(flows) && !existsSync(flowFile)) {
    const names = exampleNames(root);
    throw new Advice(`There is no example "${example}". ${names.length > 0 ? `There are: ${names.join(", ")}.` : ""}`);
  }
  try {
    mkdirSync(userDir, { recursive: true });
    if (!existsSync(settingsFile)) writeFileSync(settingsFile, settings(root), { mode: 0o600 });
    if (!existsSync(flowFile)) writeFileSync(flowFile, readFileSync(source, "utf8"));
  } catch (error) {
    throw new Advice(`The user directory ${userDir} cannot be written: ${(error as Error).message}`);
  }
  const running = readJson(flowFile);
  const tab = Array.isArray(running) ? running.find((node) => node?.type === "tab" && !node.disabled) : undefined;
  const code = codeOf(settingsFile);
  return {
    settingsFile,
    flowFile,
    isExample: flows !== undefined && isDeepStrictEqual(running, flows),
    title: String(tab?.label ?? ""),
    info: String(tab?.info ?? ""),
    // Settings of another origin, or of before the project was moved, do not name this folder.
    defines: code.includes(JSON.stringify(root)) ? [] : [`nodesDir=${JSON.stringify([root])}`],
    hasPassword: /[{,\s]adminAuth\s*:/.test(code),
  };
}

/** The name of the flow file, when settings say one. */
function flowFileOf(settingsFile: string): string {
  if (!existsSync(settingsFile)) return "flows.json";
  return /[{,\s]flowFile\s*:\s*["']([^"']+)["']/.exec(codeOf(settingsFile))?.[1] ?? "flows.json";
}

/** A settings file without its comments. It is read, not run: it may be made for another Node. */
function codeOf(settingsFile: string): string {
  return readFileSync(settingsFile, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

function readJson(file: string): { type?: string; disabled?: boolean; label?: string; info?: string }[] | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** A path as a person would type it. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}

function settings(root: string): string {
  return `// Node-RED's settings for this folder. Made by \`npm start\` the first time, and yours from then on.
// All settings: https://nodered.org/docs/user-guide/runtime/configuration
module.exports = {
  flowFile: "flows.json",
  flowFilePretty: true,

  // Encrypts passwords and keys that nodes store. Without it they cannot be read any more.
  credentialSecret: ${JSON.stringify(randomBytes(24).toString("hex"))},

  // Where the edge ML nodes are loaded from.
  nodesDir: [${JSON.stringify(root)}],

  // A password for the editor. Make the hash with: npx node-red admin hash-pw
  // adminAuth: {
  //   type: "credentials",
  //   users: [{ username: "admin", password: "$2y$08$…", permissions: "*" }],
  // },

  // Nothing is sent anywhere.
  telemetry: { enabled: false, updateNotification: false },

  editorTheme: {
    page: { title: "Edge ML" },
    header: { title: "Edge ML" },
    tours: false,
  },

  diagnostics: { enabled: true, ui: true },
  runtimeState: { enabled: false, ui: false },
  logging: { console: { level: "info", metrics: false, audit: false } },
  exportGlobalContextKeys: false,
};
`;
}
