import { SlidingWindow } from '../core/sliding-window.ts';
import type { Soft } from '../core/types.ts';
import { type ClockAnchor, SymbolClock } from '../sync/symbol-clock.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** How the zero line between the two frequencies is found; each is tried, since each fails on some real signal. */
const zeroLines = ['none', 'mean', 'clusters'] as const;
export const fskRealVariants = zeroLines.length;
/** Symbols on each side that the zero line and the level come from. */
const meanSide = 16;
const clusterSide = 96;
/** The zero line is renewed every so many symbols. */
const grain = 16;
/** Symbols held back: the widest window plus one grain. */
const lookAhead = clusterSide + grain;

export interface FskRealOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** Hz per unit of the input, or NaN when unknown (audio). Turns the zero line into a carrier offset. */
  readonly hzPerUnit: number;
  /** Greatest relative error of the symbol rate. */
  readonly maxRateError?: number;
}

/** Correlator over one symbol, ends weighted so that its length is exact: the matched filter of a rectangular pulse. */
function boxcar(samples: number): Float32Array {
  const half = Math.ceil(samples / 2 - 0.5);
  const taps = new Float32Array(2 * half + 1).fill(1 / samples);
  const edge = (samples - (2 * half - 1)) / 2 / samples;
  taps[0] = edge;
  taps[2 * half] = edge;
  return taps;
}

/**
 * Frequency-shift keying after an FM discriminator: real samples (instantaneous frequency) → soft symbols, > 0 for the
 * higher frequency. Matched filter over one symbol, feed-forward timing, and three zero lines in parallel. The robust
 * receiver for audio of unknown gain; needs no modulation index and no carrier.
 */
