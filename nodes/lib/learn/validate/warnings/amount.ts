/** How much there was to learn from, and how it was parted. */
import { MAX_STREAMS_LISTED } from "../../training/request.js";
import type { Check } from "./check.js";

export const tooFew: Check = ({ all, wantedRows }) =>
  all.rows >= wantedRows
    ? undefined
    : `It learned from ${all.rows} frames of ${all.columns} features; ${wantedRows} or more would make it steadier.`;

export const noGap: Check = ({ noGap }) =>
  noGap
    ? "The frames overlap so far in time that those held out share readings with those it learned from: the test is milder than it should be."
    : undefined;

export const notByStream: Check = ({ by, wishedBy, streams }) => {
  if (by === wishedBy) return undefined;
  const why = streams < 2 ? "there is only one" : "a class would have been missing from those that stay";
  return `No stream could be held out, since ${why}: the newest frames were held out instead, and how well it does on a new stream is not known.`;
};

export const thinned: Check = ({ stride }) =>
  stride > 1
    ? `There were more frames than fit: of those that come most often it learned from one in ${stride}.`
    : undefined;

export const manyStreams: Check = ({ streams }) =>
  streams > MAX_STREAMS_LISTED
    ? `It learned from ${streams} streams; the first ${MAX_STREAMS_LISTED} are listed.`
    : undefined;
