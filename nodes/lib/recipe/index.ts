export { type RecipeDifference, recipeDifference } from "./difference.js";
export type { FeatureRecipe, Recipe, WindowRecipe } from "./recipe.js";
