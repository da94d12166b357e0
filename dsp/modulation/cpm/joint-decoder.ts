import type { ConvolutionalCode } from '../../coding/convolutional.ts';
import { jointKindBytes } from '../../kernels/cpm.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { wasmKernels } from '../../kernels/load.ts';
import { type CpmReference, patterns } from './reference.ts';

const registers = 128;
const memoryBits = 6;
/** As a metric: below what the longest stretch of a signal adds up to, and exact enough as a float. */
const impossible = -1e9;
/** A code is linear: the patterns of four states depend on two bits of their predecessors' and two of their own. */
const mostKinds = 16;

// Scratch layout, in bytes, and information bits of a kernel call.
const chunk = 1024;
const turnsAt = 0;
const groupsAt = turnsAt + 8 * patterns;
const kindsAt = groupsAt + 4 * 2 * (registers / 4);
const stateAt = kindsAt + mostKinds * jointKindBytes;
const decisionsAt = stateAt + 2 * 12 * registers;
const correlationsAt = decisionsAt + 16 * chunk;
/** Floats of the two symbols of an information bit. */
const stepFloats = 2 * 2 * patterns;

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
  private readonly kernels: Kernels;
  private reference: CpmReference;
  /** A bit's four words: the registers whose upper predecessor was better. */
  private decisions = new Int32Array(0);
  /** The two channel symbols before the first step, −1 where the code's own state tells them. */
  private before = -1;
  /** Coded symbols of each 7-bit register (newest bit least significant): first · 2 + second. */
  private readonly output = new Uint8Array(registers);
  /** Patterns of four branches, those of the first intervals and of the second, 3 bits each. */
  private readonly kinds = new Int32Array(mostKinds);

  constructor(reference: CpmReference, alpha: number, kernels: Kernels = wasmKernels()) {
    this.reference = reference;
    this.alpha = alpha;
    this.kernels = kernels;
  }

  setReference(reference: CpmReference): void {
    this.reference = reference;
  }

  /**
   * @param z correlations [symbol][re of 8 patterns, im of 8 patterns]; the first coded symbol is at symbol `at`, and
   *   symbol at − 1 is read
   * @param phasor the signal's phasor before symbol at − 1 (re, im): what known or decided symbols before have summed up
   */
  decode(z: Float32Array, at: number, phasor: readonly [number, number], request: JointRequest): void {
    const { bits, out } = request;
    const { turn } = this.reference;
    const { floats } = this.kernels;
    this.prepare(request);
    for (let p = 0; p < patterns; p++) {
      floats[(turnsAt >> 2) + p] = turn[2 * p]!;
      floats[(turnsAt >> 2) + patterns + p] = turn[2 * p + 1]!;
    }
    this.start(phasor, request.startState);
    if (this.decisions.length < 4 * bits) this.decisions = new Int32Array(4 * bits);
    // What comes before the first symbols is another matter than what comes before all others.
    this.run(z, at - 1, 0, Math.min(1, bits), this.before);
    for (let t = 1; t < bits; t += chunk) this.run(z, at - 1, t, Math.min(chunk, bits - t), -1);
    this.trace(bits, request.endState, out);
  }

  private prepare({ code, inverted, known }: JointRequest): void {
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
  }

  /** Metric less the phasor's size, and the phasor, of every register. */
  private start([re, im]: readonly [number, number], startState: number | null): void {
    const { alpha } = this;
    const { floats } = this.kernels;
    const at = stateAt >> 2;
    const size = alpha * Math.hypot(re, im);
    // The register's newest bit is the least significant one; its seventh, oldest bit is unknown.
    const low = startState === null ? -1 : reverse6(startState);
    for (let r = 0; r < registers; r++) {
      floats[at + r] = low < 0 || (r & (registers / 2 - 1)) === low ? -size : impossible;
      floats[at + registers + r] = alpha * re;
      floats[at + 2 * registers + r] = alpha * im;
    }
  }

  /** `steps` bits from bit `t` on, whose first interval is symbol `origin` + 2t. */
  private run(z: Float32Array, origin: number, t: number, steps: number, before: number): void {
    const { kernels, decisions } = this;
    const count = this.tabulate(before);
    const from = 2 * patterns * (origin + 2 * t);
    kernels.floats.set(z.subarray(from, from + stepFloats * steps), correlationsAt >> 2);
    kernels.cpmJoint(correlationsAt, steps, this.alpha, turnsAt, kindsAt, count, groupsAt, stateAt, decisionsAt);
    for (let i = 0; i < 4 * steps; i++) decisions[4 * t + i] = kernels.integers[(decisionsAt >> 2) + i]!;
  }

  /** Writes the kernel's tables of patterns; `before` as the field. Returns how many kinds of four branches there are. */
  private tabulate(before: number): number {
    const { output, kinds } = this;
    const { integers } = this.kernels;
    let count = 0;
    for (let group = 0; group < 2 * (registers / 4); group++) {
      let kind = 0;
      for (let lane = 0; lane < 4; lane++) {
        const n = 4 * (group >> 1) + lane;
        const now = output[n]!;
        const last = before >= 0 ? before : output[(n >> 1) | ((group & 1) << memoryBits)]!;
        kind |= ((last << 1) | (now >> 1)) << (3 * lane);
        kind |= (((last & 1) << 2) | now) << (3 * (lane + 4));
      }
      let index = 0;
      while (index < count && kinds[index] !== kind) index++;
      if (index === count) {
        kinds[count++] = kind;
        this.writeKind(kindsAt + jointKindBytes * index, kind);
      }
      integers[(groupsAt >> 2) + group] = jointKindBytes * index;
    }
    return count;
  }

  private writeKind(at: number, kind: number): void {
    const { bytes } = this.kernels;
    for (let i = 0; i < 8; i++) {
      const p = (kind >> (3 * i)) & (patterns - 1);
      const to = at + 32 * (i >> 2) + 4 * (i & 3);
      for (let k = 0; k < 4; k++) {
        bytes[to + k] = p < 4 ? 4 * p + k : 255;
        bytes[to + 16 + k] = p < 4 ? 255 : 4 * (p - 4) + k;
      }
    }
  }

  private trace(bits: number, endState: number | null, out: Uint8Array): void {
    const { decisions } = this;
    let state = -1;
    const low = endState === null ? 0 : reverse6(endState);
    for (let n = 0; n < registers; n++) {
      if (endState !== null && (n & (registers / 2 - 1)) !== low) continue;
      if (state < 0 || this.metricOf(n) > this.metricOf(state)) state = n;
    }
    for (let t = bits - 1; t >= 0; t--) {
      out[t] = state & 1;
      const upper = (decisions[4 * t + (state >> 5)]! >>> (state & 31)) & 1;
      state = (state >> 1) | (upper << memoryBits);
    }
  }

  /** Path metric of a register at the end: without the phasor's size. */
  private metricOf(register: number): number {
    const { floats } = this.kernels;
    const at = (stateAt >> 2) + register;
    return floats[at]! + Math.hypot(floats[at + registers]!, floats[at + 2 * registers]!);
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

/** State of the code (newest bit most significant of 6) → the register's low bits. */
function reverse6(x: number): number {
  return reverse7(x) >> 1;
}
