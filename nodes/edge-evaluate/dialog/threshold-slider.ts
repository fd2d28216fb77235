import { placeOf, type Scale, valueAt } from "../../editor/plot/scale.js";
import { scoreArea } from "../../editor/plot/score-plot.js";

/** Of the axis: what an arrow key moves, and what a page key does. */
const STEP = 0.01;
const LEAP = 0.1;

/** Moves the threshold with the pointer and with the keys of a slider. */
export function dragged(
  canvas: HTMLCanvasElement,
  scale: Scale,
  set: (value: number) => void,
  current: () => number,
): void {
  const at = (place: number) => set(Number(valueAt(scale, place).toPrecision(4)));
  const follow = (event: PointerEvent) => {
    const { top, height } = scoreArea({ width: canvas.clientWidth, height: canvas.clientHeight });
    at(1 - (event.clientY - canvas.getBoundingClientRect().top - top) / height);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    canvas.focus();
    event.preventDefault();
    follow(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) follow(event);
  });
  canvas.setAttribute("aria-valuemin", String(scale.low));
  canvas.setAttribute("aria-valuemax", String(scale.high));
  canvas.addEventListener("keydown", (event) => {
    const place = placeOf(scale, current());
    const steps: Record<string, number> = {
      ArrowUp: place + (event.shiftKey ? LEAP : STEP),
      ArrowRight: place + (event.shiftKey ? LEAP : STEP),
      ArrowDown: place - (event.shiftKey ? LEAP : STEP),
      ArrowLeft: place - (event.shiftKey ? LEAP : STEP),
      PageUp: place + LEAP,
      PageDown: place - LEAP,
      Home: 0,
      End: 1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    // The editor has keys of its own.
    event.preventDefault();
    event.stopPropagation();
    at(next);
  });
}
