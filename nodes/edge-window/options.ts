import type { ChannelOptions, WindowOptions } from "../lib/dsp/index.js";
import { EdgeMlError } from "../lib/errors/index.js";
import { UNIT_MS, type WindowSettings } from "./config.js";

/**
 * What the settings of a node ask of the library.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function windowOptions(settings: WindowSettings): WindowOptions {
  const { by, gateChannel } = settings;
  return {
    by,
    size: by === "samples" ? settings.size : milliseconds(settings.size, settings.sizeUnit, "sizeUnit"),
    hop: by === "samples" ? settings.hop : milliseconds(settings.hop, settings.hopUnit, "hopUnit"),
    channels: settings.channels.map(({ channel, min, max, stuck }): ChannelOptions => {
      const row: ChannelOptions = { channel };
      if (typeof min === "number") row.min = min;
      if (typeof max === "number") row.max = max;
      if (stuck) row.stuck = stuck;
      return row;
    }),
    gap: { policy: settings.gap, limit: settings.holdLimit },
    gapLimit: settings.gapLimit * 1000,
    maxStreams: settings.maxStreams,
    ...(gateChannel === ""
      ? {}
      : {
          gate: {
            channel: gateChannel,
            is: settings.gateIs,
            value: settings.gateValue,
            settle: settings.gateSettle,
          },
        }),
  };
}

function milliseconds(value: number, unit: WindowSettings["sizeUnit"], field: string): number {
  if (unit === "samples") {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field,
      got: '"samples"',
      expected: "ms, s, min or h while windows are by time",
    });
  }
  return value * UNIT_MS[unit];
}
