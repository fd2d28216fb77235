export { type RecipeDifference, recipeDifference } from "./difference.js";
export type { FeatureRecipe, FilterRecipe, Recipe, WindowRecipe } from "./recipe.js";
