import { describe, expect, test } from 'vitest';
import { codedSymbol, convolutionalCodes, convolutionalEncode } from '../../dsp/coding/convolutional.ts';
import { viterbi } from '../../dsp/coding/viterbi.ts';
import { prng } from '../../dsp/core/prng.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { trellisK7 } from '../../dsp/kernels/trellis.ts';

const code = convolutionalCodes.ccsds;
const combination = Array.from({ length: 32 }, (_, i) => 2 * codedSymbol(code, 0, 2 * i) + codedSymbol(code, 1, 2 * i));
const plain = plainKernels();

function noisySymbols(bits: number, seed: number, amplitude: number): { sent: Uint8Array; symbols: Int32Array } {
  const random = prng(seed);
  const sent = Uint8Array.from({ length: bits }, () => random.uint32() & 1);
  const coded = convolutionalEncode(code, sent);
  const symbols = Int32Array.from(coded, (bit) => {
    const x = amplitude * (bit === 1 ? 1 : -1) + 400 * random.normal();
    return Math.max(-4095, Math.min(4095, Math.round(x)));
  });
  return { sent, symbols };
}

function traceBack(decisions: Int32Array, bits: number, metrics: Int32Array): Uint8Array {
  const out = new Uint8Array(bits);
  let state = metrics.indexOf(Math.max(...metrics));
  for (let t = bits - 1; t >= 0; t--) {
    out[t] = state >> 5;
    const odd = (decisions[2 * t + (state >> 5)]! >>> (state & 31)) & 1;
    state = ((2 * state) & 63) | odd;
  }
  return out;
}

describe('K = 7 trellis', () => {
  test.each([1, 2, 63, 2048, 2049, 5000])('%d bits: WASM and plain agree in every metric and decision', (bits) => {
    const { symbols } = noisySymbols(bits, bits, 300);
    const [a, b] = [trellisK7(combination), trellisK7(combination, plain)];
    const [x, y] = [new Int32Array(2 * bits), new Int32Array(2 * bits)];
    a.run(symbols, bits, x);
    b.run(symbols, bits, y);
    expect(x).toEqual(y);
    expect(a.metrics).toEqual(b.metrics);
  });

  test('noisy symbols are decoded, and as by the decoder of the codes', () => {
    const bits = 4000;
    const { sent, symbols } = noisySymbols(bits, 9, 680);
    const trellis = trellisK7(combination);
    trellis.metrics.fill(-(2 ** 30));
    trellis.metrics[0] = 0;
    const decisions = new Int32Array(2 * bits);
    trellis.run(symbols, bits, decisions);
    const decoded = traceBack(decisions, bits, trellis.metrics);
    const out = new Uint8Array(bits);
    const soft = Float32Array.from(symbols);
    viterbi(code)({ code, symbol: 0, soft, bits, inverted: false, startState: 0, endState: null, out });
    expect(decoded.subarray(0, bits - 50)).toEqual(sent.subarray(0, bits - 50));
    expect(decoded).toEqual(out);
    const hardErrors = convolutionalEncode(code, sent).filter((bit, i) => bit !== (symbols[i]! > 0 ? 1 : 0)).length;
    expect(hardErrors).toBeGreaterThan(250);
  });

  test('a block in pieces gives what the whole gives', () => {
    const bits = 3000;
    const { symbols } = noisySymbols(bits, 4, 200);
    const whole = new Int32Array(2 * bits);
    trellisK7(combination).run(symbols, bits, whole);
    const pieces: number[] = [];
    const trellis = trellisK7(combination);
    for (let at = 0; at < bits; at += 77) {
      const steps = Math.min(77, bits - at);
      const part = new Int32Array(2 * steps);
      trellis.run(symbols.slice(2 * at), steps, part);
      pieces.push(...part);
    }
    expect(Int32Array.from(pieces)).toEqual(whole);
  });

  test('tables and buffers that do not fit are refused', () => {
    expect(() => trellisK7(combination.slice(1))).toThrow(RangeError);
    expect(() => trellisK7(combination.map(() => 4))).toThrow(RangeError);
    expect(() => trellisK7(combination).run(new Int32Array(3), 2, new Int32Array(4))).toThrow(/2 bits/);
  });
});
