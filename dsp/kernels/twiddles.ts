import { fftSizes, type Kernels, scratchBytes } from './kernels.ts';

/**
 * Where in the kernels' memory the twiddle factors of a transform are: written at the first call for a size, kept for good.
 * A table takes 8·size bytes at most, so that of a size starts 8·size behind the scratch.
 *
 * With w = e^(−j2π/length): for the first pass, length = size, groups of four p = 0 … size/4 − 1, the real parts of w^p
 * and their imaginary parts, those of w^2p and those of w^3p. For each further pass, whose length is a quarter of the one
 * before and more than 8, for each p below length/4 the six numbers of that p.
 */
export function fftTwiddles({ floats }: Kernels, size: number): number {
  const { least, most } = fftSizes;
  if (!(size >= least && size <= most && (size & (size - 1)) === 0))
    throw new RangeError(`no transform kernel for size ${size}: powers of 2 from ${least} to ${most}`);
  const table = scratchBytes + 8 * size;
  const first = table >> 2;
  // cos 0: the memory is zero before it is written.
  if (floats[first] === 1) return table;
  let at = first;
  for (let length = size; length > 8; length /= 4) {
    const together = length === size ? 4 : 1;
    for (let p = 0; p < length / 4; p += together)
      for (let power = 1; power <= 3; power++) {
        for (let k = 0; k < together; k++) floats[at++] = Math.cos((2 * Math.PI * power * (p + k)) / length);
        for (let k = 0; k < together; k++) floats[at++] = -Math.sin((2 * Math.PI * power * (p + k)) / length);
      }
  }
  return table;
}
