export { examine } from "./checks.js";
export type { Facts } from "./facts.js";
export type { Finding } from "./finding.js";
export { gatherFacts } from "./gather.js";
export { reportText } from "./report.js";
