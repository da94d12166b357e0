import type { Kernels } from '../kernels/kernels.ts';

/** The sum is made of partial ones of so many values, under the same short tone; these are then turned and added. */
export const toneBlock = 32;

/**
 * Adds up Σ x[n]·e^(−j2πfn) of `count` complex values at byte `x` of the kernels' memory, f in cycles per value.
 * `count` is a multiple of `toneBlock`. `work`: 16·toneBlock + count/4 bytes beside them. Writes re, im to `out`.
 */
export function toneSum(kernels: Kernels, x: number, count: number, f: number, work: number, out: Float64Array): void {
  const { floats } = kernels;
  const stepRe = Math.cos(2 * Math.PI * f);
  const stepIm = -Math.sin(2 * Math.PI * f);
  let re = 1;
  let im = 0;
  // Complex taps: the real parts, each twice, then the imaginary parts.
  const taps = work >> 2;
  for (let j = 0; j < toneBlock; j++) {
    floats[taps + 2 * j] = floats[taps + 2 * j + 1] = re;
    floats[taps + 2 * toneBlock + 2 * j] = floats[taps + 2 * toneBlock + 2 * j + 1] = im;
    const t = re * stepRe - im * stepIm;
    im = re * stepIm + im * stepRe;
    re = t;
  }
  const [turnRe, turnIm] = [re, im];
  const blocks = count / toneBlock;
  kernels.firIqComplex(x, work, toneBlock, toneBlock, blocks, work + 16 * toneBlock);
  re = 1;
  im = 0;
  let sumRe = 0;
  let sumIm = 0;
  const partial = taps + 4 * toneBlock;
  for (let i = partial; i < partial + 2 * blocks; i += 2) {
    const a = floats[i]!;
    const b = floats[i + 1]!;
    sumRe += a * re - b * im;
    sumIm += a * im + b * re;
    const t = re * turnRe - im * turnIm;
    im = re * turnIm + im * turnRe;
    re = t;
  }
  out[0] = sumRe;
  out[1] = sumIm;
}
