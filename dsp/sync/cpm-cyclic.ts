import { isSilent } from '../core/silence.ts';
import type { CpmSync, CpmSyncSink } from './cpm-sync.ts';
import { CyclicLane, cyclicTerms } from './cyclic-lane.ts';
import { cyclicModel } from './cyclic-model.ts';
import { hopSymbols, longWeights, shortWeights } from './hop-weights.ts';

export interface CpmCyclicOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  readonly searchHz: number;
  readonly h: number;
  readonly bt: number;
  /** Doubles the window, for codes that work at a lower Es/N0. */
  readonly long?: boolean;
  /** Indices that other receivers beside this one serve: a signal which fits one of them better is called foreign. */
  readonly others?: readonly number[];
}

/** What the synchroniser found around a boundary of hops. */
interface Finding {
  /** Null in silence. */
  lane: CyclicLane | null;
  /** Carrier from the lane's centre. */
  hz: number;
  /** How much of the lag products is what random data give, less `strangeness` times what is not. */
  fit: number;
  foreign: boolean;
}

/**
 * How much what random data don't give speaks against an estimate. A preamble 1010… or of flags has lines of its own, which are
 * strong and look like those of a carrier some per cent of the symbol rate away.
 */
const strangeness = 2;

const laneReach = 0.13;
const laneSpacing = 0.24;
const frequencies = 53;
/** Of which every so many serve to compare models. */
const comparedEvery = 4;
/**
 * A model of another index fits better when its score is larger by this factor. Between 0.95 and the models of 0.5 and 0.7, at the
 * Eb/N0 of 50 % frame errors: signals of 0.85 and more stay below it in 98 % of the decisions (1.0: below 0.88), those of ½ are above in
 * most of them, and 4 dB higher in all.
 */
const foreignFactor = 1.05;
/** Decisions in a row that make a signal foreign. */
const foreignDecisions = 3;
/** Lags in symbols. */
const lagSymbols = [0.4, 0.7, 1.0, 1.4];

/**
 * Carrier frequency and timing of binary CPM of any modulation index, without data: lag products have, beside their
 * mean, lines at ± the symbol rate, whose values depend on f and the timing as a noiseless signal's do. The frequency
 * carries self noise of a per cent of the symbol rate: a decision-directed stage must refine it.
 *
 * Source: Gini and Giannakis, "Frequency offset and symbol timing recovery in flat-fading channels: a cyclostationary
 * approach", IEEE Trans. Comm. 46 (1998).
 */
export class CpmCyclic implements CpmSync {
  readonly latency: number;
  private readonly lanes: readonly CyclicLane[];
  private readonly lags: readonly number[];
  private readonly weights: readonly number[];
  private readonly hop: number;
  private readonly model: Float64Array;
  private readonly modelNorm: number;
  private readonly others: readonly { readonly model: Float64Array; readonly norm: number }[];
  private readonly sums: Float64Array;
  /** What was found at the last hops. */
  private readonly findings: readonly Finding[];
  private readonly sampleRate: number;
  private readonly reachHz: number;
  /** e^{−j2πfD} of the searched frequencies, [frequency][lag][re, im]; behind them a row for any other. */
  private readonly rotations: Float64Array;
  private lineRe = 0;
  private lineIm = 0;
  private hops = 0;
  private lastBoundary = 0;
  private lastHz = 0;
  /** Decisions in a row for another index. */
  private foreign = 0;

