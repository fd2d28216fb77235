/**
 * At most so many points of a curve, evenly along its length: first and last stay, and so do steep parts.
 * @param max at least 2
 */
export function thinCurve<Point>(
  points: readonly Point[],
  place: (point: Point) => [number, number],
  max: number,
): Point[] {
  if (points.length <= max) return [...points];
  const along = new Float64Array(points.length);
  for (let i = 1; i < points.length; i++) {
    const [x, y] = place(points[i]!);
    const [fromX, fromY] = place(points[i - 1]!);
    // City blocks: the corner of a step is as far from either side as its sides are long.
    along[i] = along[i - 1]! + Math.abs(x - fromX) + Math.abs(y - fromY);
  }
  const total = along[points.length - 1]!;
  const thinned: Point[] = [points[0]!];
  let at = 1;
  for (let step = 1; step < max - 1; step++) {
    const wanted = (step * total) / (max - 1);
    while (at < points.length - 1 && along[at]! < wanted) at++;
    if (at >= points.length - 1) break;
    thinned.push(points[at++]!);
  }
  thinned.push(points.at(-1)!);
  return thinned;
}
