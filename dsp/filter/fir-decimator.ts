import { isSilent } from '../core/silence.ts';
import type { Block, Iq, Real } from '../core/types.ts';
import { chunkItems, type Kernels, maxKernelTaps, tapBlock } from '../kernels/kernels.ts';
import { wasmKernels } from '../kernels/load.ts';

/**
 * A filter whose delay is taken out: output m is the filtered signal at input item m·decimation (counted from reset, zeros
 * before it), written once `latency` more items have been read. Zeros pushed at the end bring out the rest.
 */
export interface AlignedBlock<In, Out> extends Block<In, Out> {
  readonly latency: number;
}

/** @param decimation 1 filters only */
export type FirOptions = { readonly decimation?: number; readonly kernels?: Kernels };

/**
 * FIR filter and decimator over IQ with real taps: a matched filter, or a low-pass. Iq (n) → Iq (⌈n/decimation⌉), in place
 * allowed. The middle tap, (length − 1) >> 1, is the filter's time zero.
 * @throws RangeError unless there are 1 to 8176 finite taps and decimation is a positive integer of at most that
 */
export function firIq(taps: ArrayLike<number>, options: FirOptions = {}): AlignedBlock<Iq, Iq> {
  return fir(taps, 2, options);
}

/** The same over real samples. Real (n) → Real (⌈n/decimation⌉). */
export function firReal(taps: ArrayLike<number>, options: FirOptions = {}): AlignedBlock<Real, Real> {
  return fir(taps, 1, options);
}

function fir<T extends Float32Array>(taps: ArrayLike<number>, width: 1 | 2, options: FirOptions): AlignedBlock<T, T> {
  const { decimation = 1, kernels = wasmKernels() } = options;
  const reversed = kernelTaps(taps, decimation);
  const count = reversed.length;
  const kernel = width === 1 ? kernels.firReal : kernels.firIq;
  const stored = new Float32Array(width * count);
  for (let j = 0; j < stored.length; j++) stored[j] = reversed[Math.floor(j / width)]!;
  // Layout of the scratch memory, in floats: taps, window, output.
  const window = width * count;
  const output = window + width * (count + chunkItems);
  const before = taps.length - 1 - ((taps.length - 1) >> 1);
  const carry = new Float32Array(width * count);
  let held = before;

  return {
    latency: count - 1 - before,
    maxOut: (n) => Math.ceil(n / decimation),
    reset() {
      carry.fill(0);
      held = before;
    },
    process(x, n, y) {
      const floats = kernels.floats;
      floats.set(stored, 0);
      let written = 0;
      for (let read = 0; read < n; ) {
        const take = Math.min(chunkItems, n - read);
        // The new items overwrite what is behind the held ones.
        floats.set(carry, window);
        floats.set(x.subarray(width * read, width * (read + take)), window + width * held);
        const total = held + take;
        const outputs = total < count ? 0 : Math.floor((total - count) / decimation) + 1;
        if (isSilent(floats, window, window + width * total)) y.fill(0, width * written, width * (written + outputs));
        else {
          kernel(4 * window, 0, count, decimation, outputs, 4 * output);
          y.set(floats.subarray(output, output + width * outputs), width * written);
        }
        const used = outputs * decimation;
        held = total - used;
        const left = window + width * used;
        carry.set(floats.subarray(left, left + width * held));
        written += outputs;
        read += take;
      }
      return written;
    },
  };
}

/** Taps as the kernels take them: time-reversed and padded with zeros to whole blocks that are no shorter than the decimation. */
export function kernelTaps(taps: ArrayLike<number>, decimation: number): Float32Array {
  const n = taps.length;
  if (!(n >= 1 && n <= maxKernelTaps - tapBlock))
    throw new RangeError(`a filter of ${n} taps is not within 1 to ${maxKernelTaps - tapBlock}`);
  if (!(Number.isInteger(decimation) && decimation >= 1 && decimation <= maxKernelTaps - tapBlock))
    throw new RangeError(`decimation ${decimation} is not an integer from 1 to ${maxKernelTaps - tapBlock}`);
  const reversed = new Float32Array(Math.ceil(Math.max(n, decimation) / tapBlock) * tapBlock);
  for (let k = 0; k < n; k++) {
    const tap = taps[k]!;
    if (!Number.isFinite(tap)) throw new RangeError(`tap ${k} is ${tap}`);
    reversed[n - 1 - k] = tap;
  }
  return reversed;
}
