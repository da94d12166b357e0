import { isSilent } from '../core/silence.ts';
import { SlidingWindow } from '../core/sliding-window.ts';

/** Samples between exact phasors, from an estimate on: the recursion in between loses about 1e-12. */
const reseedEvery = 128;

/**
 * Holds a complex signal back until its carrier frequency is estimated, then shifts that carrier to 0 Hz: frequency
 * interpolated linearly between estimates, phase continuous. Remembers the frequencies for the frames' metadata.
 */
export class Derotator {
  /** Derotated Iq, interleaved: `output.start` and `output.end` count floats. The reader discards. */
  readonly output: SlidingWindow;
  private readonly input: SlidingWindow;
  private readonly sampleRate: number;
  private turns = 0;
  private lastSample = 0;
  private lastHz = 0;
  private estimates = 0;
  /** Estimate before which the last question was answered. */
  private asked = 0;
  /** Ring of the last estimates. */
  private readonly trackSample = new Float64Array(512);
  private readonly trackHz = new Float64Array(512);

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
    this.input = new SlidingWindow(1 << 16);
    this.output = new SlidingWindow(1 << 15);
  }

  push(iq: Float32Array, n: number): void {
    this.input.append(iq, 2 * n);
  }

  /** The carrier is at `hz` at `sample`; estimates come in order, the first one for sample 0. */
  estimate(sample: number, hz: number): void {
    if (this.estimates > 0) this.shift(sample, hz);
    this.lastSample = sample;
    this.lastHz = hz;
    const slot = this.estimates & 511;
    this.trackSample[slot] = sample;
    this.trackHz[slot] = hz;
    this.estimates++;
  }

  private shift(sample: number, hz: number): void {
    const from = this.lastSample;
    const n = sample - from;
    const at = this.output.reserve(2 * n);
    const y = this.output.data;
    const x = this.input.data;
    const base = 2 * from - this.input.start;
    // Turns at sample from + i: this.turns + first·i + slope·i·(i − 1)/2.
    const first = this.lastHz / this.sampleRate;
    const slope = (hz - this.lastHz) / n / this.sampleRate;
    const bendRe = Math.cos(2 * Math.PI * slope);
    const bendIm = -Math.sin(2 * Math.PI * slope);
    const turnsAt = (i: number): number => {
      const turns = this.turns + first * i + (slope * i * (i - 1)) / 2;
      return turns - Math.floor(turns);
    };
    const silent = isSilent(x, base, base + 2 * n);
    if (silent) y.fill(0, at, at + 2 * n);
    for (let i = 0; i < n && !silent; i += reseedEvery) {
      const angle = -2 * Math.PI * turnsAt(i);
      const stepAngle = -2 * Math.PI * (first + slope * i);
      let re = Math.cos(angle);
      let im = Math.sin(angle);
      let stepRe = Math.cos(stepAngle);
      let stepIm = Math.sin(stepAngle);
      const end = 2 * Math.min(n, i + reseedEvery);
      for (let k = 2 * i; k < end; k += 2) {
        const a = x[base + k]!;
        const b = x[base + k + 1]!;
        y[at + k] = a * re - b * im;
        y[at + k + 1] = a * im + b * re;
        const turned = re * stepRe - im * stepIm;
        im = re * stepIm + im * stepRe;
        re = turned;
        const bent = stepRe * bendRe - stepIm * bendIm;
        stepIm = stepRe * bendIm + stepIm * bendRe;
        stepRe = bent;
      }
    }
    this.turns = turnsAt(n);
    this.input.discardBefore(2 * sample);
  }

  /** Carrier frequency at a past sample, Hz. */
  hzAt(sample: number): number {
    if (this.estimates === 0) return 0;
    const { trackSample, trackHz } = this;
    const oldest = Math.max(0, this.estimates - 512);
    const newest = this.estimates - 1;
    // Callers ask for one symbol after the other: the answer lies where the last one was, or next to it.
    let i = Math.min(newest, Math.max(oldest + 1, this.asked));
    while (i < newest && trackSample[i & 511]! <= sample) i++;
    while (i > oldest && trackSample[(i - 1) & 511]! > sample) i--;
    this.asked = i;
    if (i <= oldest) return trackHz[oldest & 511]!;
    const a = (i - 1) & 511;
    const b = i & 511;
    const share = Math.min(1, (sample - trackSample[a]!) / (trackSample[b]! - trackSample[a]!));
    return trackHz[a]! + (trackHz[b]! - trackHz[a]!) * share;
  }

  reset(): void {
    this.input.reset();
    this.output.reset();
    this.turns = 0;
    this.lastSample = 0;
    this.lastHz = 0;
    this.estimates = 0;
    this.asked = 0;
  }
}
