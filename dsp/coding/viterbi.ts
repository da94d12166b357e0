import type { InnerDecoder } from '../framing/framing.ts';
import { type ConvolutionalCode, codedSymbol } from './convolutional.ts';

const STATES = 64;
const HALF = STATES / 2;

/**
 * Soft-decision maximum-likelihood decoder for the K = 7 codes: the default inner decoder. It keeps the whole block's
 * decisions (8 bytes a bit) and grows them with the longest block asked for; nothing else is allocated.
 * Its metric is the correlation of the coded path with the soft symbols.
 */
export function viterbi(code: ConvolutionalCode): InnerDecoder {
  const [g0, g1] = code.generators;
  if (code.constraintLength !== 7 || !(g0 & g1 & 1) || !(g0 & g1 & 64))
    throw new RangeError('the Viterbi decoder needs K = 7 and generators with both end taps');
  // States 2i and 2i+1 lead to i (bit 0) and i+32 (bit 1); both generators tap the newest and the oldest bit, so that
  // the four branches of such a butterfly carry one symbol pair or its complement. combination: 2·first + second.
  const combination = new Uint8Array(HALF);
  for (let i = 0; i < HALF; i++) combination[i] = 2 * codedSymbol(code, 0, 2 * i) + codedSymbol(code, 1, 2 * i);

  let metrics = new Float64Array(STATES);
  let nextMetrics = new Float64Array(STATES);
  let decisions = new Int32Array(2 * 4096);
  const branch = new Float64Array(4);

  return ({ soft, bits, startState, endState, out }) => {
    if (decisions.length < 2 * bits) decisions = new Int32Array(2 * bits);
    metrics.fill(startState === null ? 0 : -1e30);
    if (startState !== null) metrics[startState] = 0;
    let now = metrics;
    let then = nextMetrics;
    let total = 0;
    for (let t = 0; t < bits; t++) {
      const a = soft[2 * t]!;
      const b = soft[2 * t + 1]!;
      total += Math.abs(a) + Math.abs(b);
      branch[0] = -a - b;
      branch[1] = b - a;
      branch[2] = a - b;
      branch[3] = a + b;
      let low = 0;
      let high = 0;
      for (let i = 0; i < HALF; i++) {
        const even = now[2 * i]!;
        const odd = now[2 * i + 1]!;
        const m = branch[combination[i]!]!;
        const e0 = even + m;
        const o0 = odd - m;
        if (o0 > e0) {
          then[i] = o0;
          low |= 1 << i;
        } else then[i] = e0;
        const e1 = even - m;
        const o1 = odd + m;
        if (o1 > e1) {
          then[i + HALF] = o1;
          high |= 1 << i;
        } else then[i + HALF] = e1;
      }
      decisions[2 * t] = low;
      decisions[2 * t + 1] = high;
      const swap = now;
      now = then;
      then = swap;
    }
    metrics = now;
    nextMetrics = then;

    let state = 0;
    if (endState !== null) state = endState;
    else for (let s = 1; s < STATES; s++) if (now[s]! > now[state]!) state = s;
    const best = now[state]!;
    for (let t = bits - 1; t >= 0; t--) {
      const bit = state >> 5;
      out[t] = bit;
      const oldest = (decisions[2 * t + bit]! >>> (state & 31)) & 1;
      state = ((state & 31) << 1) | oldest;
    }
    return total > 0 ? best / total : 0;
  };
}
