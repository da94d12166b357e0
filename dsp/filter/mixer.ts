import type { Block, Iq } from '../core/types.ts';

/** Samples between exact phasors: the recursion in between is in double precision and loses about 1e-14. */
const reseedEvery = 256;

export interface Mixer extends Block<Iq, Iq> {
  /** New shift from the next sample on, without a step in phase. @throws RangeError as the factory */
  setShift(shiftHz: number): void;
}

/**
 * Shifts a complex signal by `shiftHz`: a carrier at f comes out at f + shiftHz. Iq (n) → Iq (n), in place allowed.
 * @throws RangeError unless |shiftHz| ≤ sampleRate / 2
 */
export function mixer(shiftHz: number, sampleRate: number): Mixer {
  let stepCycles = cyclesPerSample(shiftHz, sampleRate);
  let stepRe = Math.cos(2 * Math.PI * stepCycles);
  let stepIm = Math.sin(2 * Math.PI * stepCycles);
  /** Phase in cycles at the last exact phasor, and samples since. */
  let seed = 0;
  let since = 0;
  let re = 1;
  let im = 0;

  return {
    maxOut: (n) => n,
    setShift(hz) {
      const next = cyclesPerSample(hz, sampleRate);
      seed = fraction(seed + since * stepCycles);
      since = 0;
      stepCycles = next;
      stepRe = Math.cos(2 * Math.PI * next);
      stepIm = Math.sin(2 * Math.PI * next);
      re = Math.cos(2 * Math.PI * seed);
      im = Math.sin(2 * Math.PI * seed);
    },
    process(x, n, y) {
      const cosine = stepRe;
      const sine = stepIm;
      let c = re;
      let s = im;
      let count = since;
      for (let i = 0; i < 2 * n; i += 2) {
        const a = x[i]!;
        const b = x[i + 1]!;
        y[i] = a * c - b * s;
        y[i + 1] = a * s + b * c;
        if (++count === reseedEvery) {
          seed = fraction(seed + reseedEvery * stepCycles);
          c = Math.cos(2 * Math.PI * seed);
          s = Math.sin(2 * Math.PI * seed);
          count = 0;
        } else {
          const turned = c * cosine - s * sine;
          s = c * sine + s * cosine;
          c = turned;
        }
      }
      re = c;
      im = s;
      since = count;
      return n;
    },
    reset() {
      seed = 0;
      since = 0;
      re = 1;
      im = 0;
    },
  };
}

function cyclesPerSample(shiftHz: number, sampleRate: number): number {
  if (!(sampleRate > 0 && Math.abs(shiftHz) <= sampleRate / 2))
    throw new RangeError(`a shift of ${shiftHz} Hz does not fit a sample rate of ${sampleRate} Hz`);
  return shiftHz / sampleRate;
}

function fraction(cycles: number): number {
  return cycles - Math.floor(cycles);
}
