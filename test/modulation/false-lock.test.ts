import { expect, test } from 'vitest';
import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { prng } from '../../dsp/core/prng.ts';
import type { Kernels } from '../../dsp/kernels/kernels.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { CpmDetector, correlate, detectorLookAhead } from '../../dsp/modulation/cpm/detector.ts';
import { cpmReference, patterns, samplesPerSymbol } from '../../dsp/modulation/cpm/reference.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';

const reference = cpmReference(0.5, 0.5);
const noiseSymbols = 60;
const preambleSymbols = 100;
const dataSymbols = 64;
const tailSymbols = 32;
const total = noiseSymbols + preambleSymbols + dataSymbols + tailSymbols;

/** A burst behind noise and before noise: 1010…, random data, 1010…; and its symbols. */
function burst(esn0Db: number, seed: number): { z: Float32Array; bits: Uint8Array } {
  const random = prng(seed);
  const inData = (k: number) => k >= preambleSymbols && k < preambleSymbols + dataSymbols;
  const bits = Uint8Array.from({ length: total - noiseSymbols }, (_, k) => (inData(k) ? random.uint32() & 1 : k & 1));
  const sent = modulate(
    bits,
    { kind: 'fsk', symbolRate: 1 },
    // Half a sample early: samples then lie at (i + ½)/4 of a symbol.
    { sampleRate: samplesPerSymbol, startSample: noiseSymbols * samplesPerSymbol - 0.5, phase: seed },
  );
  const iq = new Float32Array(2 * samplesPerSymbol * (total + detectorLookAhead));
  iq.set(sent.iq.subarray(0, iq.length - 2 * sent.firstSample), 2 * sent.firstSample);
  addNoise(iq, noiseDensity(esn0Db, 1), samplesPerSymbol, random);
  const z = new Float32Array(2 * patterns * (total + detectorLookAhead));
  correlate(reference, iq, 0, total + detectorLookAhead, z);
  return { z, bits };
}

function decide(z: Float32Array, kernels?: Kernels): { llr: Float32Array; pattern: Uint8Array } {
  const detector = new CpmDetector(reference, 0.93, total + detectorLookAhead, 2, kernels);
  const llr = new Float32Array(total);
  const pattern = new Uint8Array(total);
  detector.detect(z, total, detectorLookAhead, llr, pattern);
  return { llr, pattern };
}

test('data between alternating symbols are decided as surely as any, from the first to the last', () => {
  let errors = 0;
  const bursts = 300;
  for (let seed = 1; seed <= bursts; seed++) {
    const { z, bits } = burst(9, seed);
    const { llr } = decide(z);
    for (let k = preambleSymbols; k < preambleSymbols + dataSymbols; k++)
      if (llr[noiseSymbols + k]! > 0 !== (bits[k] === 1)) errors++;
  }
  // The error rate at 9 dB, two symbols at a time, is 1e-4: two errors in 19,200.
  expect(errors).toBeLessThan(20);
});

test('WASM and plain leave a false lock alike', () => {
  const plain = plainKernels();
  for (let seed = 1; seed <= 40; seed++) {
    const { z } = burst(7, seed);
    const a = decide(z);
    const b = decide(z, plain);
    const other = a.pattern.filter((p, k) => p !== b.pattern[k]).length;
    expect(other).toBeLessThanOrEqual(2);
  }
});
