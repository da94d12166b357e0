import type { Block, Iq } from '../core/types.ts';

/** Samples between exact phasors: the recursion in between loses about 1e-12. */
const reseedEvery = 128;

export interface DopplerNcoOptions {
  readonly sampleRate: number;
  /** Samples between two points of the frequency, a multiple of 128. Between points it runs linearly. */
  readonly pointEvery: number;
  /**
   * Frequency shift in Hz at a sample, counted from the reset: a carrier at f comes out at f + shift. Asked once for every
   * multiple of `pointEvery`, in order, when the samples before it are read.
   */
  readonly shiftHzAt: (sample: number) => number;
}

/**
 * Shifts a complex signal by a frequency that changes all the time, such as a Doppler shift: the frequency has no steps and so
 * neither has the phase. Sample n is turned by 2π·Σ shift(k)/sampleRate over k < n, within 1e-7 rad. Zeros stay zeros.
 * Iq (n) → Iq (n), in place allowed.
 * @throws RangeError unless `pointEvery` is a positive multiple of 128; `process` unless |shift| ≤ sampleRate / 2
 */
export function dopplerNco({ sampleRate, pointEvery, shiftHzAt }: DopplerNcoOptions): Block<Iq, Iq> {
  if (!(sampleRate > 0 && pointEvery > 0 && pointEvery % reseedEvery === 0))
    throw new RangeError(`points every ${pointEvery} samples: a multiple of ${reseedEvery} is needed`);
  /** Sample and phase (cycles) of the last point; shift there and at the next one, cycles a sample; its change a sample. */
  let point = 0;
  let phase = 0;
  let shift = 0;
  let next = Number.NaN;
  let bend = 0;
  /** Samples since the point, the phasor of the next one, its step, and the step's own turn. */
  let since = 0;
  let re = 1;
  let im = 0;
  let stepRe = 1;
  let stepIm = 0;
  let bendRe = 1;
  let bendIm = 0;

  function cyclesAt(sample: number): number {
    const shiftHz = shiftHzAt(sample);
    if (!(Math.abs(shiftHz) <= sampleRate / 2))
      throw new RangeError(`a shift of ${shiftHz} Hz does not fit a sample rate of ${sampleRate} Hz`);
    return shiftHz / sampleRate;
  }

  /** Cycles between the point and `n` samples behind it. */
  const cycles = (n: number) => shift * n + (bend * n * (n - 1)) / 2;

  function toNextPoint(): void {
    if (Number.isNaN(next)) next = cyclesAt(0);
    else {
      phase = fraction(phase + cycles(pointEvery));
      point += pointEvery;
    }
    shift = next;
    next = cyclesAt(point + pointEvery);
    bend = (next - shift) / pointEvery;
    since = 0;
    bendRe = Math.cos(2 * Math.PI * bend);
    bendIm = Math.sin(2 * Math.PI * bend);
  }

  function reseed(): void {
    const angle = 2 * Math.PI * fraction(phase + cycles(since));
    const stepAngle = 2 * Math.PI * (shift + bend * since);
    re = Math.cos(angle);
    im = Math.sin(angle);
    stepRe = Math.cos(stepAngle);
    stepIm = Math.sin(stepAngle);
  }

  /** Turns samples that lie between two exact phasors. */
  function turn(x: Iq, y: Iq, from: number, to: number): void {
    let a = re;
    let b = im;
    let c = stepRe;
    let d = stepIm;
    for (let i = 2 * from; i < 2 * to; i += 2) {
      const p = x[i]!;
      const q = x[i + 1]!;
      // What is 0 · −1 would depend on the cuts, were it not made a plain 0.
      y[i] = p * a - q * b + 0;
      y[i + 1] = p * b + q * a + 0;
      const turned = a * c - b * d;
      b = a * d + b * c;
      a = turned;
      const bent = c * bendRe - d * bendIm;
      d = c * bendIm + d * bendRe;
      c = bent;
    }
    re = a;
    im = b;
    stepRe = c;
    stepIm = d;
  }

  return {
    maxOut: (n) => n,
    process(x, n, y) {
      for (let read = 0; read < n; ) {
        if (Number.isNaN(next) || since === pointEvery) toNextPoint();
        const within = since % reseedEvery;
        if (within === 0) reseed();
        const take = Math.min(n - read, reseedEvery - within);
        turn(x, y, read, read + take);
        read += take;
        since += take;
      }
      return n;
    },
    reset() {
      point = 0;
      phase = 0;
      next = Number.NaN;
      since = 0;
    },
  };
}

function fraction(cycles: number): number {
  return cycles - Math.floor(cycles);
}
