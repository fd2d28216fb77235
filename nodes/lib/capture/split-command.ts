import type { RecorderCommand } from "./recorder.js";

/** What only a shell understands; there is none. */
const SHELL = /^(\||\|\||&|&&|;|>|>>|<|2>.*)$/;

/**
 * A command line as a person writes it → program and arguments. Blanks part the arguments, quotes of both kinds hold them
 * together; a backslash is no more than that. There is no shell behind it: no variables, pipes or patterns.
 * @returns what is wrong, as text, when it cannot be one
 */
export function splitCommand(line: string): RecorderCommand | string {
  const words: string[] = [];
  // A word is a run of quoted parts and of others: -D"my device" is one.
  const parts = /\s*((?:"[^"]*"|'[^']*'|[^\s"'])+)/y;
  let at = 0;
  while (line.slice(at).trim() !== "") {
    parts.lastIndex = at;
    const found = parts.exec(line);
    if (found === null) return "text with a quote that is not closed";
    const word = found[1]!;
    if (SHELL.test(word)) return `text with "${word}", which only a shell understands`;
    words.push(word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ""));
    at = parts.lastIndex;
  }
  const [program, ...args] = words;
  if (program === undefined || program === "") return "empty";
  return { program, args };
}
