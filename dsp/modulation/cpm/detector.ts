import { detectWorkBytes } from '../../kernels/cpm.ts';
import { type Kernels, scratchBytes } from '../../kernels/kernels.ts';
import { wasmKernels } from '../../kernels/load.ts';
import { type CpmReference, patterns, samplesPerSymbol } from './reference.ts';

/** Symbols that the backward recursion runs ahead: its memory of an unknown start is gone after that. */
export const detectorLookAhead = 32;

const floats = 2 * samplesPerSymbol;

// Scratch layout of a correlation, in bytes, and symbols of a call.
const chunk = 1024;
const waveAt = 0;
const samplesAt = 4 * floats * patterns;
const productsAt = samplesAt + 4 * floats * chunk;

/**
 * Correlates `n` symbols of `r` (Iq, 4 samples a symbol, from float `at`) with all patterns:
 * z[symbol][re of 8 patterns, im of 8 patterns].
 */
export function correlate(
  reference: CpmReference,
  r: Float32Array,
  at: number,
  n: number,
  z: Float32Array,
  kernels: Kernels = wasmKernels(),
): void {
  const { wave } = reference;
  const memory = kernels.floats;
  for (let p = 0; p < patterns; p++)
    for (let i = 0; i < floats; i++) memory[(waveAt >> 2) + i * patterns + p] = wave[floats * p + i]!;
  for (let done = 0; done < n; done += chunk) {
    const take = Math.min(chunk, n - done);
    const from = at + floats * done;
    memory.set(r.subarray(from, from + floats * take), samplesAt >> 2);
    kernels.cpmCorrelate(samplesAt, waveAt, take, productsAt);
    z.set(memory.subarray(productsAt >> 2, (productsAt >> 2) + 2 * patterns * take), 2 * patterns * done);
  }
}

/**
 * Noise before a preamble 1010… can leave all survivors on the inverted symbols: their phasor grows to seven tenths of the right one,
 * and where symbols alternate for ever, nothing drives them away; then the first symbols of the frame are lost. The backward recursion
 * comes from the frame and is right. So where one recursion's phasors have less than this share of the power of the other's, it goes on
 * from the other's. Only a phasor with some memory tells.
 */
const relock = 0.67;
const shortMemory = 0.8;

// Scratch layout of a detection.
const turnsAt = 0;
const stateAt = 4 * 2 * patterns;
const correlationsAt = stateAt + 4 * 3 * 8;

/**
 * Noncoherent forward–backward detection of continuous-phase modulation with a phasor per survivor: every state (the
 * last two or three bits) carries a metric F and a phasor Q of the signal so far, F' = F + |αQ + z_p| − |αQ|,
 * Q' = (αQ + z_p)·e^{jψ_p(T)}. Needs no carrier phase; `alpha` is its memory of the phase (0.93: some 14 symbols).
 * Two bits do at h ½; at h 0.7 a third one halves the frame errors: a path is then compared after its phase is seen.
 *
 * The forward pass runs on from block to block, the backward pass starts 32 symbols ahead: chunk-free results.
 *
 * Source: per-survivor processing, Raheli, Polydoros and Tzou, IEEE Trans. Comm. 43 (1995); noncoherent sequence
 * detection, Colavolpe and Raheli, IEEE Trans. Comm. 47 (1999).
 */
export class CpmDetector {
  readonly alpha: number;
  private readonly states: number;
  private readonly block: number;
  private readonly relock: number;
  private readonly kernels: Kernels;
  private reference: CpmReference;
  /** F − |αQ|, re αQ and im αQ of each state before the next symbol. */
  private readonly state: Float32Array;

  /**
   * @param block most symbols of a call, look-ahead included
   * @param memory bits of a state, 2 or 3; two are enough wherever only the patterns are wanted
   * @throws RangeError when a block does not fit the kernels' memory
   */
  constructor(
    reference: CpmReference,
    alpha: number,
    block: number,
    memory: 2 | 3 = memoryBits(reference.h),
    kernels: Kernels = wasmKernels(),
  ) {
    this.reference = reference;
    this.alpha = alpha;
    this.states = 1 << memory;
    this.block = block;
    this.relock = alpha < shortMemory ? 0 : relock;
    this.kernels = kernels;
    this.state = new Float32Array(3 * this.states);
    if (scratch(this.states, block).end > scratchBytes) throw new RangeError(`a block of ${block} symbols is too long`);
  }

  /** A slightly other modulation index; the number of states stays. */
  setReference(reference: CpmReference): void {
    this.reference = reference;
  }

  /** Forgets the past: all states are equally likely, no phase is known. */
  reset(): void {
    this.state.fill(0);
  }

  /**
   * Decides the first `n` of `n + ahead` symbols of `z`, as `correlate` writes them. Writes log-likelihood ratios (> 0 is
   * 1, up to scale) and the most likely pattern of each, and goes on from symbol `n` in the next call.
   */
  detect(z: Float32Array, n: number, ahead: number, llr: Float32Array, pattern: Uint8Array): void {
    const { state, states, kernels } = this;
    const { turn } = this.reference;
    const total = n + ahead;
    if (total > this.block) throw new RangeError(`${total} symbols are more than a block of ${this.block}`);
    const { llrAt, patternAt, workAt } = scratch(states, this.block);
    const memory = kernels.floats;
    for (let p = 0; p < patterns; p++) {
      memory[(turnsAt >> 2) + p] = turn[2 * p]!;
      memory[(turnsAt >> 2) + patterns + p] = turn[2 * p + 1]!;
    }
    for (let i = 0; i < state.length; i++) memory[(stateAt >> 2) + i] = state[i]!;
    memory.set(z.subarray(0, 2 * patterns * total), correlationsAt >> 2);
    kernels.cpmDetect(
      correlationsAt,
      n,
      total,
      states,
      this.alpha,
      turnsAt,
      stateAt,
      workAt,
      llrAt,
      patternAt,
      this.relock,
    );
    for (let i = 0; i < state.length; i++) state[i] = memory[(stateAt >> 2) + i]!;
    for (let k = 0; k < n; k++) {
      llr[k] = memory[(llrAt >> 2) + k]!;
      pattern[k] = kernels.bytes[patternAt + k]!;
    }
  }
}

/** Where the results and the working space of a block lie. */
function scratch(states: number, block: number) {
  const symbols = (block + 15) & ~15;
  const llrAt = correlationsAt + 8 * patterns * symbols;
  const patternAt = llrAt + 4 * symbols;
  const workAt = patternAt + symbols;
  return { llrAt, patternAt, workAt, end: workAt + detectWorkBytes(states, block) };
}

/** Bits of a trellis state: more where the likeliest wrong path keeps the phase for longer. */
function memoryBits(h: number): 2 | 3 {
  return Math.abs(h - 0.5) < 0.06 ? 2 : 3;
}
