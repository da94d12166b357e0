import type { Soft } from '../core/types.ts';
import { FskAudioSymbols } from './fsk-audio-symbols.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** How the zero line between the two frequencies is found; each is tried, since each fails on some real signal. */
const zeroLines = ['clusters', 'mean', 'none'] as const;
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
  /** How many of the zero lines are tried, the one that serves most signals first; all by default. */
  readonly variants?: number;
  /** Greatest relative error of the symbol rate. */
  readonly maxRateError?: number;
}

/**
 * Frequency-shift keying after an FM discriminator: real samples (instantaneous frequency) → soft symbols, > 0 for the
 * higher frequency. Matched filter over one symbol, feed-forward timing, and three zero lines in parallel. The robust
 * receiver for audio of unknown gain; needs no modulation index and no carrier.
 */
export function fskReal(options: FskRealOptions, sink: SymbolSink): SymbolDemodulator {
  const { sampleRate, symbolRate, hzPerUnit } = options;
  const samplesPerSymbol = sampleRate / symbolRate;
  const front = new FskAudioSymbols(samplesPerSymbol, options.maxRateError ?? 0.0075);
  const symbols = front.values;
  let emitted = 0;
  const blockSize = 256;
  const variants = options.variants ?? fskRealVariants;
  const soft = Array.from({ length: variants }, () => new Float32Array(blockSize) as Soft);
  const position = new Float64Array(blockSize);
  const offsetHz = new Float32Array(blockSize);
  const zero = new Float64Array(zeroLines.length);

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
      const next = (high / highs + low / lows) / 2;
      if (next === mid) return mid;
      mid = next;
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
      zero[0] = clusterMidpoint(lo, hi);
      zero[1] = mean / (meanHi - meanLo);
      zero[2] = 0;
      for (let v = 0; v < variants; v++) {
        const z = zero[v]!;
        let level = 1e-12;
        for (let k = lo; k < hi; k++) level += Math.abs(s[k - base]! - z);
        const scale = (hi - lo) / level;
        const out = soft[v]!;
        for (let k = emitted; k < stop; k++) out[n + k - emitted] = (s[k - base]! - z) * scale;
      }
      for (let k = emitted; k < stop; k++) {
        position[n + k - emitted] = front.position(k);
        offsetHz[n + k - emitted] = zero[0]! * hzPerUnit;
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

  function push(x: Float32Array, n: number): void {
    // In pieces of at most a few thousand samples, so that the windows stay small whatever the caller does.
    for (let at = 0; at < n; at += 4096) {
      const take = Math.min(4096, n - at);
      front.push(at === 0 && take === n ? x : x.subarray(at, at + take), take);
      const ready = Math.floor((symbols.end - lookAhead) / grain) * grain;
      if (ready > emitted) emit(ready);
    }
  }

  return {
    push,
    flush() {
      const pad = new Float32Array(1024);
      for (let left = front.latency + lookAhead * samplesPerSymbol; left > 0; left -= pad.length) push(pad, pad.length);
      if (symbols.end > emitted) emit(symbols.end);
    },
    reset() {
      front.reset();
      emitted = 0;
    },
  };
}
