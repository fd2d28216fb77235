import { Random } from "../../../nodes/lib/simulate/random.ts";
import type { SoundRecording } from "./recording.ts";

/** Hz */
const RATE = 16_000;
/** Of the recording to learn from: each has every sound once, louder or softer, nearer or farther. */
const ROUNDS = 4;
const ORDER = ["normal", "smoke alarm", "normal", "glass", "machine"] as const;

type Sound = (typeof ORDER)[number];

const SECONDS: Record<Sound, number> = { normal: 0.8, "smoke alarm": 1.5, glass: 0.9, machine: 1.2 };

/**
 * A plant room with a pump, made of sines and noise: `alarm-sounds.wav` to learn from, with a table that says what is
 * heard when, and three to test with, in each of which something happens once.
 */
export function alarmSounds(): SoundRecording[] {
  return [
    toLearn(),
    once("alarm-test-smoke", "smoke alarm", 1.9),
    once("alarm-test-glass", "glass", 0.9),
    once("alarm-test-machine", "machine", 2),
  ];
}

function toLearn(): SoundRecording {
  const random = new Random(1, "alarm-sounds");
  const order = Array.from({ length: ROUNDS }, () => ORDER).flat();
  const spans: { start: number; end: number; label: string }[] = [];
  let end = 0;
  for (const label of order) {
    const start = end;
    end += SECONDS[label];
    spans.push({ start, end, label });
  }
  const samples = pump(Math.round(end * RATE), random, (t) => at(spans, t) === "machine");
  for (const span of spans) add(span.label as Sound, samples, span, random);
  const rows = spans.map((span) => [short(span.start), short(span.end), span.label].join(","));
  return { name: "alarm-sounds.wav", rate: RATE, samples, labels: ["start,end,label", ...rows] };
}

/** Four seconds in which one thing happens. */
function once(name: string, sound: Sound, seconds: number): SoundRecording {
  const random = new Random(2, name);
  const span = { start: 1, end: 1 + seconds };
  const samples = pump(4 * RATE, random, (t) => sound === "machine" && t >= span.start && t < span.end);
  add(sound, samples, span, random);
  return { name: `${name}.wav`, rate: RATE, samples };
}

function at(spans: { end: number; label: string }[], t: number): string {
  return (spans.find(({ end }) => t < end) ?? spans.at(-1)!).label;
}

/** The hum of a pump and the noise of its water; a dry bearing adds a whine that grows and sinks with each turn. */
function pump(length: number, random: Random, isDry: (t: number) => boolean): Float32Array {
  const samples = new Float32Array(length);
  const phases = Array.from({ length: 6 }, () => 2 * Math.PI * random.uniform());
  const whine = 1700 + 200 * random.uniform();
  let water = 0;
  for (let i = 0; i < length; i++) {
    const t = i / RATE;
    water += 0.25 * (random.normal() - water);
    let value = 0.012 * water + 0.002 * random.normal();
    for (const [k, phase] of phases.entries())
      value += (0.03 / (k + 1)) * Math.sin(2 * Math.PI * 50 * (k + 1) * t + phase);
    if (isDry(t)) {
      const turn = 0.6 + 0.4 * Math.sin(2 * Math.PI * 24 * t);
      value += turn * (0.03 * Math.sin(2 * Math.PI * whine * t) + 0.015 * Math.sin(4 * Math.PI * whine * t));
      value += 0.008 * turn * random.normal();
    }
    samples[i] = value;
  }
  return samples;
}

/** Adds a sound to what is there already. */
function add(sound: Sound, samples: Float32Array, span: { start: number; end: number }, random: Random): void {
  const [from, to] = [Math.round(span.start * RATE), Math.round(span.end * RATE)];
  if (sound === "smoke alarm") beeps(samples, from, to, random);
  if (sound === "glass") shatter(samples, from, to, random);
  if (sound === "normal") steps(samples, from, to, random);
}

/**
 * The temporal pattern of ISO 8201 is half a second of sound and half a second of silence, three times, then a pause. A
 * span of less than two seconds holds a part of it.
 */
function beeps(samples: Float32Array, from: number, to: number, random: Random): void {
  const pitch = 3100 + 100 * random.normal();
  const level = 0.08 * 2 ** random.normal();
  for (let i = from; i < to; i++) {
    const t = (i - from) / RATE;
    const since = t % 1;
    if (since >= 0.5) continue;
    const soft = Math.min(1, since / 0.01, (0.5 - since) / 0.01);
    const tone = Math.sin(2 * Math.PI * pitch * t) + 0.3 * Math.sin(4 * Math.PI * pitch * t);
    samples[i]! += level * soft * tone;
  }
}

/** A blow, the pane that bursts, and pieces that ring as they fall. */
function shatter(samples: Float32Array, from: number, to: number, random: Random): void {
  const level = 0.15 * 1.5 ** random.normal();
  const pieces = Array.from({ length: 24 }, () => ({
    start: 0.02 + 0.55 * random.uniform() ** 1.5,
    pitch: 2500 + 4800 * random.uniform(),
    decay: 0.02 + 0.06 * random.uniform(),
    level: 0.15 + 0.25 * random.uniform(),
  }));
  for (let i = from; i < to; i++) {
    const t = (i - from) / RATE;
    let value = random.normal() * (0.9 * Math.exp(-t / 0.05) + 0.12 * Math.exp(-t / 0.25));
    for (const { start, pitch, decay, level: loud } of pieces) {
      if (t >= start) value += loud * Math.exp((start - t) / decay) * Math.sin(2 * Math.PI * pitch * (t - start));
    }
    samples[i]! += level * value;
  }
}

/** Somebody walks by, now and then: what is no alarm must be known, too. */
function steps(samples: Float32Array, from: number, to: number, random: Random): void {
  if (random.uniform() < 0.4) return;
  const level = 0.04 * 1.5 ** random.normal();
  for (let begin = from + 0.1 * RATE; begin < to - 0.2 * RATE; begin += 0.45 * RATE) {
    let dull = 0;
    for (let i = Math.round(begin); i < begin + 0.15 * RATE; i++) {
      const t = (i - begin) / RATE;
      dull += 0.15 * (random.normal() - dull);
      samples[i]! += level * Math.exp(-t / 0.03) * (3 * dull + Math.sin(2 * Math.PI * 90 * t));
    }
  }
}

function short(seconds: number): string {
  return String(Number(seconds.toFixed(3)));
}
