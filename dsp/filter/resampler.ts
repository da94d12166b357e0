import type { Iq, Real } from '../core/types.ts';
import type { AlignedBlock } from './fir-decimator.ts';
import { kaiserBeta, kaiserTaps, windowedSincAt } from './fir-design.ts';

export interface ResamplerSpec {
  /** Sample rates; their ratio may be any number from 1/64 to 64. */
  readonly from: number;
  readonly to: number;
  /** The band ± this part of the lower rate passes unharmed and free of aliases and images. */
  readonly passband?: number;
  readonly stopDb?: number;
}

/** A bank of at most this many phases serves a rational ratio exactly; beyond it, neighbouring phases are interpolated. */
const maxExactPhases = 128;
/** Interpolated phases per radian of the band's highest frequency: the error (ω/P)²/8 is then −90 dB. */
const phasesPerRadian = 64;
const chunkItems = 2048;

/**
 * Resamples by any ratio. Iq (n) → Iq (about n·to/from); output k is the signal at input time k·from/to, so rates that are
 * whole numbers never drift. Output comes `latency` input items late.
 * @throws RangeError on a ratio outside 1/64 to 64, or unless 0 < passband < 0.5
 */
export function resampleIq(spec: ResamplerSpec): AlignedBlock<Iq, Iq> {
  return resampler(spec, 2);
}

/** The same over real samples. Real (n) → Real. */
export function resampleReal(spec: ResamplerSpec): AlignedBlock<Real, Real> {
  return resampler(spec, 1);
}

function resampler<T extends Float32Array>(spec: ResamplerSpec, width: 1 | 2): AlignedBlock<T, T> {
  const { from, to } = spec;
  const { count, phases, taps, exact } = makeBank(spec);
  // Position of the next output behind the window's start: whole items, and `part` of `unit`.
  const divisor = Number.isInteger(from) && Number.isInteger(to) ? greatestCommonDivisor(from, to) : to;
  const unit = to / divisor;
  const step = from / divisor;
  const before = (count >> 1) - 1;
  const buffer = new Float32Array(width * (count + chunkItems));
  let held = before;
  let whole = 0;
  let part = 0;

  return {
    latency: count - 1 - before,
    maxOut: (n) => Math.ceil((n * to) / from) + 1,
    reset() {
      buffer.fill(0);
      held = before;
      whole = 0;
      part = 0;
    },
    process(x, n, y) {
      let written = 0;
      for (let read = 0; read < n; ) {
        const take = Math.min(chunkItems, n - read);
        const source = width * read;
        for (let i = 0; i < width * take; i++) buffer[width * held + i] = x[source + i]!;
        const total = held + take;
        let at = whole;
        let remainder = part;
        for (; at + count <= total; ) {
          const place = exact ? remainder : (remainder / unit) * phases;
          const row = Math.floor(place);
          const share = place - row;
          if (width === 2) dotIq(taps, row * count, count, share, buffer, 2 * at, y, 2 * written);
          else y[written] = dotReal(taps, row * count, count, share, buffer, at);
          written++;
          remainder += step;
          const advance = Math.floor(remainder / unit);
          remainder -= advance * unit;
          at += advance;
        }
        const used = Math.min(at, total);
        buffer.copyWithin(0, width * used, width * total);
        held = total - used;
        whole = at - used;
        part = remainder;
        read += take;
      }
      return written;
    },
  };
}

interface Bank {
  /** Taps of a phase, even. */
  readonly count: number;
  readonly phases: number;
  /** One phase is enough for each output; otherwise it is interpolated with the next. */
  readonly exact: boolean;
  /** phases + 1 rows of `count`, each in the order of its window. */
  readonly taps: Float32Array;
}

function makeBank({ from, to, passband = 0.4, stopDb = 80 }: ResamplerSpec): Bank {
  if (!(from > 0 && to > 0 && to / from >= 1 / 64 && to / from <= 64))
    throw new RangeError(`resampling from ${from} to ${to} is outside the ratios 1/64 to 64`);
  if (!(passband > 0 && passband < 0.5)) throw new RangeError(`pass band ${passband} is not within 0 to 0.5`);
  const lower = Math.min(from, to) / from;
  const divisor = Number.isInteger(from) && Number.isInteger(to) ? greatestCommonDivisor(from, to) : 0;
  const exact = divisor > 0 && to / divisor <= maxExactPhases;
  const phases = exact ? to / divisor : Math.ceil(Math.PI * phasesPerRadian * lower);
  // What lies beyond the lower rate less the pass band folds into the pass band, so the stop band begins there.
  const halfWidth = (kaiserTaps(stopDb, (1 - 2 * passband) * lower) - 1) / 2;
  const half = Math.ceil(halfWidth) + 1;
  const count = 2 * half;
  const beta = kaiserBeta(stopDb);
  const taps = new Float32Array((phases + 1) * count);
  for (let row = 0; row <= phases; row++)
    for (let j = 0; j < count; j++)
      taps[row * count + j] = windowedSincAt(half - 1 + row / phases - j, halfWidth, lower / 2, beta);
  return { count, phases, exact, taps };
}

/** Dot product of the window at `at` with `share` of the way from one row to the next. */
function dotReal(taps: Float32Array, row: number, count: number, share: number, x: Float32Array, at: number): number {
  let sum = 0;
  if (share === 0) {
    for (let j = 0; j < count; j++) sum += taps[row + j]! * x[at + j]!;
    return sum;
  }
  const next = row + count;
  for (let j = 0; j < count; j++) {
    const tap = taps[row + j]!;
    sum += (tap + share * (taps[next + j]! - tap)) * x[at + j]!;
  }
  return sum;
}

/** The same over IQ pairs, stored at y[to]. */
function dotIq(
  taps: Float32Array,
  row: number,
  count: number,
  share: number,
  x: Float32Array,
  at: number,
  y: Float32Array,
  to: number,
): void {
  const next = share === 0 ? row : row + count;
  let re = 0;
  let im = 0;
  let i = at;
  for (let j = 0; j < count; j++) {
    const here = taps[row + j]!;
    const tap = here + share * (taps[next + j]! - here);
    re += tap * x[i]!;
    im += tap * x[i + 1]!;
    i += 2;
  }
  y[to] = re;
  y[to + 1] = im;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [high, low] = [a, b];
  while (low > 0) [high, low] = [low, high % low];
  return high;
}
