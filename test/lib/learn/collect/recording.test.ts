import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FrameInfo } from "../../../../nodes/lib/frame/index.ts";
import { Recording, type SavedRecording } from "../../../../nodes/lib/learn/collect/recording.ts";

const NOW = 1.7e12;
let ended: SavedRecording[];
let recording: Recording;
beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  ended = [];
  recording = new Recording((each) => ended.push(each));
});
afterEach(() => {
  recording.end();
  vi.useRealTimers();
});

/** The label of a window of a stream that comes as soon as it is over. */
function window(start: number, end: number, label?: string, stream = "wand"): string | undefined {
  return recording.labelOf({ stream, start, end, ...(label === undefined ? {} : { label }) } as FrameInfo);
}

describe("Recording", () => {
  it("gives its label from the beginning to the end, whatever label a frame has", () => {
    expect(window(NOW - 2000, NOW - 1000, "own")).toBe("own");
    recording.begin({ label: "wave" });
    expect(window(NOW + 500, NOW + 1500)).toBe("wave");
    expect(window(NOW + 600, NOW + 1600, "own")).toBe("wave");
    expect(recording.end()).toEqual({ label: "wave" });
    expect(window(NOW + 700, NOW + 1700)).toBeUndefined();
    expect(recording.end()).toBeUndefined();
    expect(ended).toEqual([]);
  });

  it("leaves windows out that began before it: they hold something else, too", () => {
    // Two seconds long, each beginning where the one before ends; pressed in the middle of one.
    window(NOW - 2000, NOW);
    vi.advanceTimersByTime(1000);
    recording.begin({ label: "wave" });
    vi.advanceTimersByTime(1000);
    expect(window(NOW, NOW + 2000)).toBeUndefined();
    expect(window(NOW + 2000, NOW + 4000)).toBe("wave");
  });

  it("goes by the stream's own time, which may be another than the clock's", () => {
    // A file of 2020, paused for an hour: no more than one window is lost.
    window(1.6e12, 1.6e12 + 2000);
    vi.advanceTimersByTime(3_600_000);
    recording.begin({ label: "wave" });
    expect(window(1.6e12 + 2000, 1.6e12 + 4000)).toBeUndefined();
    expect(window(1.6e12 + 4001, 1.6e12 + 6000)).toBe("wave");
    // A stream that was not there before, and one that begins again.
    expect(window(5, 6, undefined, "other")).toBe("wave");
    expect(window(1.6e12, 1.6e12 + 2000)).toBe("wave");
  });

  it("ends after its time", () => {
    recording.begin({ label: "wave", until: NOW + 10_000 });
    vi.advanceTimersByTime(9999);
    expect(recording.current).toMatchObject({ label: "wave" });
    vi.advanceTimersByTime(1);
    expect(recording.current).toBeUndefined();
    expect(ended).toEqual([{ label: "wave", until: NOW + 10_000 }]);
  });

  it("ends after its frames: those that were taken", () => {
    recording.begin({ label: "wave", frames: 2 });
    window(1, 2);
    recording.taken();
    window(3, 4);
    expect(ended).toEqual([]);
    recording.taken();
    expect(ended).toHaveLength(1);
    expect(recording.current).toBeUndefined();
  });

  it("a new label takes the place of the one before, with an end of its own", () => {
    recording.begin({ label: "wave", until: NOW + 1000 });
    recording.begin({ label: "idle", until: NOW + 5000 });
    vi.advanceTimersByTime(2000);
    expect(recording.current).toMatchObject({ label: "idle" });
    expect(ended).toEqual([]);
  });

  it("waits for longer than a timer can", () => {
    recording.begin({ label: "normal", until: NOW + 40 * 86_400_000 });
    vi.advanceTimersByTime(39 * 86_400_000);
    expect(ended).toEqual([]);
    vi.advanceTimersByTime(86_400_000);
    expect(ended).toHaveLength(1);
  });
});
