export { describeModel } from "./describe-model.js";
export type { ModelDescription, PortDescription, TrainingDescription } from "./description.js";