  constructor(options: CpmCyclicOptions) {
    const { sampleRate, symbolRate, searchHz, h } = options;
    this.sampleRate = sampleRate;
    const perSymbol = sampleRate / symbolRate;
    this.lags = [...new Set(lagSymbols.map((lag) => Math.max(1, Math.round(lag * perSymbol))))];
    this.weights = options.long ? longWeights : shortWeights;
    this.hop = Math.round(hopSymbols * perSymbol);
    this.reachHz = Math.min(laneReach * symbolRate, Math.max(searchHz, 0.02 * symbolRate));
    const cutHz = (0.45 + 0.4 * h) * symbolRate;
    const sideLanes = Math.max(0, Math.ceil((searchHz / symbolRate - laneReach) / laneSpacing));
    this.lanes = Array.from(
      { length: 2 * sideLanes + 1 },
      (_, i) =>
        new CyclicLane({
          sampleRate,
          symbolRate,
          centreHz: (i - sideLanes) * laneSpacing * symbolRate,
          cutHz,
          lags: this.lags,
          hop: this.hop,
        }),
    );
    const modelOf = (index: number) => cyclicModel(perSymbol, index, options.bt, cutHz / symbolRate, this.lags);
    this.model = modelOf(h);
    this.modelNorm = Math.hypot(...this.model);
    this.others = (options.others ?? []).map((index) => {
      const model = modelOf(index);
      return { model, norm: Math.hypot(...model) };
    });
    this.sums = new Float64Array(this.model.length);
    this.rotations = new Float64Array(2 * this.lags.length * (frequencies + 1));
    for (let i = 0; i < frequencies; i++) this.rotate(i, this.frequencyOf(i));
    const reach = this.weights.length / 2;
    this.findings = Array.from({ length: 2 * reach + 1 }, () => ({ lane: null, hz: 0, fit: 0, foreign: false }));
    this.latency = (this.weights.length / 2 + reach + 2) * this.hop;
  }

  push(iq: Float32Array, n: number, sink: CpmSyncSink): void {
    for (const lane of this.lanes) lane.push(iq, n);
    for (;;) {
      let measured = false;
      for (const lane of this.lanes) measured = lane.measure(this.hops);
      if (!measured) return;
      this.hops++;
      const boundary = this.hops - this.weights.length / 2;
      if (boundary < 0) continue;
      this.find(boundary);
      const decided = boundary - (this.findings.length - 1) / 2;
      if (decided >= 0) this.emit(decided, sink);
    }
  }

  /** Carrier of the signal around the boundary before hop `hop`. */
  private find(hop: number): void {
    const finding = this.findings[hop % this.findings.length]!;
    finding.lane = null;
    let top = -Infinity;
    for (const lane of this.lanes) {
      lane.gather(hop, this.weights, this.sums);
      if (isSilent(this.sums, 0, this.sums.length)) continue;
      const size = squares(this.sums);
      this.timesModel(this.model);
      let laneTop = -Infinity;
      let laneIndex = 0;
      const scores = scratchScores;
      for (let i = 0; i < frequencies; i++) {
        const score = this.score(i);
        scores[i] = score;
        if (score > laneTop) {
          laneTop = score;
          laneIndex = i;
        }
      }
      const along = laneTop / this.modelNorm;
      const fit = along - strangeness * Math.sqrt(Math.max(0, size - along * along));
      if (finding.lane && fit <= finding.fit) continue;
      top = laneTop;
      finding.fit = fit;
      let delta = 0;
      if (laneIndex > 0 && laneIndex < frequencies - 1) {
        const a = scores[laneIndex - 1]!;
        const c = scores[laneIndex + 1]!;
        const curve = a - 2 * laneTop + c;
        if (curve < 0) delta = Math.max(-1, Math.min(1, (0.5 * (a - c)) / curve));
      }
      finding.lane = lane;
      finding.hz = this.frequencyOf(laneIndex) + delta * (this.frequencyOf(1) - this.frequencyOf(0));
    }
    this.foreign = finding.lane && this.fitsAnother(finding.lane, hop, top) ? this.foreign + 1 : 0;
    finding.foreign = this.foreign >= foreignDecisions;
  }

