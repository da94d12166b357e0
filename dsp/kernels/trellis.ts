import { chunkItems, type Kernels } from './kernels.ts';
import { wasmKernels } from './load.ts';

/** The forward pass of a Viterbi decoder for K = 7, rate 1/2, codes whose generators both tap the newest and the oldest bit. */
export interface Trellis {
  /** Path metrics of the 64 states (the newest bit is the most significant): set before, read after `run`. */
  readonly metrics: Int32Array;
  /**
   * Advances by `bits` steps. `symbols`: 2·bits soft symbols as integers, > 0 is a coded 1, |x| ≤ 4095, so that metrics
   * of 2¹⁷ bits fit. Writes two words a bit to `decisions`: bit s of the pair is set when state s came from its odd
   * predecessor, (2s + 1) mod 64, and clear for the even one.
   */
  run(symbols: Int32Array, bits: number, decisions: Int32Array): void;
}

const combinationsAt = 0;
const metricsAt = 128;
const branchesAt = metricsAt + 512;
const decisionsAt = branchesAt + 16 * chunkItems;

/**
 * @param combination for each butterfly i of 32, the coded pair 2·first + second on the branch from state 2i to state i
 * @throws RangeError unless these are 32 integers from 0 to 3
 */
export function trellisK7(combination: ArrayLike<number>, kernels: Kernels = wasmKernels()): Trellis {
  const { bytes, integers } = kernels;
  const pairs = Array.from(combination);
  if (pairs.length !== 32 || !pairs.every((pair) => Number.isInteger(pair) && pair >= 0 && pair <= 3))
    throw new RangeError('a K = 7 trellis has 32 butterflies with coded pairs 0 to 3');
  const metrics = new Int32Array(64);

  return {
    metrics,
    run(symbols, bits, decisions) {
      if (symbols.length < 2 * bits || decisions.length < 2 * bits)
        throw new RangeError(`${bits} bits need ${2 * bits} symbols and as many words of decisions`);
      for (let i = 0; i < 32; i++) for (let k = 0; k < 4; k++) bytes[combinationsAt + 4 * i + k] = 4 * pairs[i]! + k;
      for (let s = 0; s < 64; s++) integers[(metricsAt >> 2) + s] = metrics[s]!;
      for (let read = 0; read < bits; read += chunkItems) {
        const steps = Math.min(chunkItems, bits - read);
        let at = branchesAt >> 2;
        for (let i = 2 * read; i < 2 * (read + steps); i += 2) {
          const a = symbols[i]!;
          const b = symbols[i + 1]!;
          integers[at++] = -a - b;
          integers[at++] = b - a;
          integers[at++] = a - b;
          integers[at++] = a + b;
        }
        kernels.addCompareSelect(branchesAt, combinationsAt, metricsAt, steps, decisionsAt);
        for (let i = 0; i < 2 * steps; i++) decisions[2 * read + i] = integers[(decisionsAt >> 2) + i]!;
      }
      for (let s = 0; s < 64; s++) metrics[s] = integers[(metricsAt >> 2) + s]!;
    },
  };
}
