import { describe, expect, test } from 'vitest';
import { convolutionalCodes, convolutionalEncode } from '../../dsp/coding/convolutional.ts';
import { prng } from '../../dsp/core/prng.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { correlate } from '../../dsp/modulation/cpm/detector.ts';
import { JointDecoder } from '../../dsp/modulation/cpm/joint-decoder.ts';
import { knownPhasor } from '../../dsp/modulation/cpm/known-symbols.ts';
import { cpmReference, patterns, samplesPerSymbol } from '../../dsp/modulation/cpm/reference.ts';

const alpha = 0.97;
const floats = 2 * samplesPerSymbol;
const plain = plainKernels();
const code = convolutionalCodes.ccsds;

/** A known word, `bits` coded bits from state 0 on and some symbols more; their correlations. */
function received(h: number, bits: number, sigma: number, seed: number, inverted: boolean) {
  const random = prng(seed);
  const reference = cpmReference(h, 0.5);
  const known = Uint8Array.from({ length: 32 }, () => random.uint32() & 1);
  const sent = Uint8Array.from({ length: bits }, () => random.uint32() & 1);
  const coded = convolutionalEncode(code, sent);
  const tail = Array.from({ length: 4 }, () => random.uint32() & 1);
  const channel = Uint8Array.from([...known, ...coded, ...tail], (bit) => bit ^ (inverted ? 1 : 0));
  const count = known.length + coded.length;
  const iq = new Float32Array(floats * count);
  let phase = 2;
  for (let k = 0; k < count; k++) {
    const p = 4 * (channel[k - 1] ?? 0) + 2 * channel[k]! + channel[k + 1]!;
    const c = Math.cos(phase);
    const s = Math.sin(phase);
    for (let i = 0; i < floats; i += 2) {
      const re = reference.wave[floats * p + i]!;
      const im = reference.wave[floats * p + i + 1]!;
      iq[floats * k + i] = re * c - im * s + sigma * random.normal();
      iq[floats * k + i + 1] = re * s + im * c + sigma * random.normal();
    }
    phase += reference.advance[p]!;
  }
  const z = new Float32Array(2 * patterns * count);
  correlate(reference, iq, 0, count, z);
  const phasor = new Float64Array(2);
  knownPhasor(reference, alpha, z, channel.subarray(0, known.length), phasor);
  return { reference, known, sent, z, at: known.length, phasor: [phasor[0]!, phasor[1]!] as const };
}

function decode(signal: ReturnType<typeof received>, bits: number, inverted: boolean, kernels?: typeof plain) {
  const out = new Uint8Array(bits);
  const joint = new JointDecoder(signal.reference, alpha, kernels);
  const request = { code, bits, inverted, startState: 0, endState: null, known: signal.known, out };
  joint.decode(signal.z, signal.at, signal.phasor, request);
  return out;
}

describe.each([0.5, 0.7])('joint decoding at h %d', (h) => {
  test.each([1, 2, 17, 1024, 1025, 2100])('%d bits without noise, in both polarities', (bits) => {
    for (const inverted of [false, true]) {
      const signal = received(h, bits, 0.05, bits, inverted);
      expect(decode(signal, bits, inverted)).toEqual(signal.sent);
    }
  });

  test.each([1, 1.6])('WASM and plain decide the same at noise %d', (sigma) => {
    for (let seed = 0; seed < 3; seed++) {
      const bits = 400;
      const signal = received(h, bits, sigma, seed, seed % 2 === 1);
      const a = decode(signal, bits, seed % 2 === 1);
      const b = decode(signal, bits, seed % 2 === 1, plain);
      expect(a).toEqual(b);
      if (sigma === 1) expect(a.subarray(0, bits - 8)).toEqual(signal.sent.subarray(0, bits - 8));
    }
  });

  test('an end state is kept to, an unknown start is found out', () => {
    const bits = 300;
    const signal = received(h, bits, 0.5, 5, false);
    let endState = 0;
    for (let i = 0; i < 6; i++) endState |= signal.sent[bits - 1 - i]! << (5 - i);
    const joint = new JointDecoder(signal.reference, alpha);
    const out = new Uint8Array(bits);
    joint.decode(signal.z, signal.at, signal.phasor, { code, bits, inverted: false, startState: null, endState, out });
    expect(out).toEqual(signal.sent);
    joint.decode(signal.z, signal.at, signal.phasor, { code, bits, inverted: false, startState: 0, endState: 42, out });
    expect(Array.from(out.subarray(bits - 6))).toEqual([0, 1, 0, 1, 0, 1]);
  });
});
