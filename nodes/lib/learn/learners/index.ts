export type {
  AnomalyLearner,
  ClassLearner,
  ClassTarget,
  FitContext,
  FittedAnomaly,
  FittedClassifier,
  FittedModel,
  FittedRegressor,
  Learner,
  LearnerDescription,
  LearnTask,
  Prediction,
  ValueLearner,
  ValueTarget,
} from "./learner.js";
export { chooseLearner, learners } from "./registry.js";
