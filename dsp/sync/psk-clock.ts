import { addLineSums } from './line-sums.ts';
import type { ClockAnchor } from './symbol-clock.ts';

/** Symbols a hop: the estimate is renewed this often. */
const hopSymbols = 64;
/** Hops on each side under a Hann window. */
const side = 5;
/** Hops ahead whose lines help to choose the symbol rate, and the memory of those behind. */
const rateAhead = 8;
const memoryHops = 64;
/** Spacing of the searched symbol rates, relative: a third of the resolution of the window. */
const rateStep = 0.0005;
/** Spacing of the rates at which hops are summed; within a hop, half of it turns the line by 1/6 of a circle. */
const coarseStep = 0.005;
/**
 * A rate at the end of the search needs this much more than the nominal one, in mean line powers of all rates. Less, and the noise
 * before a burst chooses the rate of its first symbols.
 */
const priorForNominal = 1;

/**
 * Feed-forward symbol timing for signals below their noise: the line at the symbol rate of a timing signal, as
 * SymbolClock, but with windows of 700 symbols and a rate that is chosen over thousands, as a transmitter keeps its rate.
 *
 * Method: Oerder and Meyr, "Digital filter and square timing recovery", IEEE Trans. Comm. 36 (1988).
 */
export class PskClock {
  /** Samples between the newest sample read and the newest anchor, at most. */
  readonly latency: number;
  private readonly samplesPerSymbol: number;
  private readonly coarse: Float64Array;
  private readonly fine: Float64Array;
  /** Coarse bin that serves each fine rate. */
  private readonly served: Int32Array;
  private readonly hann: Float64Array;
  private readonly ring = 32;
  /** Hop sums [hop][coarse bin], lines [hop][fine rate], both re, im. */
  private readonly sums: Float64Array;
  private readonly lines: Float64Array;
  private readonly score: Float64Array;
  private readonly phasors: Float64Array;
  private total = 0;
  private hop = 0;
  private next = 0;
  private hopEnd = 0;
  private last: ClockAnchor = { sample: 0, phase: 0 };
  private lastFrequency = 0;
  private anchors = 0;

