import type { DetectSettings, FalseAlarms } from "../lib/detect/index.js";
import { EdgeMlError } from "../lib/errors/index.js";
import { compileSettings, MAX_CHANNELS } from "../lib/frame/index.js";
import { channelList, type DetectNodeSettings, schema } from "./config.js";

const readSettings = compileSettings<DetectNodeSettings>(schema);

const HOUR = 3_600_000;
const PERIODS = { day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR } as const;
/** What "readings" counts in. */
const READINGS = 1000;

/**
 * What the dialog stored, as the library wants it.
 * @throws EdgeMlError EDGE_ML_SETTING naming the setting
 */
export function detectSettings(raw: object): DetectSettings {
  const { detector, options, channels, falseAlarms, falseAlarmsPer, pause, stuck, forget, streams } = readSettings(raw);
  const names = channelList(channels);
  if (names.length > MAX_CHANNELS) throw setting("channels", `${names.length} names`, `at most ${MAX_CHANNELS}`);
  if (new Set(names).size < names.length) throw setting("channels", "a list with a name twice", "each channel once");
  const span: FalseAlarms["in"] =
    falseAlarmsPer === "readings" ? { readings: READINGS } : { ms: PERIODS[falseAlarmsPer] };
  return {
    detector,
    options,
    channels: names,
    falseAlarms: { count: falseAlarms, in: span },
    pause,
    stuck,
    forget: HOUR * forget,
    streams,
  };
}

function setting(field: string, got: string, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field, got, expected });
}
