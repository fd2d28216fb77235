export { catalogue, type ErrorCode } from "./catalogue.js";
export { describe, EdgeMlError, type ErrorDetails } from "./edge-ml-error.js";
