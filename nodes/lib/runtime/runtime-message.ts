/**
 * What ONNX Runtime says of a model or a run, as a person can use it: its first line, without the place in its sources, and
 * in other words where something can be done about it.
 */
export function runtimeMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  for (const [pattern, words] of KNOWN) {
    const match = pattern.exec(text);
    if (match) return words(match);
  }
  const line = (text.replace(SOURCE, "").split("\n", 1)[0] ?? "").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line.replace(/[.\s]+$/, "");
}

/** "/src/core/model.cc:202 void ort::Model::Model(const X&, int) ". */
const SOURCE = /\S+\.(?:cc|h):\d+ (?:(?:\w+[*&]? )?[\w:~<>]+\([^()]*\)|\w+) /g;

const KNOWN: readonly [RegExp, (match: RegExpExecArray) => string][] = [
  [
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    ([, got, max]) =>
      `it is of ONNX IR version ${got}, and this ONNX Runtime reads up to ${max}; export it for an older one`,
  ],
  [
    /Opset (\d+) is under development[\s\S]* domain (\S+) is till opset (\d+)/,
    ([, got, domain, max]) =>
      `it is of opset ${got} of ${domain}, and this ONNX Runtime knows up to ${max}; export it with opset ${max} or lower`,
  ],
  [
    /Failed to allocate memory for requested buffer of size (\d+)/,
    ([, size]) =>
      `it asked for ${(Number(size) / 2 ** 30).toPrecision(3)} GB of memory at once, and there is not so much`,
  ],
  [/std::bad_alloc/, () => "it asked for more memory at once than there is"],
];
