import { describe, expect, it } from "vitest";
import { ExampleRecording, LEAD, SPEAK } from "../../../nodes/lib/capture/example-recording.ts";
import { encodePcm16 } from "../../../nodes/lib/sound/index.ts";

const RATE = 16_000;
const CHUNK = 800;
const WINDOW = 1.215;

/** A tone between two times, a little noise around it: a "word". */
function spoken(from: number, to: number, channels = 1): Float32Array {
  return Float32Array.from({ length: (LEAD + SPEAK) * RATE * channels }, (_, i) => {
    const time = Math.floor(i / channels) / RATE;
    const room = 0.0005 * Math.sin(i * 12.9898) * Math.cos(i * 4.1414);
    return time >= from && time < to ? 0.3 * Math.sin(2 * Math.PI * 440 * time) : room;
  });
}

function recorded(samples: Float32Array, channels = 1): ExampleRecording {
  const recording = new ExampleRecording();
  for (let at = 0; at < samples.length; at += CHUNK * channels) {
    const pcm = encodePcm16(samples.subarray(at, at + CHUNK * channels));
    const timestamp = 1_000_000 + (1000 * at) / channels / RATE;
    expect(recording.add({ pcm, rate: RATE, channels, timestamp })).toBe(true);
  }
  return recording;
}

describe("ExampleRecording", () => {
  it("cuts a word so that eight windows 50 ms apart hold all of it and end just behind it", () => {
    const example = recorded(spoken(1.8, 2.4)).example("id", "marvin", WINDOW);
    const samples = example.pcm.length / 2;
    expect(1 + Math.floor((samples - WINDOW * RATE) / CHUNK)).toBe(8);
    // The word ends 50 ms before the first window does, to the step of 10 ms in which it is looked for.
    const wordEnd = (2.4 - (example.timestamp - 1_000_000) / 1000) * RATE;
    expect(WINDOW * RATE - wordEnd).toBeGreaterThanOrEqual(0.03 * RATE);
    expect(WINDOW * RATE - wordEnd).toBeLessThanOrEqual(0.07 * RATE);
    expect(example).toMatchObject({ id: "id", label: "marvin", rate: RATE, channels: 1 });
    // It is what was recorded, sample by sample.
    const from = Math.round(((example.timestamp - 1_000_000) / 1000) * RATE);
    const own = encodePcm16(spoken(1.8, 2.4)).subarray(2 * from, 2 * from + example.pcm.length);
    expect(example.pcm.equals(own)).toBe(true);
  });

  it("keeps the channels of the microphone", () => {
    const example = recorded(spoken(1.8, 2.4, 2), 2).example("id", "marvin", WINDOW);
    expect(example.channels).toBe(2);
    expect(example.pcm.length).toBe(recorded(spoken(1.8, 2.4)).example("id", "marvin", WINDOW).pcm.length * 2);
  });

  it.each(["none", "None"])("keeps all of what is %s, also silence", (label) => {
    const { pcm } = recorded(new Float32Array((LEAD + SPEAK) * RATE)).example("id", label, WINDOW);
    expect(pcm.length / 2 / RATE).toBeCloseTo(LEAD + SPEAK, 6);
  });

  it.each<[string, Float32Array, string]>([
    ["silence", new Float32Array((LEAD + SPEAK) * RATE), "nothing was heard"],
    ["a word that goes on to the end", spoken(2.8, 3.3), "had not ended"],
    ["a word that ends too late for the windows behind it", spoken(2.5, 3.1), "had not ended"],
    ["a word that is longer than a window", spoken(1.3, 2.8), "longer than the window"],
    ["a word that was spoken too early", spoken(0.3, 0.8), "nothing was heard"],
  ])("refuses %s", (_, samples, reason) => {
    expect(() => recorded(samples).example("id", "marvin", WINDOW)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_EXAMPLE", message: expect.stringContaining(reason) as string }),
    );
  });

  it("notices a gap, and a microphone that is another one now", () => {
    const pcm = Buffer.alloc(2 * CHUNK);
    const chunk = { pcm, rate: RATE, channels: 1, timestamp: 1000 };
    const next = (change: object) => {
      const recording = new ExampleRecording();
      recording.add(chunk);
      return recording.add({ ...chunk, timestamp: 1050, ...change });
    };
    expect(next({})).toBe(true);
    expect(next({ timestamp: 1080 })).toBe(true);
    expect(next({ timestamp: 1400 })).toBe(false);
    expect(next({ timestamp: 500 })).toBe(false);
    expect(next({ rate: 8000 })).toBe(false);
    expect(next({ channels: 2 })).toBe(false);
  });
});
