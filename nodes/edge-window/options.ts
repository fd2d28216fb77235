import type { ChannelOptions, WindowOptions } from "../lib/dsp/index.js";
import { EdgeMlError } from "../lib/errors/index.js";
import { UNIT_MS, type WindowSettings } from "./config.js";

/**
 * What the settings of a node ask of the library.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function windowOptions(settings: WindowSettings): WindowOptions {
  const { by, gateChannel, trigger, align, rate, alignLimit } = settings;
  const length = (value: number, unit: WindowSettings["sizeUnit"], field: string) =>
    by === "samples" ? value : milliseconds(value, unit, field);
  return {
    by,
    size: length(settings.size, settings.sizeUnit, "sizeUnit"),
    hop: length(settings.hop, settings.hopUnit, "hopUnit"),
    channels: settings.channels.map(({ channel, min, max, stuck }): ChannelOptions => {
      const row: ChannelOptions = { channel };
      if (typeof min === "number") row.min = min;
      if (typeof max === "number") row.max = max;
      if (stuck) row.stuck = stuck;
      return row;
    }),
    gap: { policy: settings.gap, limit: settings.holdLimit },
    gapLimit: settings.gapLimit * 1000,
    label: { by: settings.labelBy, share: settings.labelShare / 100 },
    tolerance: settings.tolerance,
    maxStreams: settings.maxStreams,
    idle: settings.idle * 1000,
    ...(settings.sound
      ? {
          sound: { margin: settings.soundMargin, level: settings.soundLevel, hold: settings.soundHold * 1000 },
        }
      : {}),
    ...(rate === 0 ? {} : { resample: { rate, limit: alignLimit } }),
    ...(align === "off" ? {} : { align: { method: align, clock: settings.alignClock, limit: alignLimit } }),
    ...(trigger === "off"
      ? {}
      : {
          trigger: {
            when: trigger,
            channel: settings.triggerChannel,
            value: settings.triggerValue,
            high: settings.triggerHigh,
            preRoll: length(settings.preRoll, settings.preRollUnit, "preRollUnit"),
          },
        }),
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
