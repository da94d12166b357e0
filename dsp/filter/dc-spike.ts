import type { Block, Iq } from '../core/types.ts';

/** Memory of the mean. Long, so that the carrier line of a preamble, which is no spike, does not reach it. */
const memorySeconds = 2;
/** Before so much is heard nothing is called a spike. */
const earliestSeconds = 0.3;
/** Share of the power that a constant must have to be one. A weaker one does no harm that removing it would mend. */
const spikeShare = 0.3;
/** Samples, counted from the reset, after which the means are renewed: a third of the time of renewing them at each. */
const blockSamples = 64;

/**
 * Takes out the constant that a direct-conversion dongle adds in the middle of its band, where it outweighs the rest.
 * Iq (n) → Iq (n), in place allowed.
 */
export function dcSpikeRemover(sampleRate: number): Block<Iq, Iq> {
  const memory = Math.max(blockSamples, memorySeconds * sampleRate);
  const earliest = earliestSeconds * sampleRate;
  let seen = 0;
  let meanRe = 0;
  let meanIm = 0;
  let power = 0;
  /** What is taken out of the current block: the mean before it, or nothing. */
  let spikeRe = 0;
  let spikeIm = 0;
  /** Sums of the current block, and its samples so far. */
  let sumRe = 0;
  let sumIm = 0;
  let sumPower = 0;
  let filled = 0;

  function finishBlock(): void {
    // A plain average at first, then one that forgets.
    seen = Math.min(memory, seen + blockSamples);
    const gain = 1 / seen;
    meanRe += gain * (sumRe - blockSamples * meanRe);
    meanIm += gain * (sumIm - blockSamples * meanIm);
    power += gain * (sumPower - blockSamples * power);
    const spike = seen > earliest && meanRe * meanRe + meanIm * meanIm > spikeShare * power;
    spikeRe = spike ? meanRe : 0;
    spikeIm = spike ? meanIm : 0;
    sumRe = 0;
    sumIm = 0;
    sumPower = 0;
    filled = 0;
  }

  return {
    maxOut: (n) => n,
    process(x, n, y) {
      for (let read = 0; read < n; ) {
        const take = Math.min(n - read, blockSamples - filled);
        const outRe = spikeRe;
        const outIm = spikeIm;
        let re = sumRe;
        let im = sumIm;
        let p = sumPower;
        for (let i = 2 * read; i < 2 * (read + take); i += 2) {
          const a = x[i]!;
          const b = x[i + 1]!;
          re += a;
          im += b;
          p += a * a + b * b;
          y[i] = a - outRe;
          y[i + 1] = b - outIm;
        }
        sumRe = re;
        sumIm = im;
        sumPower = p;
        read += take;
        filled += take;
        if (filled === blockSamples) finishBlock();
      }
      return n;
    },
    reset() {
      seen = 0;
      meanRe = 0;
      meanIm = 0;
      power = 0;
      spikeRe = 0;
      spikeIm = 0;
      sumRe = 0;
      sumIm = 0;
      sumPower = 0;
      filled = 0;
    },
  };
}
