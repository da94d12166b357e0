import type { Deframer, DeframerSink, Integrity, Reject, Soft } from '../../core/types.ts';
import { frameArbiter } from './frame-arbiter.ts';
import type { SyncSearch } from './sync-search.ts';

/** A sync word was found here. */
export interface Attempt {
  /** Absolute index of the first symbol after the sync word, or of the part that is looked at. */
  readonly symbol: number;
  readonly inverted: boolean;
  /** Quality of the sync word up to 1. */
  readonly quality: number;
  /** What `decode` noted when it asked for more symbols, or for the next part; before, which of several sync words it was. */
  readonly note?: number;
}

/** A long transmission is taken in parts: the attempt goes on `skip` symbols later, wanting `need` symbols from there. */
export interface NextPart {
  readonly skip: number;
  readonly need: number;
  readonly note?: number;
}

/** What is made of an attempt once its symbols are there: more of them are needed, another part, no frame (null: noise, not counted), or a frame. */
export type Verdict =
  | { readonly need: number; readonly note?: number }
  | { readonly next: NextPart }
  | { readonly reject: Reject | null; readonly next?: NextPart }
  | {
      readonly bytes: Uint8Array;
      readonly next?: NextPart;
      /** Symbols after the sync word, or of the part, that belong to the frame. */
      readonly symbols: number;
      readonly integrity: Integrity;
      /** Doubt about the frame: of overlapping results the least doubtful is kept. */
      readonly doubt: number;
    };

/** A frame that the end of the input or silence cuts off is tried when at least this much of it is there. */
const LEAST_PART = 0.75;

export interface SyncFraming {
  readonly search: SyncSearch;
  /** Symbols after the sync word that `decode` wants at its first call, and the most it ever asks for. */
  readonly firstSymbols: number;
  readonly maxSymbols: number;
  /** Attempts open at a time; when there are more, those with the best sync words are kept. */
  readonly maxAttempts: number;
  /** `frame` holds `n` symbols from the attempt's first, upright; those behind the end of the input are 0. */
  decode(frame: Soft, n: number, attempt: Attempt): Verdict;
  /** Symbols of silence that follow the input at its end, for a search that reports late (default 0). */
  readonly silence?: number;
  /** Frames with more doubt than this wait for better overlapping ones (default: none waits). */
  readonly confidentDoubt?: number;
}

/**
 * Every sync word found opens an attempt, also within a frame; overlapping results are settled by the arbiter.
 * Bounds: the ring and the table of attempts are fixed, so that an endless stream of sync words costs at most
 * `maxAttempts` decodings in the time of the longest frame, and a header look-up a sync word.
 */
