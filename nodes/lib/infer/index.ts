export { Inference, type InferenceCounts, type InferenceSettings, type Outcome } from "./inference.js";
export { type InterpreterSettings, MAX_CONTRIBUTIONS, UNCERTAIN } from "./interpreter.js";
export { type LoadedModel, type LoadOptions, loadModel, type ModelFile } from "./load-model.js";
export { type FollowerEvents, ModelFollower } from "./model-follower.js";
export { ModelServer, type ModelServerSettings } from "./remote/model-server.js";
export { ServedModel } from "./remote/served-model.js";
export { type LinkEvents, ServerLink } from "./remote/server-link.js";
export type { OutputTensor, Runner, RunOutput } from "./runner.js";
export { checkRuntime } from "./runtime-check.js";
