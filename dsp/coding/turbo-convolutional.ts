import { type ConvolutionalCode, codedSymbol } from './convolutional.ts';

/** Channel values beyond this are as sure as this. */
const MAX_LLR = 30;
/** A probability that stands for 0, so that logarithms stay finite. */
const LEAST = 1e-30;

/**
 * Reads 2·bits channel values, LLRs with > 0 for 1; writes as many extrinsic ones, and the most likely information bits as 0/1.
 * The block begins in `startState` (default 0) and ends in `endState` (default 0; null is unknown).
 */
export type SoftConvolutional = (
  soft: ArrayLike<number>,
  bits: number,
  extrinsic: Float32Array,
  out: Uint8Array,
  startState?: number,
  endState?: number | null,
) => void;

/**
 * Soft-in soft-out decoder: BCJR, exact. Max-log sums were tried: they exaggerate and lock iterations
 * into wrong stretches (0.5 dB worse with AO-40). Probabilities, scaled at every step, cost no logarithm a branch.
 * Source: L. R. Bahl, J. Cocke, F. Jelinek, J. Raviv, "Optimal decoding of linear codes …", IEEE Trans. IT 20 (1974).
 * @param maxBits the longest block; its forward probabilities are kept: of a K = 7 code 512 bytes a bit
 */
export function softConvolutional(code: ConvolutionalCode, maxBits: number): SoftConvolutional {
  // Butterflies as in viterbi.ts: states 2i and 2i+1 lead to i (bit 0) and i+32 (bit 1), and the coded pair of 2i → i is
  // also that of 2i+1 → i+32, its complement that of the other two branches.
  const states = 1 << (code.constraintLength - 1);
  const half = states / 2;
  const combination = new Int32Array(half);
  for (let i = 0; i < half; i++) combination[i] = 2 * codedSymbol(code, 0, 2 * i) + codedSymbol(code, 1, 2 * i);
  const forward = new Float64Array(states * (maxBits + 1));
  const branch = new Float64Array(4);
  const pairs = new Float64Array(4);
  let behind = new Float64Array(states);
  let nextBehind = new Float64Array(states);

  return (soft, bits, extrinsic, out, startState = 0, endState = 0) => {
    forward.fill(0, 0, states);
    forward[startState] = 1;
    for (let t = 0; t < bits; t++) {
      setBranches(branch, soft[2 * t]!, soft[2 * t + 1]!);
      const now = states * t;
      const then = now + states;
      let sum = 0;
      for (let i = 0; i < half; i++) {
        const even = forward[now + 2 * i]!;
        const odd = forward[now + 2 * i + 1]!;
        const pair = combination[i]!;
        const p = branch[pair]!;
        const q = branch[3 - pair]!;
        const low = even * p + odd * q;
        const high = even * q + odd * p;
        forward[then + i] = low;
        forward[then + i + half] = high;
        sum += low + high;
      }
      const scale = 1 / (sum + LEAST);
      for (let s = then; s < then + states; s++) forward[s]! *= scale;
    }
    behind.fill(endState === null ? 1 / states : 0);
    if (endState !== null) behind[endState] = 1;
    for (let t = bits - 1; t >= 0; t--) {
      const a = soft[2 * t]!;
      const b = soft[2 * t + 1]!;
      setBranches(branch, a, b);
      const now = states * t;
      pairs.fill(0);
      let zero = 0;
      let one = 0;
      let sum = 0;
      for (let i = 0; i < half; i++) {
        const pair = combination[i]!;
        const p = branch[pair]!;
        const q = branch[3 - pair]!;
        const low = behind[i]!;
        const high = behind[i + half]!;
        const even = forward[now + 2 * i]!;
        const odd = forward[now + 2 * i + 1]!;
        const toEven = low * p + high * q;
        const toOdd = low * q + high * p;
        nextBehind[2 * i] = toEven;
        nextBehind[2 * i + 1] = toOdd;
        sum += toEven + toOdd;
        // Without the branch's own probability: what the pairs have in common is multiplied below.
        pairs[pair]! += even * low + odd * high;
        pairs[3 - pair]! += even * high + odd * low;
        zero += low * (even * p + odd * q);
        one += high * (even * q + odd * p);
      }
      const scale = 1 / (sum + LEAST);
      for (let s = 0; s < states; s++) nextBehind[s]! *= scale;
      // The other symbol's value counts, the own one does not: that makes them extrinsic.
      const ea = Math.exp(limited(a) / 2);
      const eb = Math.exp(limited(b) / 2);
      const p0 = pairs[0]!;
      const p1 = pairs[1]!;
      const p2 = pairs[2]!;
      const p3 = pairs[3]!;
      extrinsic[2 * t] = Math.log((p2 / eb + p3 * eb + LEAST) / (p0 / eb + p1 * eb + LEAST));
      extrinsic[2 * t + 1] = Math.log((p1 / ea + p3 * ea + LEAST) / (p0 / ea + p2 * ea + LEAST));
      out[t] = one > zero ? 1 : 0;
      const swap = behind;
      behind = nextBehind;
      nextBehind = swap;
    }
  };
}

/** Probabilities, up to a factor, of the pairs 2·first + second. */
function setBranches(branch: Float64Array, first: number, second: number): void {
  const a = Math.exp(limited(first) / 2);
  const b = Math.exp(limited(second) / 2);
  branch[0] = 1 / (a * b);
  branch[1] = b / a;
  branch[2] = a / b;
  branch[3] = a * b;
}

function limited(x: number): number {
  return Math.max(-MAX_LLR, Math.min(MAX_LLR, x));
}
