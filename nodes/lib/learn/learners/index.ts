export type { Fitted, Learner, Prediction } from "./learner.js";
export { chooseLearner, learners } from "./registry.js";
