import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { CpmDetector, correlate } from '../../dsp/modulation/cpm/detector.ts';
import { cpmReference, patterns, samplesPerSymbol } from '../../dsp/modulation/cpm/reference.ts';

const plain = plainKernels();
const floats = 2 * samplesPerSymbol;

/** Symbols of random bits, unit amplitude, a slow carrier, noise; and the bits of each. */
function received(h: number, symbols: number, sigma: number, seed: number): { iq: Float32Array; sent: Uint8Array } {
  const random = prng(seed);
  const { wave, advance } = cpmReference(h, 0.5);
  const bits = Uint8Array.from({ length: symbols + 2 }, () => random.uint32() & 1);
  const iq = new Float32Array(floats * symbols);
  let phase = 1;
  for (let k = 0; k < symbols; k++) {
    const p = 4 * bits[k]! + 2 * bits[k + 1]! + bits[k + 2]!;
    const c = Math.cos(phase);
    const s = Math.sin(phase);
    for (let i = 0; i < floats; i += 2) {
      const re = wave[floats * p + i]!;
      const im = wave[floats * p + i + 1]!;
      iq[floats * k + i] = re * c - im * s + sigma * random.normal();
      iq[floats * k + i + 1] = re * s + im * c + sigma * random.normal();
    }
    phase += advance[p]! + 0.02;
  }
  return { iq, sent: bits.subarray(1, symbols + 1) };
}

describe('correlations with the patterns', () => {
  test.each([0, 1, 5, 288, 1025, 2500])('%d symbols: WASM and plain agree to 1e-6 of the greatest', (symbols) => {
    const { iq } = received(0.7, symbols + 1, 0.5, symbols);
    const reference = cpmReference(0.7, 0.5);
    const [a, b] = [new Float32Array(2 * patterns * symbols), new Float32Array(2 * patterns * symbols)];
    correlate(reference, iq, floats, symbols, a);
    correlate(reference, iq, floats, symbols, b, plain);
    for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(1e-5);
  });
});

describe.each([
  [0.5, 2],
  [0.5, 3],
  [0.7, 3],
  [0.7, 2],
] as const)('detection at h %d with %d bits a state', (h, memory) => {
  const symbols = 2048;
  const block = 256;
  const ahead = 32;
  const reference = cpmReference(h, 0.5);

  function run(z: Float32Array, blocks: number, kernels?: typeof plain) {
    const detector = new CpmDetector(reference, 0.93, block + ahead, memory, kernels);
    const llr = new Float32Array(blocks * block);
    const pattern = new Uint8Array(blocks * block);
    for (let at = 0; at < blocks * block; at += block)
      detector.detect(z.subarray(2 * patterns * at), block, ahead, llr.subarray(at), pattern.subarray(at));
    return { llr, pattern };
  }

  test.each([0.3, 1, 1.5])('WASM and plain agree at noise %d: ratios to 1e-3 of their mean', (sigma) => {
    const { iq } = received(h, symbols + ahead, sigma, 7);
    const z = new Float32Array(2 * patterns * (symbols + ahead));
    correlate(reference, iq, 0, symbols + ahead, z);
    const a = run(z, symbols / block);
    const b = run(z, symbols / block, plain);
    const mean = b.llr.reduce((sum, x) => sum + Math.abs(x), 0) / symbols;
    let worst = 0;
    for (let k = 0; k < symbols; k++) worst = Math.max(worst, Math.abs(a.llr[k]! - b.llr[k]!));
    expect(worst).toBeLessThan(1e-3 * mean);
    const other = a.pattern.filter((p, k) => p !== b.pattern[k]!).length;
    expect(other).toBeLessThanOrEqual(1);
  });

  test('decides what was sent', () => {
    const { iq, sent } = received(h, symbols + ahead, 0.3, 3);
    const z = new Float32Array(2 * patterns * (symbols + ahead));
    correlate(reference, iq, 0, symbols + ahead, z);
    const { llr, pattern } = run(z, symbols / block);
    for (let k = 4; k < symbols; k++) {
      expect(llr[k]! > 0 ? 1 : 0).toBe(sent[k]);
      expect((pattern[k]! >> 1) & 1).toBe(sent[k]);
    }
  });

  test('silence says nothing, and blocks that do not fit are refused', () => {
    const { llr } = run(new Float32Array(2 * patterns * (block + ahead)), 1);
    expect(llr.every((x) => x === 0)).toBe(true);
    expect(() => new CpmDetector(reference, 0.9, 100_000)).toThrow(RangeError);
    const detector = new CpmDetector(reference, 0.9, 40);
    expect(() => detector.detect(new Float32Array(0), 10, 31, new Float32Array(10), new Uint8Array(10))).toThrow(/41/);
  });
});
