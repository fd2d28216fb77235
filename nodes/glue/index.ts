export { defineNode, type Message, type NodeContext, type NodeLogic, type Send } from "./define-node.js";
export { type ModelNode, modelOf, modelStore } from "./models.js";
export { statePath } from "./state-path.js";
export { Status } from "./status.js";
export { withFields } from "./with-fields.js";
