import { type CpmReference, patterns, samplesPerSymbol } from './reference.ts';

/** Symbols that the backward recursion runs ahead: its memory of an unknown start is gone after that. */
export const detectorLookAhead = 32;

/** Correlates `n` symbols of `r` (Iq, 4 samples a symbol, from float `at`) with all patterns: z[symbol][pattern][re, im]. */
export function correlate(reference: CpmReference, r: Float32Array, at: number, n: number, z: Float64Array): void {
  const { wave } = reference;
  for (let k = 0; k < n; k++) {
    const x = at + 2 * samplesPerSymbol * k;
    const r0 = r[x]!;
    const i0 = r[x + 1]!;
    const r1 = r[x + 2]!;
    const i1 = r[x + 3]!;
    const r2 = r[x + 4]!;
    const i2 = r[x + 5]!;
    const r3 = r[x + 6]!;
    const i3 = r[x + 7]!;
    for (let p = 0; p < patterns; p++) {
      const w = 2 * samplesPerSymbol * p;
      const o = 2 * (k * patterns + p);
      const c0 = wave[w]!;
      const s0 = wave[w + 1]!;
      const c1 = wave[w + 2]!;
      const s1 = wave[w + 3]!;
      const c2 = wave[w + 4]!;
      const s2 = wave[w + 5]!;
      const c3 = wave[w + 6]!;
      const s3 = wave[w + 7]!;
      z[o] = r0 * c0 + i0 * s0 + r1 * c1 + i1 * s1 + r2 * c2 + i2 * s2 + r3 * c3 + i3 * s3;
      z[o + 1] = i0 * c0 - r0 * s0 + i1 * c1 - r1 * s1 + i2 * c2 - r2 * s2 + i3 * c3 - r3 * s3;
    }
  }
}

/** States of the forward recursion before each symbol of a block, and behind the last. */
class Trellis {
  readonly metric: Float64Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** |α·Q| of each state. */
  readonly size: Float64Array;
  constructor(symbols: number, states: number) {
    this.metric = new Float64Array(states * (symbols + 1));
    this.re = new Float64Array(states * (symbols + 1));
    this.im = new Float64Array(states * (symbols + 1));
    this.size = new Float64Array(states * (symbols + 1));
  }
}

/**
 * Noncoherent forward–backward detection of continuous-phase modulation with a phasor per survivor: every state (the
 * last two or three bits) carries a metric F and a phasor Q of the signal so far, F' = F + |αQ + z_p| − |αQ|,
 * Q' = (αQ + z_p)·e^{jψ_p(T)}. Needs no carrier phase; `alpha` is its memory of the phase (0.93: some 14 symbols).
 * Two bits do at h ½; at h 0.7 a third one halves the frame errors: a path is then compared after its phase is seen.
 *
 * The forward pass runs on from block to block, the backward pass starts 32 symbols ahead: chunk-free results.
 *
 * Source: per-survivor processing, Raheli, Polydoros and Tzou, IEEE Trans. Comm. 43 (1995); noncoherent sequence
 * detection, Colavolpe and Raheli, IEEE Trans. Comm. 47 (1999).
 */
export class CpmDetector {
  readonly alpha: number;
  private readonly states: number;
  private reference: CpmReference;
  private readonly forward: Trellis;
  private readonly backward: Trellis;

  /**
   * @param block most symbols of a call, look-ahead included
   * @param memory bits of a state, 2 or 3; two are enough wherever only the patterns are wanted
   */
  constructor(reference: CpmReference, alpha: number, block: number, memory: 2 | 3 = memoryBits(reference.h)) {
    this.reference = reference;
    this.alpha = alpha;
    this.states = 1 << memory;
    this.forward = new Trellis(block, this.states);
    this.backward = new Trellis(block, this.states);
    this.reset();
  }

  /** A slightly other modulation index; the number of states stays. */
  setReference(reference: CpmReference): void {
    this.reference = reference;
  }

