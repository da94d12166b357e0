/**
 * Whether all of x[from … to − 1] are exactly 0: what stands for noise that nobody needs to look at. Stages skip their work
 * on it. In a signal the first value already ends the search.
 */
export function isSilent(x: Float32Array | Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (x[i] !== 0) return false;
  return true;
}
