import type { Block, Iq } from '../core/types.ts';

/** Memory of the mean. Long, so that the carrier line of a preamble, which is no spike, does not reach it. */
const memorySeconds = 2;
/** Before so much is heard nothing is called a spike. */
const earliestSeconds = 0.3;
/** Share of the power that a constant must have to be one. A weaker one does no harm that removing it would mend. */
const spikeShare = 0.3;

/**
 * Takes out the constant that a direct-conversion dongle adds in the middle of its band, where it outweighs the rest.
 * Iq (n) → Iq (n), in place allowed.
 */
export function dcSpikeRemover(sampleRate: number): Block<Iq, Iq> {
  const memory = memorySeconds * sampleRate;
  const earliest = earliestSeconds * sampleRate;
  let seen = 0;
  let meanRe = 0;
  let meanIm = 0;
  let power = 0;
  return {
    maxOut: (n) => n,
    process(x, n, y) {
      let re = meanRe;
      let im = meanIm;
      let p = power;
      let count = seen;
      for (let i = 0; i < n; i++) {
        const a = x[2 * i]!;
        const b = x[2 * i + 1]!;
        // A plain average at first, then one that forgets.
        if (count < memory) count++;
        const gain = 1 / count;
        re += gain * (a - re);
        im += gain * (b - im);
        p += gain * (a * a + b * b - p);
        const spike = count > earliest && re * re + im * im > spikeShare * p;
        y[2 * i] = spike ? a - re : a;
        y[2 * i + 1] = spike ? b - im : b;
      }
      meanRe = re;
      meanIm = im;
      power = p;
      seen = count;
      return n;
    },
    reset() {
      seen = 0;
      meanRe = 0;
      meanIm = 0;
      power = 0;
    },
  };
}
