import type { NodeAPI } from "node-red";
import { defineNode, withFields } from "../glue/index.js";
import { FeatureExtractor } from "../lib/dsp/index.js";
import { compileSettings, readFrame } from "../lib/frame/index.js";
import { type FeaturesSettings, schema } from "./config.js";

export = (RED: NodeAPI): void => {
  defineNode(RED, "edge-features", compileSettings<FeaturesSettings>(schema), ({ status }, settings) => {
    const extractor = new FeatureExtractor(settings.blocks, settings.filters);
    let good = 0;
    let bad = 0;
    return {
      input(msg, send) {
        const frame = extractor.extract(readFrame(msg));
        if (frame.info.quality.ok) good++;
        else bad++;
        send(withFields(msg, { payload: frame.data, frame: frame.info }));
        const count = `${frame.data.length} × ${good + bad}`;
        if (frame.info.quality.ok) status.ok(count);
        else status.warn(`${count}, ${bad} bad`);
      },
    };
  });
};
