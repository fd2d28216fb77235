/** The indices of the `count` least values, in no order: Hoare's selection. O(values) */
export function leastOf(values: Float64Array, count: number): Int32Array {
  const order = Int32Array.from(values, (_, i) => i);
  let [low, high] = [0, order.length - 1];
  while (low < high) {
    const pivot = values[order[(low + high) >> 1]!]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[order[i]!]! < pivot) i++;
      while (values[order[j]!]! > pivot) j--;
      if (i > j) break;
      [order[i], order[j]] = [order[j]!, order[i]!];
      i++;
      j--;
    }
    if (count - 1 <= j) high = j;
    else if (count - 1 >= i) low = i;
    else break;
  }
  return order.slice(0, count);
}
