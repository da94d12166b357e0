import { addLineSums } from './line-sums.ts';

/** Symbols a hop: the estimate is renewed this often. */
const hopSymbols = 64;
/** Weights of the hops around the estimated one: about 250 symbols count, enough at an uncoded threshold. */
const weights = [1, 2, 3, 2, 1] as const;
const side = (weights.length - 1) / 2;
/**
 * Hops on each side whose line powers decide the symbol rate. A transmitter's rate stays while noise jumps: a choice from
 * one estimate alone slips symbols at a coded threshold.
 */
const rateSide = 6;
/** Spacing of the searched symbol rates, relative: half the resolution of the weighted hops. */
const rateStep = 0.0025;

/**
 * What a rate's line power counts less for each step from the nominal rate, which nearly all transmitters and sound cards keep to
 * a fraction of a step. A burst that is shorter than the hops that decide does not lose its clock to the noise around it.
 */
const priorSlope = 0.15;

/** A point of the symbol clock: at sample `sample` the symbol phase is `phase` (symbol centres at whole numbers). */
export interface ClockAnchor {
  sample: number;
  phase: number;
}

/**
 * Feed-forward symbol timing from the spectral line at the symbol rate of a timing signal (a squared matched-filter
 * output, largest at symbol centres). No loop, so no acquisition: an estimate every 64 symbols from the 320 around it,
 * searched over symbol rates of ±`maxRateError`.
 *
 * Method: Oerder and Meyr, "Digital filter and square timing recovery", IEEE Trans. Comm. 36 (1988).
 */
export class SymbolClock {
  private readonly samplesPerSymbol: number;
  private readonly bins: number;
  private readonly frequency: Float64Array;
  private readonly prior: Float64Array;
  /** Line sums of the last hops, [hop modulo 8][bin] as re, im. */
  private readonly sums: Float64Array;
  /** Weighted line phasors of the last estimates, [hop modulo 32][bin] as re, im. */
  private readonly lines: Float64Array;
  private readonly phasors: Float64Array;
  /** Sum of the timing signal over the current hop. */
  private total = 0;
  private hop = 0;
  private next = 0;
  private hopEnd: number;
  private last: ClockAnchor = { sample: 0, phase: 0 };
  private lastFrequency = 0;
  private anchors = 0;

  /** @throws RangeError unless samplesPerSymbol ≥ 2 */
  constructor(samplesPerSymbol: number, maxRateError: number) {
    if (!(samplesPerSymbol >= 2))
      throw new RangeError(`symbol clock needs 2 samples a symbol, not ${samplesPerSymbol}`);
    this.samplesPerSymbol = samplesPerSymbol;
    const halfBins = Math.max(0, Math.round(maxRateError / rateStep));
    this.bins = 2 * halfBins + 1;
    this.frequency = new Float64Array(this.bins);
    for (let j = 0; j < this.bins; j++) this.frequency[j] = (1 + (j - halfBins) * rateStep) / samplesPerSymbol;
    this.prior = Float64Array.from({ length: this.bins }, (_, j) => 1 - priorSlope * Math.abs(j - halfBins));
    this.sums = new Float64Array(8 * this.bins * 2);
    this.lines = new Float64Array(32 * this.bins * 2);
    this.phasors = new Float64Array(2 * this.bins);
    this.seed();
    this.hopEnd = this.boundary(1);
  }

  /** Samples between the newest sample read and the newest anchor, at most. */
  get latency(): number {
    return Math.ceil((side + rateSide + 1.5) * hopSymbols * this.samplesPerSymbol) + 2;
  }

  private boundary(hop: number): number {
    return Math.round(hop * hopSymbols * this.samplesPerSymbol);
  }

  /** Reads timing samples `z[from … from+n)`, absolute index `first` onwards (gapless); calls `anchor` for each new one. */
  push(z: Float32Array, from: number, n: number, anchor: (previous: ClockAnchor, current: ClockAnchor) => void): void {
    let at = 0;
    while (at < n) {
      const take = Math.min(n - at, this.hopEnd - this.next);
      this.accumulate(z, from + at, take);
      at += take;
      this.next += take;
      if (this.next === this.hopEnd) this.finishHop(anchor);
    }
  }

