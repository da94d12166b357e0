/**
 * Adds Σ z[i]·e^(−j2πf·i) over `n` real samples from `from` on, for each frequency f (cycles a sample), to the interleaved
 * `sums` from `row` on. The phasors run on in `phasors`, so that a hop may come in pieces.
 */
export function addLineSums(
  z: Float32Array,
  from: number,
  n: number,
  frequencies: Float64Array,
  phasors: Float64Array,
  sums: Float64Array,
  row: number,
): void {
  for (let j = 0; j < frequencies.length; j++) {
    const w = -2 * Math.PI * frequencies[j]!;
    const stepRe = Math.cos(w);
    const stepIm = Math.sin(w);
    let re = phasors[2 * j]!;
    let im = phasors[2 * j + 1]!;
    let sumRe = sums[row + 2 * j]!;
    let sumIm = sums[row + 2 * j + 1]!;
    for (let i = from; i < from + n; i++) {
      const v = z[i]!;
      sumRe += v * re;
      sumIm += v * im;
      const t = re * stepRe - im * stepIm;
      im = re * stepIm + im * stepRe;
      re = t;
    }
    phasors[2 * j] = re;
    phasors[2 * j + 1] = im;
    sums[row + 2 * j] = sumRe;
    sums[row + 2 * j + 1] = sumIm;
  }
}
