import { describe, it } from "vitest";
import { Envelope } from "../../../../nodes/lib/dsp/math/hilbert.ts";
import { butterworth } from "../../../../nodes/lib/dsp/math/iir-design.ts";
import { sectionGain } from "../../../../nodes/lib/dsp/math/section-gain.ts";
import { expectClose } from "../../../support/blocks.ts";
import { golden } from "../blocks/vibration-golden.ts";

describe("Envelope", () => {
  it.each(golden.envelopes)(
    "agrees with scipy.signal.hilbert and butter: $name",
    ({ signal, order, from, to, envelope }) => {
      const { rate, data } = golden.signals[signal]!;
      const sections =
        from && to
          ? butterworth(order, "band", [from, to], rate)
          : from || to
            ? butterworth(order, from ? "high" : "low", from || to, rate)
            : undefined;
      const gain = sections && ((frequency: number) => sectionGain(sections, frequency));
      const mean = data.reduce((a, b) => a + b) / data.length;
      const x = Float64Array.from(data, (value) => value - mean);
      const out = new Float64Array(data.length);
      new Envelope(data.length, gain).compute(x, out);
      // All in float64; a gain of near 0 is a difference.
      expectClose([...out], envelope, 1e-8, 1e-11 * Math.max(...data));
    },
  );

  it("of a modulated carrier is its modulation; in place, too", () => {
    const modulation = Float64Array.from({ length: 512 }, (_, i) => 2 + Math.cos((2 * Math.PI * 8 * i) / 512));
    const x = modulation.map((value, i) => value * Math.cos((2 * Math.PI * 100 * i) / 512 + 1));
    new Envelope(512).compute(x, x);
    expectClose([...x], [...modulation], 1e-12, 0);
  });
});
