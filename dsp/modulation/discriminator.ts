import { isSilent } from '../core/silence.ts';
import { chunkItems, type Kernels } from '../kernels/kernels.ts';
import { wasmKernels } from '../kernels/load.ts';

// Scratch layout, in bytes: the pair before, pairs, output.
const pairsAt = 16;
const outputAt = pairsAt + 8 * chunkItems + 32;

/**
 * Instantaneous frequency of a complex signal in Hz: the phase advance from sample to sample, to 10⁻⁶ rad.
 * Iq (n) → Real (n). In place is not possible (the output is half as long).
 */
export function discriminator(
  sampleRate: number,
  kernels: Kernels = wasmKernels(),
): {
  process(iq: Float32Array, n: number, out: Float32Array): void;
  reset(): void;
} {
  const scale = sampleRate / (2 * Math.PI);
  const { floats } = kernels;
  const pairs = pairsAt >> 2;
  const output = outputAt >> 2;
  let lastRe = 0;
  let lastIm = 0;
  return {
    process(iq, n, out) {
      for (let read = 0; read < n; read += chunkItems) {
        const take = Math.min(chunkItems, n - read);
        if (lastRe === 0 && lastIm === 0 && isSilent(iq, 2 * read, 2 * (read + take))) {
          out.fill(0, read, read + take);
          continue;
        }
        floats[pairs - 2] = lastRe;
        floats[pairs - 1] = lastIm;
        floats.set(iq.subarray(2 * read, 2 * (read + take)), pairs);
        kernels.phaseSteps(pairsAt, 4 * Math.ceil(take / 4), scale, outputAt);
        out.set(floats.subarray(output, output + take), read);
        lastRe = floats[pairs + 2 * take - 2]!;
        lastIm = floats[pairs + 2 * take - 1]!;
      }
    },
    reset() {
      lastRe = 0;
      lastIm = 0;
    },
  };
}