  /** Forgets the past: all states are equally likely, no phase is known. */
  reset(): void {
    const { states } = this;
    this.forward.metric.fill(0, 0, states);
    this.forward.re.fill(0, 0, states);
    this.forward.im.fill(0, 0, states);
    this.forward.size.fill(0, 0, states);
  }

  /**
   * Decides the first `n` of `n + ahead` symbols of `z`. Writes log-likelihood ratios (> 0 is 1, up to scale) and the
   * most likely pattern of each, and goes on from symbol `n` in the next call.
   */
  detect(z: Float64Array, n: number, ahead: number, llr: Float32Array, pattern: Uint8Array): void {
    this.runForward(z, n);
    this.runBackward(z, n + ahead);
    this.combine(z, n, llr, pattern);
    const { states } = this;
    const f = this.forward;
    for (const a of [f.metric, f.re, f.im, f.size]) a.copyWithin(0, states * n, states * (n + 1));
  }

  private runForward(z: Float64Array, n: number): void {
    const { alpha, states } = this;
    const half = states >> 1;
    const { turn } = this.reference;
    const { metric, re, im, size } = this.forward;
    for (let k = 0; k < n; k++) {
      const from = states * k;
      const to = from + states;
      let top = -Infinity;
      for (let t = 0; t < states; t++) {
        // The two predecessors share all but their oldest bit with this state's older ones.
        const s0 = t >> 1;
        const s1 = s0 | half;
        const p0 = ((s0 << 1) | (t & 1)) & (patterns - 1);
        const p1 = ((s1 << 1) | (t & 1)) & (patterns - 1);
        const o0 = 2 * (k * patterns + p0);
        const o1 = 2 * (k * patterns + p1);
        const re0 = alpha * re[from + s0]! + z[o0]!;
        const im0 = alpha * im[from + s0]! + z[o0 + 1]!;
        const re1 = alpha * re[from + s1]! + z[o1]!;
        const im1 = alpha * im[from + s1]! + z[o1 + 1]!;
        const abs0 = Math.sqrt(re0 * re0 + im0 * im0);
        const abs1 = Math.sqrt(re1 * re1 + im1 * im1);
        const m0 = metric[from + s0]! + abs0 - size[from + s0]!;
        const m1 = metric[from + s1]! + abs1 - size[from + s1]!;
        const second = m1 > m0;
        const p = second ? p1 : p0;
        const a = second ? re1 : re0;
        const b = second ? im1 : im0;
        const c = turn[2 * p]!;
        const s = turn[2 * p + 1]!;
        const m = second ? m1 : m0;
        metric[to + t] = m;
        re[to + t] = a * c - b * s;
        im[to + t] = a * s + b * c;
        size[to + t] = alpha * (second ? abs1 : abs0);
        if (m > top) top = m;
      }
      for (let t = 0; t < states; t++) metric[to + t]! -= top;
    }
  }