  private emit(hop: number, sink: CpmSyncSink): void {
    const { findings } = this;
    const reach = (findings.length - 1) / 2;
    const own = findings[hop % findings.length]!;
    const at = hop * this.hop;
    if (!own.lane) {
      // In silence there is nothing to follow: carrier and clock stay as they were.
      sink.sync(at, this.lastHz, this.lastBoundary, false);
      return;
    }
    let best = own;
    for (let other = Math.max(0, hop - reach); other <= hop + reach; other++) {
      const finding = findings[other % findings.length]!;
      if (finding.lane && finding.fit > best.fit) best = finding;
    }
    const lane = best.lane!;
    this.lastHz = lane.centreHz + best.hz;
    lane.gather(hop, this.weights, this.sums);
    this.timesModel(this.model);
    this.rotate(frequencies, best.hz);
    this.sumLines(frequencies);
    const t0 = -Math.atan2(this.lineIm, this.lineRe) / (2 * Math.PI);
    this.lastBoundary =
      hop === 0 ? t0 : this.lastBoundary + (t0 - this.lastBoundary - Math.round(t0 - this.lastBoundary));
    sink.sync(at, this.lastHz, this.lastBoundary, own.foreign);
  }

  private fitsAnother(lane: CyclicLane, hop: number, score: number): boolean {
    const bar = (foreignFactor * score) / this.modelNorm;
    for (const { model, norm } of this.others) {
      lane.gather(hop, this.weights, this.sums);
      this.timesModel(model);
      for (let i = 0; i < frequencies; i += comparedEvery) if (this.score(i) > bar * norm) return true;
    }
    return false;
  }

  private frequencyOf(index: number): number {
    return this.reachHz * ((2 * index) / (frequencies - 1) - 1);
  }

  /** sums ← sums · conj(model). */
  private timesModel(model: Float64Array): void {
    const { sums } = this;
    for (let i = 0; i < sums.length; i += 2) {
      const a = sums[i]!;
      const b = sums[i + 1]!;
      sums[i] = a * model[i]! + b * model[i + 1]!;
      sums[i + 1] = b * model[i]! - a * model[i + 1]!;
    }
  }

  private rotate(row: number, hz: number): void {
    const first = 2 * this.lags.length * row;
    for (let l = 0; l < this.lags.length; l++) {
      const angle = (-2 * Math.PI * hz * this.lags[l]!) / this.sampleRate;
      this.rotations[first + 2 * l] = Math.cos(angle);
      this.rotations[first + 2 * l + 1] = Math.sin(angle);
    }
  }

  /** Σ Re(C·conj(A)·e^{−j2πfD}·e^{j2πmτ}) at the best timing τ: the mean's part, plus what the lines can add. */
  private score(row: number): number {
    const { sums, rotations, lags } = this;
    const first = 2 * lags.length * row;
    let mean = 0;
    for (let l = 0; l < lags.length; l++) {
      const at = l * cyclicTerms * 2 + 2;
      mean += sums[at]! * rotations[first + 2 * l]! - sums[at + 1]! * rotations[first + 2 * l + 1]!;
    }
    this.sumLines(row);
    return mean + Math.sqrt(this.lineRe * this.lineRe + this.lineIm * this.lineIm);
  }

  /** Σ over lags of the line at + the symbol rate and the conjugate of the one at − the symbol rate. */
  private sumLines(row: number): void {
    const { sums, rotations, lags } = this;
    const first = 2 * lags.length * row;
    let re = 0;
    let im = 0;
    for (let l = 0; l < lags.length; l++) {
      const c = rotations[first + 2 * l]!;
      const s = rotations[first + 2 * l + 1]!;
      const down = l * cyclicTerms * 2;
      const up = down + 4;
      re += (sums[up]! + sums[down]!) * c - (sums[up + 1]! + sums[down + 1]!) * s;
      im += (sums[up]! - sums[down]!) * s + (sums[up + 1]! - sums[down + 1]!) * c;
    }
    this.lineRe = re;
    this.lineIm = im;
  }

  reset(): void {
    for (const lane of this.lanes) lane.reset();
    this.hops = 0;
    this.lastBoundary = 0;
    this.lastHz = 0;
    this.foreign = 0;
  }
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

const scratchScores = new Float64Array(frequencies);
