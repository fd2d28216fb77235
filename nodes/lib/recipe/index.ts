export { type RecipeDifference, recipeDifference } from "./difference.js";
export { placeOf } from "./place.js";
export type { EmbeddingRecipe, FeatureRecipe, FilterRecipe, Recipe, WindowRecipe } from "./recipe.js";