  /**
   * The same on the reversed conjugate signal, whose correlators are conj(z_p·e^{jψ_p(T)}) for the reversed pattern.
   * State at the end of symbol k: its bit and the next, [newest bit][bit k].
   */
  private runBackward(z: Float64Array, n: number): void {
    const { alpha, states } = this;
    const half = states >> 1;
    const { turn } = this.reference;
    const { metric, re, im, size } = this.backward;
    metric.fill(0, states * n, states * (n + 1));
    re.fill(0, states * n, states * (n + 1));
    im.fill(0, states * n, states * (n + 1));
    size.fill(0, states * n, states * (n + 1));
    for (let k = n - 1; k >= 0; k--) {
      const from = states * (k + 1);
      const to = states * k;
      let top = -Infinity;
      for (let t = 0; t < states; t++) {
        // In the reversed pattern the newest (reversed) bit is the forward pattern's oldest one.
        const s0 = t >> 1;
        const s1 = s0 | half;
        const q0 = ((s0 << 1) | (t & 1)) & (patterns - 1);
        const q1 = ((s1 << 1) | (t & 1)) & (patterns - 1);
        const p0 = reversed[q0]!;
        const p1 = reversed[q1]!;
        const o0 = 2 * (k * patterns + p0);
        const o1 = 2 * (k * patterns + p1);
        const c0 = turn[2 * p0]!;
        const d0 = turn[2 * p0 + 1]!;
        const c1 = turn[2 * p1]!;
        const d1 = turn[2 * p1 + 1]!;
        const re0 = alpha * re[from + s0]! + z[o0]! * c0 - z[o0 + 1]! * d0;
        const im0 = alpha * im[from + s0]! - z[o0]! * d0 - z[o0 + 1]! * c0;
        const re1 = alpha * re[from + s1]! + z[o1]! * c1 - z[o1 + 1]! * d1;
        const im1 = alpha * im[from + s1]! - z[o1]! * d1 - z[o1 + 1]! * c1;
        const abs0 = Math.sqrt(re0 * re0 + im0 * im0);
        const abs1 = Math.sqrt(re1 * re1 + im1 * im1);
        const m0 = metric[from + s0]! + abs0 - size[from + s0]!;
        const m1 = metric[from + s1]! + abs1 - size[from + s1]!;
        const second = m1 > m0;
        const a = second ? re1 : re0;
        const b = second ? im1 : im0;
        const c = second ? c1 : c0;
        const s = second ? d1 : d0;
        const m = second ? m1 : m0;
        metric[to + t] = m;
        re[to + t] = a * c - b * s;
        im[to + t] = a * s + b * c;
        size[to + t] = alpha * (second ? abs1 : abs0);
        if (m > top) top = m;
      }
      for (let t = 0; t < states; t++) metric[to + t]! -= top;
    }
  }

  private combine(z: Float64Array, n: number, llr: Float32Array, pattern: Uint8Array): void {
    const { alpha, states } = this;
    const { turn } = this.reference;
    const f = this.forward;
    const g = this.backward;
    for (let k = 0; k < n; k++) {
      const from = states * k;
      const behind = states * (k + 1);
      let one = -Infinity;
      let zero = -Infinity;
      let best = -Infinity;
      let bestPattern = 0;
      for (let p = 0; p < patterns; p++) {
        const c = turn[2 * p]!;
        const d = turn[2 * p + 1]!;
        const o = 2 * (k * patterns + p);
        const zr = z[o]!;
        const zi = z[o + 1]!;
        let m = -Infinity;
        // The states' older bits, beyond the pattern, are free on both sides.
        for (let t = behind + (reversed[p]! >> 1); t < behind + states; t += patterns >> 1) {
          const wr = alpha * g.re[t]!;
          const wi = -alpha * g.im[t]!;
          const xr = zr + wr * c + wi * d;
          const xi = zi + wi * c - wr * d;
          for (let s = from + (p >> 1); s < from + states; s += patterns >> 1) {
            const x = alpha * f.re[s]! + xr;
            const y = alpha * f.im[s]! + xi;
            const value = f.metric[s]! + g.metric[t]! + Math.sqrt(x * x + y * y) - f.size[s]! - g.size[t]!;
            if (value > m) m = value;
          }
        }
        if ((p & 2) !== 0) {
          if (m > one) one = m;
        } else if (m > zero) zero = m;
        if (m > best) {
          best = m;
          bestPattern = p;
        }
      }
      llr[k] = one - zero;
      pattern[k] = bestPattern;
    }
  }
}

/** Bits of a trellis state: more where the likeliest wrong path keeps the phase for longer. */
function memoryBits(h: number): 2 | 3 {
  return Math.abs(h - 0.5) < 0.06 ? 2 : 3;
}

/** Three-bit patterns read backwards. */
const reversed = Uint8Array.from({ length: patterns }, (_, p) => ((p & 1) << 2) | (p & 2) | (p >> 2));
