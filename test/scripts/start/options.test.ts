import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readOptions } from "../../../scripts/lib/start/options.ts";
import { ROOT } from "../../support/runtime.ts";

describe("the options of npm start", () => {
  it("have defaults that a newcomer needs nothing beside", () => {
    expect(readOptions([], {})).toEqual({
      port: 1880,
      host: "127.0.0.1",
      userDir: join(ROOT, ".edge-ml"),
      example: "hvac-anomaly",
      exampleChosen: false,
      help: false,
    });
  });

  it("are read", () => {
    const args = ["--port", "1999", "--host=0.0.0.0", "--user-dir", "x/y", "--example", "vibration.json"];
    expect(readOptions(args, {})).toEqual({
      port: 1999,
      host: "0.0.0.0",
      userDir: resolve("x/y"),
      example: "vibration",
      exampleChosen: true,
      help: false,
    });
    expect(readOptions(["-h"], {}).help).toBe(true);
  });

  const wrong: [string, string[], NodeJS.ProcessEnv, RegExp][] = [
    ["an unknown option", ["--potr", "1"], {}, /no option --potr.*--help/],
    ["a word that is no option", ["start"], {}, /"start" is not an option.*--help/],
    ["no value", ["--port"], {}, /--port.* needs a value/],
    ["another option as the value", ["--port", "--help"], {}, /--port.* needs a value/],
    ["a port that is no number", ["--port", "x"], {}, /--port must be .* 65535, not "x"/],
    ["port 0", ["--port", "0"], {}, /--port must be/],
    ["a port too high", ["--port", "65536"], {}, /--port must be/],
    ["a port with a fraction", ["--port", "80.5"], {}, /--port must be/],
    ["an example outside of examples/", ["--example", "../../secret"], {}, /--example must be the name/],
    ["an absolute example", ["--example", "/etc/passwd"], {}, /--example must be the name/],
    ["an option that npm kept for itself", [], { npm_config_port: "1999" }, /npm start -- --port/],
    ["another one", ["1999"], { npm_config_user_dir: "true" }, /npm start -- --user-dir/],
  ];
  it.each(wrong)("say what is wrong: %s", (_, args, env, text) => {
    expect(() => readOptions(args, env)).toThrow(text);
  });
});
