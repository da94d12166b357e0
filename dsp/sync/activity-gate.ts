import { SlidingWindow } from '../core/sliding-window.ts';
import { channelFilter, type Pushing, type Stage } from '../modulation/channel-filter.ts';
import { iqMixer } from '../modulation/front.ts';
import { hopSymbols, longWeights, shortWeights } from './hop-weights.ts';

export interface ActivityGateOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** Carriers are expected within ± this, Hz. */
  readonly searchHz: number;
  /** For codes that work below 0 dB Es/N0: looks at twice as many symbols. */
  readonly long: boolean;
}

/**
 * Squared distance from white noise that opens the gate, by length. White noise exceeds it in 0.1 % of the decisions; the
 * weakest hundredth of frames at the 50 % point lies at nine times (AX.25, h 0.5 to 1) and twice as much (USP).
 */
const shortThreshold = 0.009;
const longThreshold = 0.0048;
/** Decisions to each side that open the gate too. */
const side = 2;
/** A lane sees carriers within ± this of its centre, in symbol rates. */
const laneReach = 0.3;
const passSymbols = 0.75;
const stopSymbols = 1.15;
const lags = [1, 2, 3, 4];

/**
 * Lets a signal pass and silences noise: where the autocorrelation of the channel is that of white noise behind a filter,
 * zeros come out instead of samples, which cost the stages behind next to nothing. It looks at nothing but the shape of
 * the spectrum, whatever the modulation index and the data. Noise that isn't white passes as a signal would.
 */
export class ActivityGate implements Pushing {
  /** Samples held back. */
  readonly latency: number;
  private readonly lanes: readonly Lane[];
  private readonly weights: readonly number[];
  private readonly threshold: number;
  private readonly hop: number;
  private readonly input = new SlidingWindow(1 << 14);
  private readonly silence: Float32Array;
  private readonly next: Stage;
  /** Whether each decision found a signal, ring. */
  private readonly found = new Uint8Array(32);
  private hops = 0;
  private decided = 0;
  private passed = 0;

  constructor(options: ActivityGateOptions, next: Stage) {
    const { sampleRate, symbolRate, searchHz } = options;
    const factor = Math.max(1, Math.floor(sampleRate / symbolRate / 2.4));
    const hopItems = Math.round((hopSymbols * sampleRate) / symbolRate / factor);
    this.next = next;
    this.hop = hopItems * factor;
    this.silence = new Float32Array(2 * this.hop);
    this.weights = options.long ? longWeights : shortWeights;
    this.threshold = options.long ? longThreshold : shortThreshold;
    const sideLanes = Math.max(0, Math.ceil((searchHz / symbolRate - laneReach) / (2 * laneReach)));
    this.lanes = Array.from(
      { length: 2 * sideLanes + 1 },
      (_, i) => new Lane(sampleRate, symbolRate, (i - sideLanes) * 2 * laneReach * symbolRate, factor, hopItems),
    );
    this.latency = (this.weights.length / 2 + side + 2) * this.hop;
  }

  push: Stage = (iq, n) => {
    this.input.append(iq, 2 * n);
    for (const lane of this.lanes) lane.stages[0]!.push(iq, n);
    for (;;) {
      let measured = false;
      for (const lane of this.lanes) measured = lane.measure(this.hops);
      if (!measured) return;
      this.hops++;
      if (this.hops >= this.weights.length / 2) this.decide();
    }
  };

  /** Decision d is about the boundary between hops d − 1 and d. */
  private decide(): void {
    let most = 0;
    for (const lane of this.lanes) most = Math.max(most, lane.distance(this.decided, this.weights));
    this.found[this.decided % this.found.length] = most > this.threshold ? 1 : 0;
    this.decided++;
    while (this.passed + 1 + side < this.decided) this.pass();
  }

  /** Hands on one hop, or silence. */
  private pass(): void {
    let open = false;
    for (let d = Math.max(0, this.passed - side); d <= this.passed + 1 + side; d++)
      if (this.found[d % this.found.length] === 1) open = true;
    const first = 2 * this.passed * this.hop;
    const at = first - this.input.start;
    this.passed++;
    if (open) this.next(this.input.data.subarray(at, at + 2 * this.hop), this.hop);
    else this.next(this.silence, this.hop);
    this.input.discardBefore(first + 2 * this.hop);
  }