export function syncDeframer(framing: SyncFraming): Deframer {
  const { search, firstSymbols, maxSymbols, maxAttempts, silence = 0 } = framing;
  const size = 2 ** Math.ceil(Math.log2(maxSymbols + search.lag + search.span + 2));
  const mask = size - 1;
  const ring = new Float32Array(size);
  const frame = new Float32Array(maxSymbols);
  const arbiter = frameArbiter(framing.confidentDoubt ?? Number.POSITIVE_INFINITY);
  const start = new Float64Array(maxAttempts);
  const quality = new Float64Array(maxAttempts); // signed
  const note = new Float64Array(maxAttempts); // NaN: none
  const due = new Float64Array(maxAttempts); // the symbol count at which it is looked at
  let open = 0;
  let time = 0;
  let wake = Number.POSITIVE_INFINITY; // the earliest due, or the arbiter's

  const reset = () => {
    search.reset();
    arbiter.reset();
    open = time = 0;
    wake = Number.POSITIVE_INFINITY;
    ring.fill(0);
  };

  const remove = (i: number) => {
    open--;
    start[i] = start[open]!;
    quality[i] = quality[open]!;
    note[i] = note[open]!;
    due[i] = due[open]!;
  };

  const add = (symbol: number, signedQuality: number, out: DeframerSink) => {
    let at = open;
    if (open === maxAttempts) {
      at = 0;
      for (let i = 1; i < open; i++) if (Math.abs(quality[i]!) < Math.abs(quality[at]!)) at = i;
      out.reject('header');
      if (Math.abs(quality[at]!) >= Math.abs(signedQuality)) return;
    } else open++;
    start[at] = symbol;
    quality[at] = signedQuality;
    note[at] = search.word?.() ?? Number.NaN;
    due[at] = symbol + firstSymbols;
    if (due[at]! < wake) wake = due[at]!;
  };

  const goOn = (i: number, { skip, need, note: noted = Number.NaN }: NextPart) => {
    if (!(skip > 0 && need > 0 && need <= maxSymbols))
      throw new Error(`framing asks for ${need} symbols, ${skip} symbols later`);
    start[i]! += skip;
    due[i] = start[i]! + need;
    note[i] = noted;
  };

  /** Decodes attempt `i` with the symbols there are; those from `available` on are 0. */
  const attempt = (i: number, available: number, out: DeframerSink) => {
    const symbol = start[i]!;
    const n = due[i]! - symbol;
    const inverted = quality[i]! < 0;
    const syncQuality = Math.abs(quality[i]!);
    let there = 0;
    for (let k = 0; k < n; k++) {
      const s = symbol + k < available ? ring[(symbol + k) & mask]! : 0;
      frame[k] = inverted ? -s : s;
      if (s !== 0) there++;
    }
    // Erasures alone decode to zeros, and the CCSDS scrambler's sequence over zeros is a Reed-Solomon code word.
    if (there < LEAST_PART * n) {
      remove(i);
      return out.reject('length');
    }
    const verdict = framing.decode(frame, n, {
      symbol,
      inverted,
      quality: syncQuality,
      ...(Number.isNaN(note[i]!) ? {} : { note: note[i]! }),
    });
    if ('need' in verdict) {
      if (!(verdict.need > n && verdict.need <= maxSymbols))
        throw new Error(`framing asks for ${verdict.need} symbols`);
      due[i] = symbol + verdict.need;
      note[i] = verdict.note ?? Number.NaN;
      return;
    }
    if (verdict.next) goOn(i, verdict.next);
    else remove(i);
    if ('reject' in verdict) {
      if (verdict.reject) out.reject(verdict.reject);
      return;
    }
    if (!('bytes' in verdict)) return;
    const { bytes, integrity, symbols, doubt } = verdict;
    arbiter.offer({ bytes, symbol, endSymbol: symbol + symbols, syncQuality, integrity }, doubt, time, out);
  };

  /** Looks at all that is due at `now`, earliest first. */
  const service = (now: number, available: number, out: DeframerSink) => {
    for (;;) {
      let next = -1;
      for (let i = 0; i < open; i++) {
        if (due[i]! > now) continue;
        if (next < 0 || due[i]! < due[next]! || (due[i] === due[next] && start[i]! < start[next]!)) next = i;
      }
      if (next < 0) break;
      attempt(next, available, out);
    }
    arbiter.release(now, out);
    wake = arbiter.wake();
    for (let i = 0; i < open; i++) if (due[i]! < wake) wake = due[i]!;
  };

  return {
    reset,
    push(x, n, out) {
      for (let i = 0; i < n; i++) {
        ring[time & mask] = x[i]!;
        const hit = search.next(ring, mask, time);
        time++;
        if (hit !== 0) add(time - search.lag, hit, out);
        if (time >= wake) service(time, time, out);
      }
    },
    flush(out) {
      const end = time;
      for (let i = 0; i < silence; i++) {
        ring[time & mask] = 0;
        const hit = search.next(ring, mask, time);
        time++;
        if (hit !== 0) add(time - search.lag, hit, out);
        if (time >= wake) service(time, end, out);
      }
      service(Number.POSITIVE_INFINITY, end, out);
      time = end;
    },
  };
}
