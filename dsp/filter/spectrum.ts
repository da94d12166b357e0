import type { Iq } from '../core/types.ts';
import { makeFft } from './fft.ts';

export interface PowerSpectrum {
  readonly bins: number;
  /**
   * Power per bin of `bins` IQ pairs of `x` from pair `first` on, lowest frequency first: bin k is
   * (k − bins/2)·sampleRate/bins. Linear: a tone of amplitude 1 in the middle of a bin reads 1.
   */
  measure(x: Iq, first: number, power: Float32Array | Float64Array): void;
}

/** Power spectrum under a Hann window, one transform a call. @throws RangeError unless bins is a power of 2 */
export function powerSpectrum(bins: number): PowerSpectrum {
  const fft = makeFft(bins);
  const work = new Float64Array(2 * bins);
  const window = new Float64Array(bins);
  // The periodic Hann window sums to bins/2.
  for (let k = 0; k < bins; k++) window[k] = (1 - Math.cos((2 * Math.PI * k) / bins)) / bins;
  return {
    bins,
    measure(x, first, power) {
      if (!(first >= 0 && 2 * (first + bins) <= x.length && power.length >= bins))
        throw new RangeError(`a spectrum of ${bins} bins does not fit ${x.length / 2} samples from ${first} on`);
      for (let k = 0; k < bins; k++) {
        work[2 * k] = x[2 * (first + k)]! * window[k]!;
        work[2 * k + 1] = x[2 * (first + k) + 1]! * window[k]!;
      }
      fft.forward(work);
      const half = bins >> 1;
      for (let k = 0; k < bins; k++) {
        const from = 2 * ((k + half) & (bins - 1));
        power[k] = work[from]! ** 2 + work[from + 1]! ** 2;
      }
    },
  };
}
