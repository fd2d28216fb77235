import { defineConfig } from "vitest/config";

/** Library tests run on the sources; runtime and editor tests run on dist/ in a real Node-RED. */
export default defineConfig({
  test: {
    pool: "forks",
    // Most tests take milliseconds. It tells one that hangs from one that learns on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "library",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.runtime.test.ts", "test/**/*.editor.test.ts"],
        },
      },
      { extends: true, test: { name: "runtime", include: ["test/**/*.runtime.test.ts"] } },
      {
        extends: true,
        test: {
          name: "editor",
          include: ["test/**/*.editor.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