  reset(): void {
    for (const lane of this.lanes) lane.reset();
    this.input.reset();
    this.hops = 0;
    this.decided = 0;
    this.passed = 0;
  }
}

const depth = 16;
const terms = 1 + 2 * lags.length;

/** The autocorrelation of one part of the searched band, hop by hop. */
class Lane {
  readonly stages: readonly Pushing[];
  private readonly filtered = new SlidingWindow(1 << 13);
  /** Of the last hops: power, then re and im of each lag. */
  private readonly sums = new Float64Array(depth * terms);
  private readonly total = new Float64Array(terms);
  private readonly white: readonly number[];
  private readonly hop: number;
  private hops = 0;

  constructor(sampleRate: number, symbolRate: number, centreHz: number, factor: number, hop: number) {
    this.hop = hop;
    const stop = Math.min(stopSymbols * symbolRate, 0.48 * sampleRate);
    const pass = Math.min(passSymbols * symbolRate, 0.7 * stop);
    const make = (next: Stage) => channelFilter(sampleRate, pass, stop, factor, next);
    const filter = make((iq, n) => this.filtered.append(iq, 2 * n));
    this.stages = centreHz === 0 ? [filter] : [iqMixer(sampleRate, centreHz, filter.push), filter];
    this.white = autocorrelationOfFilter(make, factor);
  }

  measure(hop: number): boolean {
    const first = hop * this.hop;
    if (2 * (first + this.hop) > this.filtered.end) return false;
    const y = this.filtered.data;
    const base = 2 * first - this.filtered.start;
    const row = (hop % depth) * terms;
    for (let l = 0; l <= lags.length; l++) {
      const lag = l === 0 ? 0 : lags[l - 1]!;
      let re = 0;
      let im = 0;
      for (let i = base + 2 * (first < lag ? lag - first : 0); i < base + 2 * this.hop; i += 2) {
        const a = y[i]!;
        const b = y[i + 1]!;
        const c = y[i - 2 * lag]!;
        const d = y[i + 1 - 2 * lag]!;
        re += a * c + b * d;
        im += b * c - a * d;
      }
      if (l === 0) this.sums[row] = re;
      else {
        this.sums[row + 2 * l - 1] = re;
        this.sums[row + 2 * l] = im;
      }
    }
    this.hops = hop + 1;
    this.filtered.discardBefore(2 * (first + this.hop - 8));
    return true;
  }

  /** Squared distance of the autocorrelation around the boundary before hop `hop` from that of white noise; 0 in silence. */
  distance(hop: number, weights: readonly number[]): number {
    const { total, white } = this;
    total.fill(0);
    for (let i = 0; i < weights.length; i++) {
      const h = hop - weights.length / 2 + i;
      if (h < 0 || h >= this.hops) continue;
      for (let k = 0; k < terms; k++) total[k]! += weights[i]! * this.sums[(h % depth) * terms + k]!;
    }
    if (!(total[0]! > 0)) return 0;
    let sum = 0;
    for (let l = 0; l < lags.length; l++)
      sum += (total[2 * l + 1]! / total[0]! - white[l]!) ** 2 + (total[2 * l + 2]! / total[0]!) ** 2;
    return sum;
  }

  reset(): void {
    for (const stage of this.stages) stage.reset();
    this.filtered.reset();
    this.hops = 0;
  }
}

/** Autocorrelation of white noise behind a filter at the lags, relative to its power. */
function autocorrelationOfFilter(make: (next: Stage) => Pushing, factor: number): number[] {
  const size = 2048;
  const sums = new Float64Array(lags.length + 1);
  // Decimation by `factor`: an impulse at each of its phases.
  for (let phase = 0; phase < factor; phase++) {
    const response: number[] = [];
    const filter = make((iq, n) => {
      for (let i = 0; i < n; i++) response.push(iq[2 * i]!);
    });
    const impulse = new Float32Array(2 * size);
    impulse[size + 2 * phase] = 1;
    filter.push(impulse, size);
    response.forEach((value, i) => {
      [0, ...lags].forEach((lag, l) => {
        sums[l]! += value * (response[i - lag] ?? 0);
      });
    });
  }
  return lags.map((_, l) => sums[l + 1]! / sums[0]!);
}
