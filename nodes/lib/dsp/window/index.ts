export type { WindowCounts } from "./counts.js";
export type { ChannelOptions, Gate, WindowOptions } from "./options.js";
export { Windower } from "./windower.js";
