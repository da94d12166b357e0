/** Cuts of `total` items into pieces: a few fixed shapes and seeded random ones. Same seed, same cuts. */
export function cutsOf(total: number, seed: number): number[] {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const largest = [1, 7, 64, 1000, 10_000][seed % 5]!;
  const cuts: number[] = [];
  // One item at a time is tried on the start only, so that long inputs stay quick.
  for (let left = total; left > 0; ) {
    const most = cuts.length < 2000 ? largest : 10_000;
    const cut = Math.min(left, 1 + Math.floor(random() * most));
    cuts.push(cut);
    left -= cut;
  }
  return cuts;
}

/** Pushes `x` (`items` floats an item) in the given cuts. */
export function pushInCuts(
  push: (x: Float32Array, n: number) => void,
  x: Float32Array,
  items: number,
  cuts: readonly number[],
): void {
  let at = 0;
  for (const cut of cuts) {
    // A copy: a receiver that keeps a reference to its caller's buffer would be found out.
    push(x.slice(items * at, items * (at + cut)), cut);
    at += cut;
  }
}
