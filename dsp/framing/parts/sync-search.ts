import type { Soft } from '../../core/types.ts';
import { syncBits } from './burst.ts';

/**
 * Looks at each symbol for the end of a sync word, in both polarities. The engine that owns the symbols writes them
 * to a ring (size a power of two) before it asks.
 */
export interface SyncSearch {
  /** Symbols from the end of the sync word to the moment of detection. */
  readonly lag: number;
  /** Symbols of history it reads. */
  readonly span: number;
  /** 0: no sync word ends here. Else its quality up to 1, negative when the word is inverted. */
  next(ring: Soft, mask: number, time: number): number;
  /** Which of several words was found last. */
  word?(): number;
  reset(): void;
}

/** A word of up to 64 symbols by Hamming distance on hard decisions: distance ≤ maxErrors, inverted ≥ length − maxErrors. */
export function hardSync(hex: string, maxErrors: number): SyncSearch {
  const length = 4 * hex.length;
  if (!/^[0-9a-f]{1,16}$/i.test(hex)) throw new RangeError(`sync word '${hex}'`);
  const padded = hex.padStart(16, '0');
  const wordHigh = Number.parseInt(padded.slice(0, 8), 16) | 0;
  const wordLow = Number.parseInt(padded.slice(8), 16) | 0;
  const maskLow = length >= 32 ? -1 : (1 << length) - 1;
  const maskHigh = length <= 32 ? 0 : length === 64 ? -1 : (1 << (length - 32)) - 1;
  let high = 0;
  let low = 0;
  let seen = 0;
  return {
    lag: 0,
    span: length,
    reset() {
      high = low = seen = 0;
    },
    next(ring, mask, time) {
      if (maskHigh !== 0) high = (high << 1) | (low >>> 31);
      low = (low << 1) | (ring[time & mask]! > 0 ? 1 : 0);
      if (seen < length) seen++;
      let distance = bitCount((low ^ wordLow) & maskLow);
      if (maskHigh !== 0) distance += bitCount((high ^ wordHigh) & maskHigh);
      if (seen < length) return 0;
      if (distance <= maxErrors) return 1 - distance / length;
      if (distance >= length - maxErrors) return -(distance / length);
      return 0;
    },
  };
}

/**
 * A short sync word, which noise shows all the time, counts only when what follows is plausible: `symbols` of it, upright.
 * The framing has to ask for as much silence behind the input's end as this lag.
 */
export function followedBy(search: SyncSearch, symbols: number, plausible: (following: Soft) => boolean): SyncSearch {
  const following = new Float32Array(symbols);
  return {
    lag: search.lag + symbols,
    span: search.span,
    reset: () => search.reset(),
    next(ring, mask, time) {
      if (time < symbols) return 0;
      const hit = search.next(ring, mask, time - symbols);
      if (hit === 0) return 0;
      const first = time - symbols - search.lag + 1;
      for (let i = 0; i < symbols; i++) {
        const s = ring[(first + i) & mask]!;
        following[i] = hit < 0 ? -s : s;
      }
      return plausible(following) ? hit : 0;
    },
  };
}

/** Several words of the same length at a time, each as hardSync does. `word` is an index of `hexes`. */
export function hardSyncs(hexes: readonly string[], maxErrors: number): SyncSearch {
  const searches = hexes.map((hex) => hardSync(hex, maxErrors));
  let found = 0;
  return {
    lag: 0,
    span: searches[0]!.span,
    word: () => found,
    reset() {
      for (const search of searches) search.reset();
    },
    next(ring, mask, time) {
      let best = 0;
      for (let k = 0; k < searches.length; k++) {
        const quality = searches[k]!.next(ring, mask, time);
        if (Math.abs(quality) <= Math.abs(best)) continue;
        best = quality;
        found = k;
      }
      return best;
    },
  };
}

/** Errors of a sync word that was counted on hard decisions, from its quality. */
export function syncErrors(quality: number, length: number): number {
  return Math.round((1 - Math.abs(quality)) * length);
}

/**
 * Symbols by which the hard decisions of the last 32 of a word must lean to one side before its correlation is worth computing: of
 * noise 38 % do; of words with 10 wrong decisions, which no code bears, all. A word of no more symbols than these is looked for
 * at correlations at which that would cost frames (U482C: 2 % of them).
 */
const leastLean = 3;

/**
 * A known word by normalised soft correlation, Σ s·w / √(length · Σ s²) ≥ threshold; in noise its deviation is
 * 1/√length. `word` holds ±1.
 */
export function softSync(word: Float32Array, threshold: number): SyncSearch {
  const length = word.length;
  const look = 32;
  const longer = length > look;
  // Hard decisions of the word's last symbols, and of those that came last.
  const wanted = word.subarray(-look).reduce((bits, s) => (bits << 1) | (s > 0 ? 1 : 0), 0);
  let bits = 0;
  return {
    lag: 0,
    span: length,
    reset() {
      bits = 0;
    },
    next: (ring, mask, time) => {
      bits = (bits << 1) | (ring[time & mask]! > 0 ? 1 : 0);
      // An erasure: silence, in which there is nothing to look for.
      if (time + 1 < length || ring[time & mask] === 0) return 0;
      const differing = bitCount(bits ^ wanted);
      if (longer && Math.abs(differing - look / 2) < leastLean) return 0;
      const c = correlate(ring, mask, time - length + 1, word);
      return Math.abs(c) >= threshold ? c : 0;
    },
  };
}

/**
 * As softSync, for a word whose hard errors the framing wants to know: the quality is 1 − errors / length. For coded
 * framings, whose symbols are too noisy for a search on hard decisions.
 */
export function softSyncCountingErrors(hex: string, threshold: number): SyncSearch {
  const word = signs(syncBits(hex));
  const search = softSync(word, threshold);
  return {
    ...search,
    next(ring, mask, time) {
      const c = search.next(ring, mask, time);
      if (c === 0) return 0;
      let agree = 0;
      for (let i = 0; i < word.length; i++) {
        if (ring[(time - word.length + 1 + i) & mask]! > 0 === c * word[i]! > 0) agree++;
      }
      return (Math.max(1, agree) / word.length) * Math.sign(c);
    },
  };
}

/** Normalised correlation of the ring's symbols from the absolute index `first` with `word`, within ±1. */
export function correlate(ring: Soft, mask: number, first: number, word: Float32Array): number {
  let sum = 0;
  let energy = 0;
  for (let i = 0; i < word.length; i++) {
    const s = ring[(first + i) & mask]!;
    sum += s * word[i]!;
    energy += s * s;
  }
  return energy > 0 ? sum / Math.sqrt(energy * word.length) : 0;
}

/** Bits 0/1 → ±1. */
export function signs(bits: ArrayLike<number>): Float32Array {
  return Float32Array.from(bits, (bit) => 2 * bit - 1);
}

/** Ones among 32 bits. */
export function bitCount(x: number): number {
  let v = x - ((x >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
