import { describe, expect, it } from "vitest";
import { alsaConfigured, alsaHardware } from "../../../nodes/lib/capture/alsa-devices.ts";
import { listDevices } from "../../../nodes/lib/capture/index.ts";
import { pipewireDevices } from "../../../nodes/lib/capture/pipewire-devices.ts";
import { pulseDevices } from "../../../nodes/lib/capture/pulse-devices.ts";

describe("the devices of ALSA", () => {
  it("are named by their card's name and through plughw", () => {
    const output = `**** List of CAPTURE Hardware Devices ****
card 1: U18dB [USB PnP Sound Device], device 0: USB Audio [USB Audio]
  Subdevices: 1/1
  Subdevice #0: subdevice #0
card 2: sndrpigooglevoi [snd_rpi_googlevoicehat_soundcar], device 0: Google voiceHAT SoundCard HiFi voicehat-hifi-0 [Google voiceHAT SoundCard HiFi voicehat-hifi-0]
  Subdevices: 0/1
`;
    expect(alsaHardware(output)).toEqual([
      {
        source: "alsa",
        device: "plughw:CARD=U18dB,DEV=0",
        title: "USB PnP Sound Device, USB Audio",
        isMonitor: false,
      },
      {
        source: "alsa",
        device: "plughw:CARD=sndrpigooglevoi,DEV=0",
        title: "snd_rpi_googlevoicehat_soundcar, Google voiceHAT SoundCard HiFi voicehat-hifi-0",
        isMonitor: false,
      },
    ]);
  });

  it("are also those of the configuration, without converters and cards", () => {
    const output = `null
    Discard all samples (playback) or generate zero samples (capture)
fakemic
pulse
    PulseAudio Sound Server
hw:CARD=U18dB,DEV=0
    USB PnP Sound Device, USB Audio
    Direct hardware device without any conversions
sysdefault:CARD=U18dB
    USB PnP Sound Device, USB Audio
`;
    expect(alsaConfigured(output).map(({ device, title }) => [device, title])).toEqual([
      ["fakemic", "fakemic"],
      ["pulse", "PulseAudio Sound Server"],
    ]);
  });
});

describe("the devices of PulseAudio", () => {
  const json = JSON.stringify([
    { name: "out.monitor", description: "Monitor of Out", properties: { "device.class": "monitor" } },
    { name: "usb.mic", description: "USB Microphone", properties: { "device.class": "sound" } },
    { description: "no name" },
    null,
  ]);

  it("are microphones first, then what is played", () => {
    expect(pulseDevices(json)).toEqual([
      { source: "pulse", device: "usb.mic", title: "USB Microphone", isMonitor: false },
      { source: "pulse", device: "out.monitor", title: "Monitor of Out", isMonitor: true },
    ]);
  });

  it("come from the short list where there is no JSON", () => {
    const output =
      "0\tout.monitor\tmodule-null-sink.c\ts16le 1ch 16000Hz\tIDLE\n1\tusb.mic\tmodule-alsa-card.c\ts16le\n";
    expect(pulseDevices(output).map(({ device, isMonitor }) => [device, isMonitor])).toEqual([
      ["usb.mic", false],
      ["out.monitor", true],
    ]);
  });
});

describe("the devices of PipeWire", () => {
  it("are the nodes that are sources of sound", () => {
    const node = (props: object) => ({ id: 1, type: "PipeWire:Interface:Node", info: { props } });
    const output = JSON.stringify([
      node({ "node.name": "usb", "node.description": "USB Microphone", "media.class": "Audio/Source" }),
      node({ "node.name": "virtual", "media.class": "Audio/Source/Virtual" }),
      node({ "node.name": "speaker", "media.class": "Audio/Sink" }),
      node({ "node.name": "camera", "media.class": "Video/Source" }),
      {
        id: 2,
        type: "PipeWire:Interface:Client",
        info: { props: { "node.name": "x", "media.class": "Audio/Source" } },
      },
      { id: 3, type: "PipeWire:Interface:Node", info: null },
      null,
    ]);
    expect(pipewireDevices(output).map(({ device, title }) => [device, title])).toEqual([
      ["usb", "USB Microphone"],
      ["virtual", "virtual"],
    ]);
  });
});

describe("lists that cannot be read", () => {
  it.each(["", "[", "{}", "null", '[1, "x"]', "\u0000\t\t"])("%j", (output) => {
    for (const read of [alsaHardware, alsaConfigured, pulseDevices, pipewireDevices]) {
      expect(read(output).filter(({ device }) => device === "")).toEqual([]);
    }
    expect(pipewireDevices(output)).toEqual([]);
  });

  it("are empty ones when nothing is installed", async () => {
    const path = process.env.PATH;
    process.env.PATH = "/nonexistent";
    try {
      expect(await listDevices()).toEqual({ devices: [], installed: [] });
    } finally {
      process.env.PATH = path;
    }
  });
});
