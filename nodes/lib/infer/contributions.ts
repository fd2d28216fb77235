import type { Contribution } from "../frame/index.js";
import type { ManifestInput } from "../model/index.js";

/** The contributions of one frame whose raw parts begin at `offset`. */
export type Explain = (parts: ArrayLike<number>, offset: number) => Contribution[];

/**
 * Sums the raw parts of a score by channel: each channel's share of the whole, largest first, with the feature that
 * weighs most in it. A feature of several channels stands for itself.
 * @param top how many channels at most
 */
export function contributionsOf(input: Pick<ManifestInput, "names" | "channels">, top: number): Explain {
  const features = input.names.length;
  const channels: string[] = [];
  const places = new Map<string, number>();
  const channelOf = new Int32Array(features);
  const titles: (string | undefined)[] = [];
  for (let i = 0; i < features; i++) {
    const name = input.names[i]!;
    const channel = input.channels[i] ?? name;
    let place = places.get(channel);
    if (place === undefined) {
      place = channels.push(channel) - 1;
      places.set(channel, place);
    }
    channelOf[i] = place;
    titles.push(titleOf(name, channel));
  }
  const sums = new Float64Array(channels.length);
  const heaviest = new Int32Array(channels.length);

  return (parts, offset) => {
    sums.fill(0);
    heaviest.fill(-1);
    let total = 0;
    for (let i = 0; i < features; i++) {
      const part = parts[offset + i]!;
      // Rounding can leave a tiny negative part; what is not a number explains nothing.
      if (!(part > 0)) continue;
      const channel = channelOf[i]!;
      sums[channel] = sums[channel]! + part;
      total += part;
      const best = heaviest[channel]!;
      if (best < 0 || part > parts[offset + best]!) heaviest[channel] = i;
    }
    const found: Contribution[] = [];
    if (!(total > 0) || !Number.isFinite(total)) return found;
    while (found.length < top) {
      let best = 0;
      for (let c = 1; c < sums.length; c++) if (sums[c]! > sums[best]!) best = c;
      if (!(sums[best]! > 0)) break;
      const contribution: Contribution = { channel: channels[best]!, share: sums[best]! / total };
      const title = titles[heaviest[best]!];
      if (title !== undefined) contribution.feature = title;
      found.push(contribution);
      sums[best] = 0;
    }
    return found;
  };
}

/** The feature's name without its channel, or undefined when nothing is left that would tell a person more. */
function titleOf(name: string, channel: string): string | undefined {
  if (name === channel) return undefined;
  const title = name.startsWith(channel) ? name.slice(channel.length).trim() : name;
  // "[3]" is a sample of a raw window.
  return title === "" || /^\[\d+\]$/.test(title) ? undefined : title;
}
