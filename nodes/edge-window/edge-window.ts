import type { NodeAPI } from "node-red";
import { defineNode, type Message } from "../glue/index.js";
import { Windower } from "../lib/dsp/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings, readReading, streamOf } from "../lib/frame/index.js";
import { schema, type WindowSettings } from "./config.js";
import { windowOptions } from "./options.js";

export = (RED: NodeAPI): void => {
  defineNode(RED, "edge-window", compileSettings<WindowSettings>(schema), ({ status }, settings) => {
    const windower = new Windower(windowOptions(settings));
    const { counts } = windower;
    const listed = settings.channels.length > 0;
    status.busy("waiting");

    /** What was left out, the most telling kind first. */
    const trouble = (): string => {
      const kinds: [number, string][] = [
        [counts.bad, "bad"],
        [counts.late + counts.duplicates, "late"],
        [counts.gaps, "gaps"],
        [counts.restarts, "restarts"],
        [windower.evicted, "streams dropped"],
        [listed ? 0 : counts.unknown, "unknown"],
      ];
      const found = kinds.find(([count]) => count > 0);
      return found ? ` · ${found[0]} ${found[1]}` : "";
    };

    const show = (stream: string, good: boolean | undefined, gated: boolean): void => {
      const channels = windower.channels(stream).length;
      const who = windower.streams > 1 ? `${windower.streams} streams` : `${channels} ch`;
      const text = `${who} · ${counts.frames} frames${trouble()}`;
      if (channels === 0) status.warn("no numbers yet");
      else if (gated) status.busy(counts.frames === 0 ? "gate closed" : `gate closed · ${counts.frames} frames`);
      else if (counts.frames === 0) status.busy(`${who} · filling${trouble()}`);
      else if (good === false) status.warn(text);
      else status.ok(text);
    };
    // Texts are made only when there is something new to say: a reading that just goes into its window costs none.
    let news = true;
    let wasGated = false;

    return {
      input(msg, send) {
        if (isReset(msg)) {
          windower.reset(msg.topic === undefined || msg.topic === "" ? undefined : streamOf(msg.topic));
          news = true;
          status.busy("waiting");
          return;
        }
        const reading = readReading(msg, Date.now());
        const { gated, late, duplicates } = counts;
        let good: boolean | undefined;
        try {
          windower.push(reading, ({ data, info }) => {
            good = info.quality.ok && good !== false;
            const out: Message = { payload: data, frame: info };
            if (msg.topic !== undefined) out.topic = msg.topic;
            if (msg._msgid !== undefined) out._msgid = msg._msgid;
            send(out);
          });
        } finally {
          const dropped = counts.late + counts.duplicates > late + duplicates;
          const isGated = counts.gated > gated;
          if (news || dropped || good !== undefined || isGated !== wasGated) {
            show(reading.stream, dropped ? false : good, isGated);
          }
          wasGated = isGated;
          news = windower.channels(reading.stream).length === 0;
        }
      },
    };
  });
};

/** @throws EdgeMlError EDGE_ML_COMMAND */
function isReset({ reset }: Message): boolean {
  if (reset === undefined || reset === null || reset === false) return false;
  if (reset === true) return true;
  throw new EdgeMlError("EDGE_ML_COMMAND", { field: "msg.reset", got: describe(reset), expected: "true" });
}
