import type { InnerDecoder } from '../framing/framing.ts';
import { type ConvolutionalCode, codedSymbol } from './convolutional.ts';

/** Decisions of a bit's trellis step are kept in two words of 32: one a state. */
const MAX_CONSTRAINT_LENGTH = 7;
/** Soft symbols become integers within ± this; metrics of 2^17 bits still fit 32 bits. */
const FULL_SCALE = 4095;
/** Which multiple of the mean |soft| is full scale: what lies beyond is as sure as that. */
const CLIP = 4;
const IMPOSSIBLE = -(2 ** 30);

/**
 * Soft-decision maximum-likelihood decoder for codes up to K = 7: the default inner decoder. It keeps the whole block's
 * decisions (8 bytes a bit) and grows them with the longest block asked for; nothing else is allocated.
 * Its metric is the correlation of the coded path with the soft symbols. Integer arithmetic without
 * branches: on noisy input comparisons would be mispredicted half of the time.
 */
export function viterbi(code: ConvolutionalCode): InnerDecoder {
  const [g0, g1] = code.generators;
  const memory = code.constraintLength - 1;
  if (!(memory >= 1 && memory < MAX_CONSTRAINT_LENGTH && g0 & g1 & 1 && g0 & g1 & (1 << memory)))
    throw new RangeError('the Viterbi decoder needs K = 2 … 7 and generators with both end taps');
  const states = 1 << memory;
  const half = states / 2;
  // States 2i and 2i+1 lead to i (bit 0) and i + half (bit 1); both generators tap the newest and the oldest bit, so that
  // the four branches of such a butterfly carry one symbol pair or its complement. combination: 2·first + second.
  const combination = new Int32Array(half);
  for (let i = 0; i < half; i++) combination[i] = 2 * codedSymbol(code, 0, 2 * i) + codedSymbol(code, 1, 2 * i);

  let metrics = new Int32Array(states);
  let nextMetrics = new Int32Array(states);
  let decisions = new Int32Array(2 * 4096);
  const branch = new Int32Array(4);

  return ({ soft, bits, startState, endState, out }) => {
    if (decisions.length < 2 * bits) decisions = new Int32Array(2 * bits);
    metrics.fill(startState === null ? 0 : IMPOSSIBLE);
    if (startState !== null) metrics[startState] = 0;
    let mean = 0;
    for (let i = 0; i < 2 * bits; i++) mean += Math.abs(soft[i]!);
    mean /= 2 * bits;
    const scale = mean > 0 && mean < Number.POSITIVE_INFINITY ? FULL_SCALE / (CLIP * mean) : 0;

    let now = metrics;
    let then = nextMetrics;
    let total = 0;
    for (let t = 0; t < bits; t++) {
      const a = quantised(soft[2 * t]! * scale);
      const b = quantised(soft[2 * t + 1]! * scale);
      total += Math.abs(a) + Math.abs(b);
      branch[0] = -a - b;
      branch[1] = b - a;
      branch[2] = a - b;
      branch[3] = a + b;
      let low = 0;
      let high = 0;
      for (let i = 0; i < half; i++) {
        const even = now[2 * i]!;
        const odd = now[2 * i + 1]!;
        const m = branch[combination[i]!]!;
        // The larger of even + m and odd − m, and of even − m and odd + m: negative differences choose the odd one.
        const d0 = (even - odd + 2 * m) | 0;
        then[i] = even + m - (d0 & (d0 >> 31));
        low |= (d0 >>> 31) << i;
        const d1 = (even - odd - 2 * m) | 0;
        then[i + half] = even - m - (d1 & (d1 >> 31));
        high |= (d1 >>> 31) << i;
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
    else for (let s = 1; s < states; s++) if (now[s]! > now[state]!) state = s;
    const best = now[state]!;
    for (let t = bits - 1; t >= 0; t--) {
      const bit = state >> (memory - 1);
      out[t] = bit;
      const oldest = (decisions[2 * t + bit]! >>> (state & (half - 1))) & 1;
      state = ((state & (half - 1)) << 1) | oldest;
    }
    return total > 0 ? best / total : 0;
  };
}

function quantised(x: number): number {
  return x > FULL_SCALE ? FULL_SCALE : x < -FULL_SCALE ? -FULL_SCALE : Math.round(x) | 0;
}
