import type { NodeAPI } from "node-red";
import { defineNode, withFields } from "../glue/index.js";
import { FeatureExtractor } from "../lib/dsp/index.js";
import { compileSettings, type Frame, readFrame } from "../lib/frame/index.js";
import { type FeaturesSettings, schema } from "./config.js";
import { MAX_PREVIEW_LENGTH, servePreview } from "./preview.js";

export = (RED: NodeAPI): void => {
  /** The last good window of each running node, for the dialog; none that is too large to be looked at. */
  const lastWindows = new Map<string, Frame>();
  servePreview(RED, (id) => lastWindows.get(id));
  defineNode(RED, "edge-features", compileSettings<FeaturesSettings>(schema), ({ node, status, text }, settings) => {
    const extractor = new FeatureExtractor(settings.blocks, settings.filters);
    let good = 0;
    let bad = 0;
    return {
      input(msg, send) {
        const window = readFrame(msg);
        const frame = extractor.extract(window);
        if (frame.info.quality.ok) {
          good++;
          if (window.data.length <= MAX_PREVIEW_LENGTH) lastWindows.set(node.id, window);
        } else bad++;
        send(withFields(msg, { payload: frame.data, frame: frame.info }));
        const counts = { features: frame.data.length, windows: good + bad, bad };
        if (frame.info.quality.ok) status.ok(text("status.good", counts));
        else status.warn(text("status.bad", counts));
      },
      close() {
        lastWindows.delete(node.id);
      },
    };
  });
};
