import { type ConvolutionalCode, codedSymbol } from './convolutional.ts';

const STATES = 64;
const HALF = STATES / 2;
const IMPOSSIBLE = -1e9;

/**
 * Reads 2·bits channel values of a terminated block (state 0 to state 0), LLRs with > 0 for 1; writes as many extrinsic
 * ones, and the most likely information bits as 0/1.
 */
export type SoftConvolutional = (soft: Float32Array, bits: number, extrinsic: Float32Array, out: Uint8Array) => void;

/**
 * Soft-in soft-out decoder of a K = 7 code: BCJR with max-log sums, whose extrinsic values are too large (0.75 is usual).
 * @param maxBits the longest block; its forward metrics are kept, 256 bytes a bit
 */
export function softConvolutional(code: ConvolutionalCode, maxBits: number): SoftConvolutional {
  // Butterflies as in viterbi.ts: states 2i and 2i+1 lead to i (bit 0) and i+32 (bit 1), and the coded pair of 2i → i is
  // also that of 2i+1 → i+32, its complement that of the other two branches.
  const combination = new Int32Array(HALF);
  for (let i = 0; i < HALF; i++) combination[i] = 2 * codedSymbol(code, 0, 2 * i) + codedSymbol(code, 1, 2 * i);
  const forward = new Float32Array(STATES * (maxBits + 1));
  const branch = new Float32Array(4);
  const best = new Float32Array(4);
  let behind = new Float32Array(STATES);
  let nextBehind = new Float32Array(STATES);

  const branches = (a: number, b: number): void => {
    branch[0] = (-a - b) / 2;
    branch[1] = (b - a) / 2;
    branch[2] = (a - b) / 2;
    branch[3] = (a + b) / 2;
  };

  return (soft, bits, extrinsic, out) => {
    forward.fill(IMPOSSIBLE, 0, STATES);
    forward[0] = 0;
    for (let t = 0; t < bits; t++) {
      branches(soft[2 * t]!, soft[2 * t + 1]!);
      const now = STATES * t;
      const then = now + STATES;
      // Metrics grow by less than the values' sum; state 0 as reference keeps them small.
      const reference = t > 6 ? forward[now]! : 0;
      for (let i = 0; i < HALF; i++) {
        const even = forward[now + 2 * i]! - reference;
        const odd = forward[now + 2 * i + 1]! - reference;
        const m = branch[combination[i]!]!;
        forward[then + i] = Math.max(even + m, odd - m);
        forward[then + i + HALF] = Math.max(even - m, odd + m);
      }
    }
    behind.fill(IMPOSSIBLE);
    behind[0] = 0;
    for (let t = bits - 1; t >= 0; t--) {
      const a = soft[2 * t]!;
      const b = soft[2 * t + 1]!;
      branches(a, b);
      const now = STATES * t;
      best.fill(4 * IMPOSSIBLE);
      let one = 4 * IMPOSSIBLE;
      let zero = 4 * IMPOSSIBLE;
      const reference = bits - t > 7 ? behind[0]! : 0;
      for (let i = 0; i < HALF; i++) {
        const pair = combination[i]!;
        const m = branch[pair]!;
        const low = behind[i]! - reference;
        const high = behind[i + HALF]! - reference;
        const evenLow = low + m;
        const oddLow = low - m;
        const evenHigh = high - m;
        const oddHigh = high + m;
        nextBehind[2 * i] = Math.max(evenLow, evenHigh);
        nextBehind[2 * i + 1] = Math.max(oddLow, oddHigh);
        const even = forward[now + 2 * i]!;
        const odd = forward[now + 2 * i + 1]!;
        const same = Math.max(even + evenLow, odd + oddHigh);
        const opposite = Math.max(odd + oddLow, even + evenHigh);
        if (same > best[pair]!) best[pair] = same;
        if (opposite > best[3 - pair]!) best[3 - pair] = opposite;
        zero = Math.max(zero, even + evenLow, odd + oddLow);
        one = Math.max(one, even + evenHigh, odd + oddHigh);
      }
      extrinsic[2 * t] = Math.max(best[2]!, best[3]!) - Math.max(best[0]!, best[1]!) - a;
      extrinsic[2 * t + 1] = Math.max(best[1]!, best[3]!) - Math.max(best[0]!, best[2]!) - b;
      out[t] = one > zero ? 1 : 0;
      const swap = behind;
      behind = nextBehind;
      nextBehind = swap;
    }
  };
}
