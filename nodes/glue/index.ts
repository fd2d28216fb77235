export { defineNode, type Message, type NodeContext, type NodeLogic, type Send } from "./define-node.js";
export { Status } from "./status.js";
