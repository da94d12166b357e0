import { isSilent } from '../../core/silence.ts';
import type { SlidingWindow } from '../../core/sliding-window.ts';
import { CpmDetector, correlate, detectorLookAhead } from './detector.ts';
import { IndexFit, memoryWeight, priorWeight } from './index-fit.ts';
import { PulseEstimator, usualBt } from './pulse-estimator.ts';
import { type CpmReference, cpmReference, patterns, samplesPerSymbol } from './reference.ts';
import { WipedPhasor } from './wiped-phasor.ts';

const blockSymbols = 256;
const floats = 2 * samplesPerSymbol;
/** Short memory: an index that is off by 0.1 turns a longer one's phasor away from the signal. */
const alpha = 0.55;
/** Rounds over a block, each from the index of the one before. */
const rounds = 3;
/** Once so much is known, only every fourth block is looked at; of the long frames of coded framings every second before. */
const settledEvery = 4;
const codedEvery = 2;
/** And at 2 dB and at 5 dB: below, wrong decisions bias the estimate. */
const uncodedVariance = 0.75;
const codedVariance = 0.4;
/** References are made anew when the estimate has moved that far. */
const resolution = 0.004;

/**
 * Modulation index of a transmitter, learnt block after block from decisions made with what is known so far: rounds over a block, then a
 * weighted mean over blocks. The pulse is learnt beside it.
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
  private readonly fit = new IndexFit();
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
    this.pulse = bt === null ? new PulseEstimator(h) : null;
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
      const { shift, weight } = this.fit.measure(
        this.reference,
        this.w,
        this.pattern,
        blockSymbols,
        this.greatestVariance,
      );
      if (weight === 0) return;
      const h = Math.min(this.limits[1], Math.max(this.limits[0], this.reference.h + shift));
      if (round < rounds - 1 && Math.abs(shift) > resolution) {
        this.assume(h);
        continue;
      }
      this.learn(h, weight);
      this.learnPulse(symbols.data, from);
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

  /** Another pulse comes with the index that was found with it. */
  private learnPulse(symbols: Float32Array, from: number): void {
    const { pulse } = this;
    if (!pulse?.learn(symbols, from, this.pattern, blockSymbols, this.greatestVariance)) return;
    this.mean = Math.min(this.limits[1], Math.max(this.limits[0], pulse.h));
    this.h = this.mean;
    this.assume(this.mean);
  }

  private assume(h: number): void {
    if (Math.abs(h - this.reference.h) < resolution / 4 && this.bt === this.assumedBt) return;
    this.assumedBt = this.bt;
    this.reference = cpmReference(h, this.bt);
    this.detector.setReference(this.reference);
  }

  /** The input starts anew; what was learnt of the transmitter stays. */
  reset(): void {
    this.done = 0;
  }
}
