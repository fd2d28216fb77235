export { type Clip, Clipper } from "./clipper.js";
export type { ClipOptions } from "./options.js";
