import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Signal {
  rate: number;
  data: number[];
}
type Named<T> = { name: string; signal: string } & T;
interface Golden {
  signals: Record<string, Signal>;
  spectra: Named<{
    options: object;
    amplitude: number[];
    RMS: number[];
    "power density": number[];
    "maximum density": number[];
    shape: number[];
    "amplitude shape": number[];
  }>[];
  envelopes: Named<{ order: number; from: number; to: number; envelope: number[]; lines: number[] }>[];
  fits: Named<{ taper: string; frequency: number; amplitude: number; phase: number }>[];
  crests: Named<{ removeMean: boolean; values: number[] }>[];
}

const PATH = join(import.meta.dirname, "../../../golden/blocks/vibration.json");
/** See make_vibration.py. */
export const golden = JSON.parse(readFileSync(PATH, "utf8")) as Golden;
