import { isSilent } from '../../core/silence.ts';
import type { SlidingWindow } from '../../core/sliding-window.ts';
import { CpmDetector, correlate, detectorLookAhead } from './detector.ts';
import { PulseEstimator, usualBt } from './pulse-estimator.ts';
import { type CpmReference, cpmReference, patterns, samplesPerSymbol } from './reference.ts';
import { WipedPhasor } from './wiped-phasor.ts';

const blockSymbols = 256;
const floats = 2 * samplesPerSymbol;
/** Short memory: an index that is off by 0.1 turns a longer one's phasor away from the signal. */
const alpha = 0.55;
/** Rounds over a block, each from the index of the one before. */
const rounds = 3;
/** Products of neighbouring phasors that their local mean is taken over, to each side. */
const meanSide = 32;
/** Share of the products' size that their mean keeps: noise, with its data decided away, stays below. */
const coherent = 0.62;
/** Weight of the declared index, and most that is remembered, in coherent symbols at 7 dB. An index does not change. */
const priorWeight = 100;
const memoryWeight = 4000;
/** Once so much is known, only every fourth block is looked at; of the long frames of coded framings every second before. */
const settledEvery = 4;
const codedEvery = 2;
/** Variance of the turn from symbol to symbol at 7 dB, rad²: noisier stretches count less. */
const usualVariance = 0.3;
/** And at 2 dB and at 5 dB: below, wrong decisions bias the estimate. */
const uncodedVariance = 0.75;
const codedVariance = 0.4;
/** References are made anew when the estimate has moved that far. */
const resolution = 0.004;

/**
 * Modulation index from the data-wiped phasor: where the assumed index is wrong, every symbol turns it by
 * π·δh·(its phase advance). Least squares over coherent stretches: δh = Σ w·e·g / (π·Σ w·g²), with e the turn from
 * symbol to symbol less its local mean and g the mean advance of both symbols in units of πh.
 */
export class IndexEstimator {
  h: number;
  private readonly limits: readonly [number, number];
  /** Null where the pulse is known. */
  private readonly pulse: PulseEstimator | null;
  /** The pulse that the reference was made with. */
  private assumedBt: number;
  private readonly greatestVariance: number;
  private readonly unsettledEvery: number;
  private reference: CpmReference;
  private readonly detector: CpmDetector;
  private readonly wiped = new WipedPhasor();
  private readonly z = new Float32Array(2 * patterns * (blockSymbols + detectorLookAhead));
  private readonly llr = new Float32Array(blockSymbols);
  private readonly pattern = new Uint8Array(blockSymbols);
  private readonly w = new Float64Array(2 * blockSymbols);
  private readonly vRe = new Float64Array(blockSymbols);
  private readonly vIm = new Float64Array(blockSymbols);
  private readonly sumRe = new Float64Array(blockSymbols);
  private readonly sumIm = new Float64Array(blockSymbols);
  private readonly sumSize = new Float64Array(blockSymbols);
  private mean: number;
  private weight = priorWeight;
  private done = 0;

  /**
   * @param bt the transmitter's pulse; null: as usual at first, then what is found
   * @param limits the estimate stays within
   * @param coded the framing works far below the Es/N0 at which decisions are right: learn only where it is well above
   */
  constructor(h: number, bt: number | null, limits: readonly [number, number], coded: boolean) {
    this.greatestVariance = coded ? codedVariance : uncodedVariance;
    this.unsettledEvery = coded ? codedEvery : 1;
    this.h = h;
    this.mean = h;
    this.pulse = bt === null ? new PulseEstimator() : null;
    this.assumedBt = bt ?? usualBt;
    this.limits = limits;
    this.reference = cpmReference(h, this.assumedBt);
    this.detector = new CpmDetector(this.reference, alpha, blockSymbols + detectorLookAhead, 2);
  }

  /** Bandwidth-time product of the pulse. */
  get bt(): number {
    return this.pulse?.bt ?? this.assumedBt;
  }

  /** Reads whole blocks of what has come to `symbols`; true when the index or the pulse has changed. */
  advance(symbols: SlidingWindow): boolean {
    const before = this.h;
    const btBefore = this.bt;
    while (symbols.end / floats - this.done >= blockSymbols + detectorLookAhead) {
      const every = this.weight < memoryWeight ? this.unsettledEvery : settledEvery;
      if (this.done % (every * blockSymbols) === 0) this.block(symbols);
      this.done += blockSymbols;
    }
    return this.h !== before || this.bt !== btBefore;
  }

