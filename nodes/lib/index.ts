/** The machine-learning library: plain TypeScript, no Node-RED, usable alone. */
export * from "./capture/index.js";
export * from "./decide/index.js";
export * from "./detect/index.js";
export * from "./doctor/index.js";
export * from "./drift/index.js";
export * from "./dsp/index.js";
export * from "./errors/index.js";
export * from "./evaluate/index.js";
export * from "./files/index.js";
export * from "./frame/index.js";
export * from "./infer/index.js";
export * from "./learn/index.js";
export * from "./model/index.js";
export * from "./recipe/index.js";
export * from "./replay/index.js";
export * from "./simulate/index.js";
export * from "./sound/index.js";
