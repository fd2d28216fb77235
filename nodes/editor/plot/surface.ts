/** A canvas that is sharp on every screen, and what the theme says about colours. */

export interface Colors {
  text: string;
  /** Behind the plot: what text can be read on. */
  background: string;
  normal: string;
  faulty: string;
  unknown: string;
}

/** Where a plot lies in its canvas, CSS pixels. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Surface {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  colors: Colors;
}

/** Fits the canvas to its place and clears it; undefined when it cannot be drawn on. */
export function surfaceOf(canvas: HTMLCanvasElement): Surface | undefined {
  const context = canvas.getContext("2d");
  if (!context) return undefined;
  const [width, height] = [canvas.clientWidth || 300, canvas.clientHeight || 200];
  const sharp = window.devicePixelRatio || 1;
  const [wide, tall] = [Math.round(width * sharp), Math.round(height * sharp)];
  // Setting a size clears the canvas and costs time: while something is dragged it stays the same.
  if (canvas.width !== wide || canvas.height !== tall) {
    canvas.width = wide;
    canvas.height = tall;
  }
  context.setTransform(sharp, 0, 0, sharp, 0, 0);
  context.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  context.font = `11px ${style.fontFamily}`;
  context.lineJoin = "round";
  return { context, width, height, colors: colorsOf(style.color) };
}

/** Two hues that the colour-blind tell apart, in a shade for the theme. */
function colorsOf(text: string): Colors {
  const dark = isLight(text);
  return {
    text,
    background: dark ? "#1d1d1d" : "#ffffff",
    normal: dark ? "#6fc2b4" : "#3f8f82",
    faulty: dark ? "#ff9a5c" : "#d9541e",
    unknown: "#8f8f8f",
  };
}

/** Whether a colour as computed by the browser, `rgb(…)`, is light: then what is behind it is dark. */
function isLight(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 128;
}

/** A grid line with its text, below the plot (`x`) or to the left of it (`y`), at a place from 0 to 1. */
export function gridLine({ context, colors }: Surface, area: Area, axis: "x" | "y", place: number, text: string): void {
  const x = Math.round(area.left + place * area.width) + 0.5;
  const y = Math.round(area.top + (1 - place) * area.height) + 0.5;
  context.strokeStyle = colors.text;
  context.fillStyle = colors.text;
  context.lineWidth = 1;
  context.globalAlpha = 0.14;
  context.beginPath();
  if (axis === "x") {
    context.moveTo(x, area.top);
    context.lineTo(x, area.top + area.height);
  } else {
    context.moveTo(area.left, y);
    context.lineTo(area.left + area.width, y);
  }
  context.stroke();
  context.globalAlpha = 0.75;
  context.textAlign = axis === "x" ? "center" : "right";
  context.textBaseline = axis === "x" ? "top" : "middle";
  // The first and the last text stay inside.
  const half = axis === "x" ? context.measureText(text).width / 2 : 0;
  const inside = Math.min(Math.max(x, half + 1), area.left + area.width - half + 8);
  context.fillText(text, axis === "x" ? inside : area.left - 5, axis === "x" ? area.top + area.height + 5 : y);
  context.globalAlpha = 1;
}