  private block(symbols: SlidingWindow): void {
    const total = blockSymbols + detectorLookAhead;
    const from = this.done * floats - symbols.start;
    if (isSilent(symbols.data, from, from + total * floats)) return;
    for (let round = 0; round < rounds; round++) {
      correlate(this.reference, symbols.data, from, total, this.z);
      this.detector.reset();
      this.wiped.reset();
      this.detector.detect(this.z, blockSymbols, detectorLookAhead, this.llr, this.pattern);
      this.wiped.process(this.reference, this.z, this.pattern, blockSymbols, this.w, 0);
      const { shift, weight } = this.leastSquares();
      if (weight === 0) return;
      const h = Math.min(this.limits[1], Math.max(this.limits[0], this.reference.h + shift));
      if (round < rounds - 1 && Math.abs(shift) > resolution) {
        this.assume(h);
        continue;
      }
      this.pulse?.learn(this.mean, symbols.data, this.done * floats - symbols.start, this.pattern, blockSymbols);
      this.learn(h, weight);
      return;
    }
  }

  private learn(h: number, weight: number): void {
    const kept = Math.min(this.weight, memoryWeight);
    const estimate = (kept * this.mean + weight * h) / (kept + weight);
    this.mean = estimate;
    this.weight = kept + weight;
    if (Math.abs(estimate - this.h) > resolution) this.h = estimate;
    this.assume(estimate);
  }

  private assume(h: number): void {
    if (Math.abs(h - this.reference.h) < resolution / 4 && this.bt === this.assumedBt) return;
    this.assumedBt = this.bt;
    this.reference = cpmReference(h, this.bt);
    this.detector.setReference(this.reference);
  }

  private leastSquares(): { shift: number; weight: number } {
    const { w, vRe, vIm, reference } = this;
    vRe[0] = 0;
    vIm[0] = 0;
    // Sums up to each symbol, so that a local mean is a difference.
    const { sumRe, sumIm, sumSize } = this;
    for (let k = 1; k < blockSymbols; k++) {
      vRe[k] = w[2 * k]! * w[2 * k - 2]! + w[2 * k + 1]! * w[2 * k - 1]!;
      vIm[k] = w[2 * k + 1]! * w[2 * k - 2]! - w[2 * k]! * w[2 * k - 1]!;
      sumRe[k] = sumRe[k - 1]! + vRe[k]!;
      sumIm[k] = sumIm[k - 1]! + vIm[k]!;
      sumSize[k] = sumSize[k - 1]! + Math.sqrt(vRe[k]! * vRe[k]! + vIm[k]! * vIm[k]!);
    }
    let above = 0;
    let below = 0;
    let squares = 0;
    let count = 0;
    const scale = 1 / (Math.PI * reference.h);
    for (let k = 1; k < blockSymbols; k++) {
      const lo = Math.max(1, k - meanSide) - 1;
      const hi = Math.min(blockSymbols - 1, k + meanSide);
      const re = sumRe[hi]! - sumRe[lo]!;
      const im = sumIm[hi]! - sumIm[lo]!;
      const size = sumSize[hi]! - sumSize[lo]! + 1e-30;
      if (re * re + im * im < (coherent * size) ** 2) continue;
      const e = Math.atan2(vIm[k]! * re - vRe[k]! * im, vRe[k]! * re + vIm[k]! * im);
      const g = 0.5 * scale * (reference.advance[this.pattern[k]!]! + reference.advance[this.pattern[k - 1]!]!);
      const weight = sumSize[k]! - sumSize[k - 1]!;
      above += weight * e * g;
      below += weight * g * g;
      squares += e * e;
      count++;
    }
    if (!(below > 0) || count < blockSymbols / 4) return { shift: 0, weight: 0 };
    const variance = Math.max(squares / count, 0.01);
    if (variance > this.greatestVariance) return { shift: 0, weight: 0 };
    return { shift: above / (Math.PI * below), weight: count * Math.min(4, (usualVariance / variance) ** 2) };
  }

  /** The input starts anew; what was learnt of the transmitter stays. */
  reset(): void {
    this.done = 0;
  }
}
