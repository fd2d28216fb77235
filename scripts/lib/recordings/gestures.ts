import { Random } from "../../../nodes/lib/simulate/random.ts";
import type { Recording } from "./recording.ts";

/** Hz */
const RATE = 40;
/** Of one gesture, which is repeated as long as it lasts. */
const SECONDS = 2;
const TIMES = 6;
const GESTURES = ["wave", "circle", "flick", "rest"] as const;

type Gesture = (typeof GESTURES)[number];

/** How somebody moves, and holds the wand. */
interface Person {
  name: string;
  /** Against the others: 1 is usual. */
  tempo: number;
  amplitude: number;
  /** rad */
  roll: number;
  pitch: number;
  /** −1: in the left hand. */
  hand: 1 | -1;
  /** g */
  tremor: number;
}

/** Five persons to learn from, and two others. */
const PEOPLE: Person[] = [
  { name: "Ada", tempo: 1, amplitude: 1, roll: 0.1, pitch: -0.2, hand: 1, tremor: 0.02 },
  { name: "Ben", tempo: 0.8, amplitude: 1.3, roll: -0.25, pitch: 0.1, hand: 1, tremor: 0.015 },
  { name: "Cem", tempo: 1.25, amplitude: 0.7, roll: 0.35, pitch: 0.25, hand: -1, tremor: 0.03 },
  { name: "Dora", tempo: 1.1, amplitude: 1.1, roll: -0.05, pitch: -0.35, hand: 1, tremor: 0.025 },
  { name: "Eva", tempo: 0.9, amplitude: 0.8, roll: 0.2, pitch: 0, hand: 1, tremor: 0.02 },
];
const OTHERS: Person[] = [
  { name: "Finn", tempo: 0.75, amplitude: 0.75, roll: -0.3, pitch: 0.3, hand: 1, tremor: 0.03 },
  { name: "Gül", tempo: 1.2, amplitude: 1.2, roll: 0.15, pitch: -0.1, hand: -1, tremor: 0.02 },
];

/**
 * Synthetic wand gestures: an accelerometer of three axes, in g, at 40 Hz; every two seconds another gesture. What a
 * person makes of them differs in tempo, size, tilt and hand, and from one time to the next.
 */
export function gestures(): Recording[] {
  const header = ["person", "x", "y", "z", "label"];
  return [
    { name: "gestures.csv", header, lines: PEOPLE.flatMap(linesOf) },
    { name: "gestures-others.csv", header, lines: OTHERS.flatMap(linesOf) },
  ];
}

function linesOf(person: Person): string[] {
  const random = new Random(1, person.name);
  const order = Array.from({ length: TIMES }, () => shuffled(random)).flat();
  return order.flatMap((gesture) => oneOf(gesture, person, random));
}

function shuffled(random: Random): Gesture[] {
  const keys = new Map(GESTURES.map((gesture) => [gesture, random.uniform()]));
  return [...GESTURES].sort((a, b) => keys.get(a)! - keys.get(b)!);
}

function oneOf(gesture: Gesture, person: Person, random: Random): string[] {
  const tempo = person.tempo * (1 + 0.12 * random.normal());
  const size = person.amplitude * (1 + 0.15 * random.normal());
  // Nobody draws a round circle, or waves on a straight line.
  const round = random.uniform();
  const roll = person.roll + 0.08 * random.normal();
  const pitch = person.pitch + 0.08 * random.normal();
  const begin = random.uniform();
  return Array.from({ length: SECONDS * RATE }, (_, i) => {
    const t = i / RATE;
    // A hand begins and ends softly.
    const soft = Math.min(1, t / 0.25, (SECONDS - t) / 0.25);
    const [x, y, z, turn] = moved(gesture, begin + t * tempo, size * soft, round);
    const held = roll + turn;
    const noise = () => person.tremor * random.normal();
    const cells = [
      person.hand * x + Math.sin(held) * Math.cos(pitch) + noise(),
      y + Math.sin(pitch) + noise(),
      z + Math.cos(held) * Math.cos(pitch) + noise(),
    ];
    return [person.name, ...cells.map((cell) => String(Number(cell.toFixed(2)))), gesture].join(",");
  });
}

/**
 * Acceleration in g, and by how many rad the wand is turned.
 * @param t s, at the usual tempo
 * @param round 0..1: how far a circle is one, and a wave none
 */
function moved(
  gesture: Gesture,
  t: number,
  size: number,
  round: number,
): [x: number, y: number, z: number, turn: number] {
  const turns = (hertz: number, quarter = 0) => size * Math.sin(2 * Math.PI * (hertz * t + quarter / 4));
  switch (gesture) {
    case "wave":
      return [0.8 * turns(2), 0, 0.3 * round * turns(2, 1) + 0.15 * turns(4), 0.25 * turns(2)];
    case "circle":
      return [0.6 * turns(1.5), 0.1 * turns(1.5), (0.25 + 0.4 * round) * turns(1.5, 1), 0.1 * turns(1.5)];
    case "flick": {
      // There and back, now and then: a second may have none.
      const since = ((t % 1.15) - 0.3) / 0.07;
      const blow = -size * since * Math.exp(0.5 - (since * since) / 2);
      return [0.3 * blow, 0.2 * blow, 1.6 * blow, 0];
    }
    case "rest":
      return [0, 0, 0, 0];
  }
}
