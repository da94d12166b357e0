import { latticePhases } from '../../kernels/cpm.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { wasmKernels } from '../../kernels/load.ts';
import { type CpmReference, patterns } from './reference.ts';

const circle = 2 * Math.PI;
const stateFloats = 4 * latticePhases;
const symbolFloats = patterns * latticePhases;
/** Leak of a phase to each neighbour in a symbol: the carrier may drift by 0.04 rad a symbol. Between 0.001 and 0.02 all is the same. */
const leastSpread = 0.005;
/** Likelihoods stay within e^±20 of each other, a-priori values within ±11: the kernels reckon with floats. */
const mostExponent = 20;
const mostPrior = 11;

// Scratch layout, in bytes, and symbols of a kernel call.
const chunk = 512;
const likelihoodsAt = 0;
const priorsAt = likelihoodsAt + 4 * symbolFloats * chunk;
const statesAt = priorsAt + 8 * chunk;
const stateAt = statesAt + 4 * stateFloats * (chunk + 1);
const sumsAt = stateAt + 4 * stateFloats;
const workAt = sumsAt + 8 * chunk;

/** Of all detectors of a thread, since a long block takes 4 MB: only one block is open at a time. */
let likelihoods = new Float32Array(0);
let forward = new Float32Array(0);

/**
 * Soft-in soft-out detection of a block of continuous-phase modulation, for iterations with a code. Bayes' rule without
 * decisions: the states are the last two bits and sixteen phases, the carrier's phase walks at random on them. It needs no
 * phase estimate, which first decisions at an Es/N0 of −1 dB would spoil, and serves any modulation index.
 *
 * Source: M. Peleg, S. Shamai, S. Galán, "Iterative decoding for coded noncoherent MPSK communications over phase-noisy
 * AWGN channel", IEE Proc. Comm. 147 (2000); A. Barbieri, G. Colavolpe, "Simplified soft-output detection of CPM signals
 * over coherent and phase noise channels", IEEE Trans. Wireless Comm. 6 (2007).
 */
export class LatticeDetector {
  private readonly kernels: Kernels;
  private turn = 0;
  private spread = leastSpread;
  private symbols = 0;

  constructor(kernels: Kernels = wasmKernels()) {
    this.kernels = kernels;
  }

  /**
   * Takes the next block: `n` symbols whose correlations `z` has, as `correlate` writes them. Closes that of any other detector.
   * @param scale likelihood ratio of a correlation: twice the signal's amplitude in `z` over the noise's power in it
   */
  open(reference: CpmReference, z: Float32Array, n: number, scale: number): void {
    const { advance } = reference;
    // What a bit turns in the interval before its own, in its own and behind it.
    const early = (advance[1]! - advance[0]!) / 2;
    const own = (advance[2]! - advance[0]!) / 2;
    const late = (advance[4]! - advance[0]!) / 2;
    const whole = early + own + late;
    // In a frame that turns on by `tilt` a symbol, a bit of 0 leaves the phase where it is, and one of 1 turns it by steps.
    const steps = Math.round((latticePhases * whole) / Math.PI);
    const tilt = (Math.PI * steps) / latticePhases;
    const wrong = (latticePhases * (whole - tilt)) / circle;
    this.turn = steps % latticePhases;
    this.spread = leastSpread + (wrong * wrong) / 2;
    this.symbols = n;
    if (likelihoods.length < n * symbolFloats) likelihoods = new Float32Array(n * symbolFloats);
    if (forward.length < (n + 1) * stateFloats) forward = new Float32Array((n + 1) * stateFloats);
    const cos = Float64Array.from({ length: latticePhases / 2 }, (_, i) => Math.cos((circle * i) / latticePhases));
    const sin = Float64Array.from({ length: latticePhases / 2 }, (_, i) => Math.sin((circle * i) / latticePhases));
    for (let k = 0; k < n; k++) {
      for (let p = 0; p < patterns; p++) {
        const angle = (p & 2 ? early : -early) + (p & 4 ? early + own : -early - own) - k * tilt;
        const c = scale * Math.cos(angle);
        const s = scale * Math.sin(angle);
        const re = z[2 * patterns * k + p]!;
        const im = z[2 * patterns * k + patterns + p]!;
        const x = re * c + im * s;
        const y = im * c - re * s;
        const at = (patterns * k + p) * latticePhases;
        for (let i = 0; i < latticePhases / 2; i++) {
          const exponent = x * cos[i]! + y * sin[i]!;
          const likely = Math.exp(Math.max(-mostExponent, Math.min(mostExponent, exponent)));
          likelihoods[at + i] = likely;
          likelihoods[at + i + latticePhases / 2] = 1 / likely;
        }
      }
    }
  }

  /** Reads a-priori LLRs of the open block's symbols (natural, > 0 is 1), writes the extrinsic ones. */
  detect(apriori: Float32Array, extrinsic: Float32Array): void {
    const { kernels, symbols, turn, spread } = this;
    const { floats } = kernels;
    forward.fill(1 / stateFloats, 0, stateFloats);
    for (let at = 0; at < symbols; at += chunk) {
      const n = Math.min(chunk, symbols - at);
      this.load(at, n, apriori, 1);
      kernels.latticeForward(likelihoodsAt, priorsAt, n, turn, spread, statesAt, workAt);
      const from = (statesAt >> 2) + stateFloats;
      forward.set(floats.subarray(from, from + n * stateFloats), (at + 1) * stateFloats);
    }
    floats.fill(1 / stateFloats, stateAt >> 2, (stateAt >> 2) + stateFloats);
    for (let end = symbols; end > 0; ) {
      const n = end % chunk || chunk;
      end -= n;
      this.load(end, n, apriori, n);
      kernels.latticeBackward(likelihoodsAt, priorsAt, n, turn, spread, statesAt, stateAt, workAt, sumsAt);
      for (let k = 0; k < n; k++)
        extrinsic[end + k] = Math.log(floats[(sumsAt >> 2) + 2 * k + 1]! / floats[(sumsAt >> 2) + 2 * k]!);
    }
  }

  /** Likelihoods and priors of `n` symbols from `at` on, and the first `states` states, into the kernels' memory. */
  private load(at: number, n: number, apriori: Float32Array, states: number): void {
    const { floats } = this.kernels;
    floats.set(likelihoods.subarray(at * symbolFloats, (at + n) * symbolFloats), likelihoodsAt >> 2);
    floats.set(forward.subarray(at * stateFloats, (at + states) * stateFloats), statesAt >> 2);
    for (let k = 0; k < n; k++) {
      const prior = Math.max(-mostPrior, Math.min(mostPrior, apriori[at + k]!));
      const one = 1 / (1 + Math.exp(-prior));
      floats[(priorsAt >> 2) + 2 * k] = 1 - one;
      floats[(priorsAt >> 2) + 2 * k + 1] = one;
    }
  }
}
