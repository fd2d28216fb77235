import { describe, expect, it } from "vitest";
import { type CaptureRequest, recorderCommand } from "../../../nodes/lib/capture/recorder.ts";

const request: CaptureRequest = { device: "", rate: 16_000, channels: 1, format: "s16le" };

describe("the command that records", () => {
  it("is arecord with raw samples, and not quiet: it would keep silent about another rate", () => {
    const { program, args } = recorderCommand("alsa", {
      ...request,
      device: "plughw:CARD=U18dB,DEV=0",
      format: "s24le",
    });
    expect([program, ...args].join(" ")).toBe(
      "arecord -D plughw:CARD=U18dB,DEV=0 -t raw -f S24_3LE -r 16000 -c 1 --period-time=20000 --buffer-time=500000",
    );
  });

  it("is parec with a short latency", () => {
    const { program, args } = recorderCommand("pulse", { ...request, device: "usb.mic", rate: 48_000, channels: 2 });
    expect(program).toBe("parec");
    expect(args).toEqual(
      expect.arrayContaining(["--device=usb.mic", "--raw", "--format=s16le", "--rate=48000", "--channels=2"]),
    );
    expect(args.join()).toMatch(/--latency-msec=\d+/);
  });

  it("is pw-record, which must not change over to another microphone", () => {
    const { program, args } = recorderCommand("pipewire", { ...request, device: "usb.mic", format: "f32le" });
    expect([program, ...args].join(" ")).toBe(
      "pw-record --target usb.mic -P { node.dont-reconnect = true } --format f32 --rate 16000 --channels 1 --latency 30ms -",
    );
  });

  it.each(["alsa", "pulse", "pipewire"] as const)("leaves the choice to %s without a device", (source) => {
    expect(recorderCommand(source, request).args.join(" ")).not.toMatch(/-D|device|target/);
  });

  it.each(["-D", "--server=elsewhere", "a\nb", "a\0b"])("refuses %j as the name of a device", (device) => {
    expect(() => recorderCommand("alsa", { ...request, device })).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "device" }) }),
    );
  });

  it("says which formats a program knows", () => {
    expect(() => recorderCommand("pipewire", { ...request, format: "s24le" })).toThrow(/s16le, s32le, f32le, u8/);
  });
});