export function fskReal(options: FskRealOptions, sink: SymbolSink): SymbolDemodulator {
  const { sampleRate, symbolRate, hzPerUnit } = options;
  const samplesPerSymbol = sampleRate / symbolRate;
  const taps = boxcar(samplesPerSymbol);
  const half = (taps.length - 1) / 2;
  const clock = new SymbolClock(samplesPerSymbol, options.maxRateError ?? 0.0075);
  const input = new SlidingWindow(1 << 14);
  const filtered = new SlidingWindow(1 << 15);
  const timing = new SlidingWindow(1 << 14);
  const meanSamples = Math.round(64 * samplesPerSymbol);
  let sum = 0;
  let summed = 0;

  const symbols = new SlidingWindow(1 << 13);
  /** Ring over the symbols in flight; a piece of input brings at most 2048 more. */
  const positions = new Float64Array(1 << 13);
  let emitted = 0;
  const blockSize = 256;
  const soft = zeroLines.map(() => new Float32Array(blockSize) as Soft);
  const position = new Float64Array(blockSize);
  const offsetHz = new Float32Array(blockSize);
  const zero = new Float64Array(zeroLines.length);

  /** The input is taken to be zero before its first sample. */
  function prime(): void {
    input.start = -half;
    input.end = -half;
    input.append(new Float32Array(half), half);
  }
  prime();

  function filter(): void {
    const x = input.data;
    const n = input.end - input.start - 2 * half;
    if (n <= 0) return;
    const at = filtered.reserve(n);
    const y = filtered.data;
    for (let i = 0; i < n; i++) {
      let acc = 0;
      for (let k = 0; k < taps.length; k++) acc += taps[k]! * x[i + k]!;
      y[at + i] = acc;
    }
    // Exactly 2·half samples of history stay, so that filtered sample m is centred on input sample m.
    input.data.copyWithin(0, n, n + 2 * half);
    input.start += n;
  }

  /** The timing signal: the filtered signal less its mean over ±64 symbols, squared. */
  function square(): void {
    const from = timing.end;
    const to = filtered.end - meanSamples;
    if (to <= from) return;
    const at = timing.reserve(to - from);
    const y = filtered.data;
    const base = filtered.start;
    for (let i = from; i < to; i++) {
      while (summed < i + meanSamples) {
        sum += y[summed - base]!;
        summed++;
        if (summed > 2 * meanSamples) sum -= y[summed - 1 - 2 * meanSamples - base]!;
      }
      const mean = sum / Math.min(summed, 2 * meanSamples);
      const d = y[i - base]! - mean;
      timing.data[at + i - from] = d * d;
    }
    clock.push(timing.data, at, to - from, onAnchor);
    timing.discardBefore(timing.end);
  }

  function onAnchor(a: ClockAnchor, b: ClockAnchor): void {
    const slope = (b.sample - a.sample) / (b.phase - a.phase);
    const y = filtered.data;
    const base = filtered.start;
    for (let k = Math.ceil(a.phase); k < b.phase; k++) {
      const t = a.sample + (k - a.phase) * slope;
      const i = Math.floor(t);
      const u = t - i;
      const o = i - base;
      if (o < 1 || o + 2 >= filtered.end - base) continue;
      // Cubic Lagrange: at two or more samples a symbol of a filtered signal its error is far below the noise.
      const value =
        (-u * (u - 1) * (u - 2) * y[o - 1]!) / 6 +
        ((u + 1) * (u - 1) * (u - 2) * y[o]!) / 2 -
        ((u + 1) * u * (u - 2) * y[o + 1]!) / 2 +
        ((u + 1) * u * (u - 1) * y[o + 2]!) / 6;
      const at = symbols.reserve(1);
      symbols.data[at] = value;
      positions[(symbols.end - 1) & (positions.length - 1)] = t;
    }
  }

  /** Midpoint of the two clusters of the symbols [lo, hi): right also where ones and zeros are not balanced. */
  function clusterMidpoint(lo: number, hi: number): number {
    const s = symbols.data;
    const base = symbols.start;
    let mid = 0;
    for (let k = lo; k < hi; k++) mid += s[k - base]!;
    mid /= hi - lo;
    for (let round = 0; round < 4; round++) {
      let high = 0;
      let highs = 0;
      let low = 0;
      let lows = 0;
      for (let k = lo; k < hi; k++) {
        const v = s[k - base]!;
        if (v > mid) {
          high += v;
          highs++;
        } else {
          low += v;
          lows++;
        }
      }
      if (highs === 0 || lows === 0) return mid;
      mid = (high / highs + low / lows) / 2;
    }
    return mid;
  }

  /** Emits the symbols before `limit`, in grains of fixed absolute boundaries. */
  function emit(limit: number): void {
    let n = 0;
    while (emitted < limit) {
      const stop = Math.min(limit, (Math.floor(emitted / grain) + 1) * grain);
      const s = symbols.data;
      const base = symbols.start;
      const centre = Math.floor(emitted / grain) * grain + grain / 2;
      const lo = Math.max(base, centre - clusterSide);
      const hi = Math.min(symbols.end, centre + clusterSide);
      const meanLo = Math.max(base, centre - meanSide);
      const meanHi = Math.min(symbols.end, centre + meanSide);
      let mean = 0;
      for (let k = meanLo; k < meanHi; k++) mean += s[k - base]!;
      zero[0] = 0;
      zero[1] = mean / (meanHi - meanLo);
      zero[2] = clusterMidpoint(lo, hi);
      for (let v = 0; v < zeroLines.length; v++) {
        const z = zero[v]!;
        let level = 1e-12;
        for (let k = lo; k < hi; k++) level += Math.abs(s[k - base]! - z);
        const scale = (hi - lo) / level;
        const out = soft[v]!;
        for (let k = emitted; k < stop; k++) out[n + k - emitted] = (s[k - base]! - z) * scale;
      }
      for (let k = emitted; k < stop; k++) {
        position[n + k - emitted] = positions[k & (positions.length - 1)]!;
        offsetHz[n + k - emitted] = zero[2]! * hzPerUnit;
      }
      n += stop - emitted;
      emitted = stop;
      if (n + grain > blockSize || emitted >= limit) {
        sink.symbols({ n, soft, position, offsetHz });
        n = 0;
      }
    }
    symbols.discardBefore(emitted - 2 * clusterSide);
  }

  function advance(): void {
    filter();
    square();
    const ready = Math.floor((symbols.end - lookAhead) / grain) * grain;
    if (ready > emitted) emit(ready);
    filtered.discardBefore(Math.min(timing.end - clock.latency - 8, filtered.end - 2 * meanSamples - 2));
  }

  return {
    push(x, n) {
      // In pieces of at most a few thousand samples, so that the windows stay small whatever the caller does.
      for (let at = 0; at < n; at += 4096) {
        const take = Math.min(4096, n - at);
        input.append(at === 0 && take === n ? x : x.subarray(at, at + take), take);
        advance();
      }
    },
    flush() {
      const pad = new Float32Array(1024);
      const total = clock.latency + meanSamples + 2 * taps.length + Math.ceil(lookAhead * samplesPerSymbol);
      for (let left = total; left > 0; left -= pad.length) {
        input.append(pad, pad.length);
        advance();
      }
      if (symbols.end > emitted) emit(symbols.end);
    },
    reset() {
      for (const w of [input, filtered, timing, symbols]) w.reset();
      clock.reset();
      prime();
      sum = 0;
      summed = 0;
      emitted = 0;
    },
  };
}
