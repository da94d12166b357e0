import type { ConvolutionalCode } from '../../coding/convolutional.ts';
import { type CpmReference, patterns } from './reference.ts';

const registers = 128;
const memoryBits = 6;
const impossible = -1e9;

export interface JointRequest {
  readonly code: ConvolutionalCode;
  readonly bits: number;
  /** The channel carries the complement of the coded symbols. */
  readonly inverted: boolean;
  /** Last 6 bits before the first, newest as the most significant; null is unknown. */
  readonly startState: number | null;
  readonly endState: number | null;
  /** Upright channel bits right before the first coded one. */
  readonly known?: Uint8Array;
  /** 0/1, `bits` of them. */
  readonly out: Uint8Array;
}

/**
 * One trellis for a K = 7, rate-1/2 code on CPM: the state is the last seven information bits, a branch is two coded
 * symbols and so two symbol intervals whose three-symbol patterns are then known; every survivor carries its phasor as
 * in the detector. GFSK without precoding is a recursive inner code: passing symbol decisions to a Viterbi decoder costs
 * 2.6 dB, decoding both at once costs none of it.
 *
 * Source: Anderson, Aulin and Sundberg, "Digital Phase Modulation", 1986, ch. 11 (coded CPM); per-survivor processing
 * as in detector.ts.
 */
export class JointDecoder {
  private readonly alpha: number;
  private reference: CpmReference;
  private decisions = new Uint8Array(0);
  private metric = new Float64Array(registers);
  private re = new Float64Array(registers);
  private im = new Float64Array(registers);
  private nextMetric = new Float64Array(registers);
  private nextRe = new Float64Array(registers);
  private nextIm = new Float64Array(registers);
  /** The two channel symbols before the first step, −1 where the code's own state tells them. */
  private before = -1;
  /** Coded symbols of each 7-bit register (newest bit least significant): first · 2 + second. */
  private readonly output = new Uint8Array(registers);

  constructor(reference: CpmReference, alpha: number) {
    this.reference = reference;
    this.alpha = alpha;
  }

  setReference(reference: CpmReference): void {
    this.reference = reference;
  }

  /**
   * @param z correlations [symbol][re of 8 patterns, im of 8 patterns]; the first coded symbol is at symbol `at`, and symbol at − 1 is read
   * @param phasor the signal's phasor before symbol at − 1 (re, im): what known or decided symbols before have summed up
   */
  decode(z: Float32Array, at: number, phasor: readonly [number, number], request: JointRequest): void {
    const { bits, out } = request;
    this.prepare(request);
    this.re.fill(phasor[0]);
    this.im.fill(phasor[1]);
    if (this.decisions.length < bits * registers) this.decisions = new Uint8Array(bits * registers);
    for (let t = 0; t < bits; t++) this.step(z, 2 * patterns * (at + 2 * t - 1), t);
    this.trace(bits, request.endState, out);
  }

  private prepare({ code, inverted, startState, known }: JointRequest): void {
    const first = reverse7(code.generators[0]);
    const second = reverse7(code.generators[1]);
    const flip = inverted ? 1 : 0;
    for (let r = 0; r < registers; r++) {
      const a = parity(r & first) ^ (code.inverted[0] ? 1 : 0) ^ flip;
      const b = parity(r & second) ^ (code.inverted[1] ? 1 : 0) ^ flip;
      this.output[r] = 2 * a + b;
    }
    const n = known?.length ?? 0;
    this.before = known && n > 1 ? 2 * (known[n - 2]! ^ flip) + (known[n - 1]! ^ flip) : -1;
    this.metric.fill(startState === null ? 0 : impossible);
    if (startState !== null) {
      // The register's newest bit is the least significant one; its seventh, oldest bit is unknown.
      let low = 0;
      for (let i = 0; i < memoryBits; i++) low |= ((startState >> (memoryBits - 1 - i)) & 1) << i;
      this.metric[low] = 0;
      this.metric[low | (1 << memoryBits)] = 0;
    }
  }

  private step(z: Float32Array, za: number, t: number): void {
    const { alpha, output, metric, re, im, nextMetric, nextRe, nextIm, decisions } = this;
    const { turn } = this.reference;
    const zb = za + 2 * patterns;
    const known = this.before;
    let top = -Infinity;
    for (let n = 0; n < registers; n++) {
      const now = output[n]!;
      const c = now >> 1;
      let best = -Infinity;
      let bestRe = 0;
      let bestIm = 0;
      let bestPattern = 0;
      let older = 0;
      for (let h = 0; h < 2; h++) {
        const r = (n >> 1) | (h << memoryBits);
        const before = t === 0 && known >= 0 ? known : output[r]!;
        const p1 = (before << 1) | c;
        const p2 = ((before & 1) << 2) | now;
        const qr = alpha * re[r]!;
        const qi = alpha * im[r]!;
        const br = qr + z[za + p1]!;
        const bi = qi + z[za + patterns + p1]!;
        const m1 = Math.sqrt(br * br + bi * bi);
        const c1 = turn[2 * p1]!;
        const s1 = turn[2 * p1 + 1]!;
        const dr = alpha * (br * c1 - bi * s1) + z[zb + p2]!;
        const di = alpha * (br * s1 + bi * c1) + z[zb + patterns + p2]!;
        const m = metric[r]! + m1 - Math.sqrt(qr * qr + qi * qi) + Math.sqrt(dr * dr + di * di) - alpha * m1;
        if (m > best) {
          best = m;
          bestRe = dr;
          bestIm = di;
          bestPattern = p2;
          older = h;
        }
      }
      const c2 = turn[2 * bestPattern]!;
      const s2 = turn[2 * bestPattern + 1]!;
      nextMetric[n] = best;
      nextRe[n] = bestRe * c2 - bestIm * s2;
      nextIm[n] = bestRe * s2 + bestIm * c2;
      decisions[t * registers + n] = older;
      if (best > top) top = best;
    }
    for (let n = 0; n < registers; n++) nextMetric[n]! -= top;
    this.metric = nextMetric;
    this.nextMetric = metric;
    this.re = nextRe;
    this.nextRe = re;
    this.im = nextIm;
    this.nextIm = im;
  }

  private trace(bits: number, endState: number | null, out: Uint8Array): void {
    let state = -1;
    let low = 0;
    if (endState !== null) for (let i = 0; i < memoryBits; i++) low |= ((endState >> (memoryBits - 1 - i)) & 1) << i;
    for (let n = 0; n < registers; n++) {
      if (endState !== null && (n & (registers / 2 - 1)) !== low) continue;
      if (state < 0 || this.metric[n]! > this.metric[state]!) state = n;
    }
    for (let t = bits - 1; t >= 0; t--) {
      out[t] = state & 1;
      state = (state >> 1) | (this.decisions[t * registers + state]! << memoryBits);
    }
  }
}

function parity(x: number): number {
  let v = x;
  v ^= v >> 4;
  v ^= v >> 2;
  return (v ^ (v >> 1)) & 1;
}

/** Standard generator (newest bit most significant of 7) → newest bit least significant. */
function reverse7(x: number): number {
  let y = 0;
  for (let i = 0; i < 7; i++) y |= ((x >> i) & 1) << (6 - i);
  return y;
}
