/** The most particular first. */
const PLACES: readonly [field: RegExp, place: string][] = [
  [/^window\.(by|size)\b/, "the length of the window in edge-window"],
  [/^window\.rate\b/, "the rate of the sensor, or the rate to resample to in edge-window"],
  [/^window\.resample\b/, "the rate to resample to in edge-window"],
  [/^window\.channels\b/, "the channels and their order in edge-window"],
  [/^window\.(gap|gapLimit)\b/, "what edge-window does at gaps"],
  [/^window\.limits\b/, "the limits of the channels in edge-window"],
  [/^window\.gate\b/, "the gate in edge-window"],
  [/^window\.align\b/, "how edge-window joins topics"],
  [/^window\.trigger\b/, "the events that start a window in edge-window"],
  [/^window\b/, "the edge-window in front of the model"],
  [/^filters\b/, "the filters and their order in edge-features"],
  [/^features\.\d+\.version$/, "the version of the package: a block's numbers have changed, so learn again"],
  [/^features\.\d+\.options\b/, "the options of the block in edge-features"],
  [/^features\b/, "the blocks and their order in edge-features"],
  [
    /^embedding\.sha256$/,
    "the model of the edge-infer that gives the embedding: it is another version now, so roll it back, or learn again",
  ],
  [/^embedding\b/, "the edge-infer in front that gives the embedding, and its model"],
  [/^msg\.frame\.names\b/, "the channels in edge-window or the blocks in edge-features, and their order"],
  [/^msg\./, "the length and channels in edge-window, or the blocks in edge-features"],
];

/** Where a person sets what a field of a recipe or a frame says, in words: "the length of the window in edge-window". */
export function placeOf(field: string): string {
  return PLACES.find(([pattern]) => pattern.test(field))?.[1] ?? "the nodes in front of the model";
}