  constructor(samplesPerSymbol: number, maxRateError: number) {
    this.samplesPerSymbol = samplesPerSymbol;
    const halfFine = Math.round(maxRateError / rateStep);
    const halfCoarse = Math.max(0, Math.ceil((maxRateError - coarseStep / 2) / coarseStep));
    this.fine = Float64Array.from(
      { length: 2 * halfFine + 1 },
      (_, i) => (1 + (i - halfFine) * rateStep) / samplesPerSymbol,
    );
    this.coarse = Float64Array.from(
      { length: 2 * halfCoarse + 1 },
      (_, i) => (1 + (i - halfCoarse) * coarseStep) / samplesPerSymbol,
    );
    this.served = Int32Array.from(
      this.fine,
      (_, i) =>
        Math.max(-halfCoarse, Math.min(halfCoarse, Math.round(((i - halfFine) * rateStep) / coarseStep))) + halfCoarse,
    );
    this.hann = Float64Array.from(
      { length: 2 * side + 1 },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (2 * side + 2)),
    );
    this.sums = new Float64Array(this.ring * this.coarse.length * 2);
    this.lines = new Float64Array(this.ring * this.fine.length * 2);
    this.score = new Float64Array(this.fine.length);
    this.phasors = new Float64Array(2 * this.coarse.length);
    this.latency = Math.ceil((side + rateAhead + 1.5) * hopSymbols * samplesPerSymbol) + 2;
    this.begin();
  }

  private boundary(hop: number): number {
    return Math.round(hop * hopSymbols * this.samplesPerSymbol);
  }

  private centre(hop: number): number {
    return (this.boundary(hop) + this.boundary(hop + 1) - 1) / 2;
  }

  /** Reads timing samples `z[from … from+n)`; calls `anchor` for each new one. */
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

  /** Phases are relative to the hop's centre: rounding does not build up over a year. */
  private begin(): void {
    this.hopEnd = this.boundary(this.hop + 1);
    this.total = 0;
    const row = (this.hop % this.ring) * this.coarse.length * 2;
    this.sums.fill(0, row, row + 2 * this.coarse.length);
    for (let j = 0; j < this.coarse.length; j++) {
      const angle = -2 * Math.PI * this.coarse[j]! * (this.next - this.centre(this.hop));
      this.phasors[2 * j] = Math.cos(angle);
      this.phasors[2 * j + 1] = Math.sin(angle);
    }
  }

  private accumulate(z: Float32Array, from: number, n: number): void {
    let total = 0;
    for (let i = from; i < from + n; i++) total += Math.abs(z[i]!);
    this.total += total;
    addLineSums(z, from, n, this.coarse, this.phasors, this.sums, (this.hop % this.ring) * this.coarse.length * 2);
  }

  private finishHop(anchor: (previous: ClockAnchor, current: ClockAnchor) => void): void {
    // Each hop counts by the depth of its line, not by its power: noise before a burst may be louder than the burst.
    const row = (this.hop % this.ring) * this.coarse.length * 2;
    const scale = this.total > 0 ? 1 / this.total : 0;
    for (let i = row; i < row + 2 * this.coarse.length; i++) this.sums[i]! *= scale;
    this.hop++;
    this.begin();
    const lineHop = this.hop - 1 - side;
    if (lineHop < 0) return;
    this.line(lineHop);
    if (lineHop >= rateAhead) this.estimate(lineHop - rateAhead, anchor);
  }

  private line(centreHop: number): void {
    const { fine, coarse, served, sums, lines, score, ring } = this;
    const centre = this.centre(centreHop);
    const forget = 1 - 1 / memoryHops;
    const bins = coarse.length;
    for (let j = 0; j < fine.length; j++) {
      let re = 0;
      let im = 0;
      const f = -2 * Math.PI * fine[j]!;
      for (let d = -side; d <= side; d++) {
        const hop = centreHop + d;
        if (hop < 0) continue;
        const i = ((hop % ring) * bins + served[j]!) * 2;
        const angle = f * (this.centre(hop) - centre);
        const w = this.hann[d + side]!;
        const c = w * Math.cos(angle);
        const s = w * Math.sin(angle);
        re += c * sums[i]! - s * sums[i + 1]!;
        im += c * sums[i + 1]! + s * sums[i]!;
      }
      const at = ((centreHop % ring) * fine.length + j) * 2;
      lines[at] = re;
      lines[at + 1] = im;
      score[j] = forget * score[j]! + re * re + im * im;
    }
  }

  private estimate(centreHop: number, anchor: (previous: ClockAnchor, current: ClockAnchor) => void): void {
    const { fine, score } = this;
    const middle = (fine.length - 1) / 2;
    let mean = 0;
    for (let j = 0; j < fine.length; j++) mean += score[j]! / fine.length;
    let best = middle;
    let bestValue = score[middle]!;
    for (let j = 0; j < fine.length; j++) {
      const value = score[j]! - (priorForNominal * mean * Math.abs(j - middle)) / Math.max(1, middle);
      if (value > bestValue) {
        bestValue = value;
        best = j;
      }
    }
    const at = ((centreHop % this.ring) * fine.length + best) * 2;
    const f = fine[best]!;
    const sample = this.centre(centreHop);
    // Relative to the hop's centre the line has the phase −2πf·(n0 − centre), where n0 is a symbol centre.
    const turns = Math.atan2(this.lines[at + 1]!, this.lines[at]!) / (2 * Math.PI);
    const phase = turns - Math.floor(turns);
    const previous = this.last;
    const current: ClockAnchor = { sample, phase };
    // What lies before the first estimate follows it.
    if (this.anchors === 0) anchor({ sample: 0, phase: phase - sample * f }, current);
    else {
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
    this.lines.fill(0);
    this.score.fill(0);
    this.hop = 0;
    this.next = 0;
    this.last = { sample: 0, phase: 0 };
    this.lastFrequency = 0;
    this.anchors = 0;
    this.begin();
  }
}