  private accumulate(z: Float32Array, from: number, n: number): void {
    let total = this.total;
    for (let i = from; i < from + n; i++) total += z[i]!;
    this.total = total;
    addLineSums(z, from, n, this.frequency, this.phasors, this.sums, (this.hop & 7) * this.bins * 2);
  }

  /** Phasors start anew from the absolute index at every hop: rounding does not build up over a year. */
  private seed(): void {
    for (let j = 0; j < this.bins; j++) {
      const turns = this.next * this.frequency[j]!;
      const angle = -2 * Math.PI * (turns - Math.floor(turns));
      this.phasors[2 * j] = Math.cos(angle);
      this.phasors[2 * j + 1] = Math.sin(angle);
    }
  }

  private finishHop(anchor: (previous: ClockAnchor, current: ClockAnchor) => void): void {
    // Each hop counts by the depth of its line, not by its power: FM noise before a burst is far louder than the burst.
    const done = (this.hop & 7) * this.bins * 2;
    const scale = this.total > 0 ? 1 / this.total : 0;
    for (let i = done; i < done + 2 * this.bins; i++) this.sums[i]! *= scale;
    this.total = 0;
    this.hop++;
    this.hopEnd = this.boundary(this.hop + 1);
    const row = (this.hop & 7) * this.bins * 2;
    this.sums.fill(0, row, row + 2 * this.bins);
    this.seed();
    const centreHop = this.hop - 1 - side;
    if (centreHop < 0) return;
    this.line(centreHop);
    if (centreHop >= rateSide) this.estimate(centreHop - rateSide, anchor);
  }

  private line(centreHop: number): void {
    for (let j = 0; j < this.bins; j++) {
      let re = 0;
      let im = 0;
      for (let d = -side; d <= side; d++) {
        const hop = centreHop + d;
        if (hop < 0) continue;
        const i = ((hop & 7) * this.bins + j) * 2;
        const w = weights[d + side]!;
        re += w * this.sums[i]!;
        im += w * this.sums[i + 1]!;
      }
      const at = ((centreHop & 31) * this.bins + j) * 2;
      this.lines[at] = re;
      this.lines[at + 1] = im;
    }
  }

  private estimate(centreHop: number, anchor: (previous: ClockAnchor, current: ClockAnchor) => void): void {
    let best = -1;
    let bestBin = 0;
    for (let j = 0; j < this.bins; j++) {
      let power = 0;
      for (let hop = Math.max(0, centreHop - rateSide); hop <= centreHop + rateSide; hop++) {
        const at = ((hop & 31) * this.bins + j) * 2;
        power += this.lines[at]! ** 2 + this.lines[at + 1]! ** 2;
      }
      power *= this.prior[j]!;
      if (power > best) {
        best = power;
        bestBin = j;
      }
    }
    const at = ((centreHop & 31) * this.bins + bestBin) * 2;
    const bestRe = this.lines[at]!;
    const bestIm = this.lines[at + 1]!;
    const f = this.frequency[bestBin]!;
    const sample = (this.boundary(centreHop) + this.boundary(centreHop + 1)) / 2;
    // The line has phase −2πf·n0 where n0 is a symbol centre, so the symbol phase at `sample` is f·sample + arg/2π.
    const turns = f * sample + Math.atan2(bestIm, bestRe) / (2 * Math.PI);
    const phase = turns - Math.floor(turns);
    const previous = this.last;
    const current: ClockAnchor = { sample, phase };
    if (this.anchors > 0) {
      const predicted = previous.phase + (sample - previous.sample) * 0.5 * (f + this.lastFrequency);
      const error = phase - predicted;
      current.phase = predicted + (error - Math.round(error));
      anchor(previous, current);
    }
    this.last = current;
    this.lastFrequency = f;
    this.anchors++;
  }

  reset(): void {
    this.sums.fill(0);
    this.total = 0;
    this.hop = 0;
    this.next = 0;
    this.hopEnd = this.boundary(1);
    this.last = { sample: 0, phase: 0 };
    this.lastFrequency = 0;
    this.anchors = 0;
    this.seed();
  }
}
