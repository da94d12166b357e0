import { expect, test } from 'vitest';
import { golayDecode, golayEncode } from '../../dsp/coding/golay.ts';
import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { prng } from '../../dsp/core/prng.ts';
import { syncBits } from '../../dsp/framing/parts/burst.ts';
import { CpmDetector, correlate } from '../../dsp/modulation/cpm/detector.ts';
import { knownCoherence } from '../../dsp/modulation/cpm/known-symbols.ts';
import { likeliestWord } from '../../dsp/modulation/cpm/likeliest-word.ts';
import { cpmReference, patterns, samplesPerSymbol } from '../../dsp/modulation/cpm/reference.ts';
import { modulateGfsk } from '../../dsp/modulation/gfsk-modulate.ts';

const known = syncBits('c3aa6655');
const complement = known.map((bit) => bit ^ 1);
const wordBits = 24;
const words = Int32Array.from({ length: 4096 }, (_, data) => golayEncode(data));
const reference = cpmReference(0.5, 0.5);
const margin = 32;
const length = known.length + wordBits + margin;

/** Correlations of sync word, header and some symbols behind, at an unknown phase. */
function received(data: number, esn0Db: number, seed: number, flip: 0 | 1): Float32Array {
  const random = prng(seed);
  const header = Array.from({ length: wordBits }, (_, i) => (words[data]! >> (wordBits - 1 - i)) & 1);
  const behind = Array.from({ length: margin + 2 }, () => (random.uniform() < 0.5 ? 0 : 1));
  const bits = Uint8Array.from([...known, ...header, ...behind], (bit) => bit ^ flip);
  const { iq, firstSample } = modulateGfsk(
    bits,
    { kind: 'fsk', symbolRate: 1 },
    { sampleRate: samplesPerSymbol, startSample: -0.5, phase: 6 * random.uniform() },
  );
  addNoise(iq, noiseDensity(esn0Db, 1), samplesPerSymbol, random);
  const z = new Float32Array(2 * patterns * length);
  correlate(reference, iq, -2 * firstSample, length, z);
  return z;
}

test('every word is found behind a sync word without noise, in both polarities', () => {
  for (let data = 0; data < 4096; data += 13)
    for (const flip of [0, 1] as const)
      expect(
        likeliestWord(
          reference,
          0.97,
          received(data, 60, data, flip),
          flip ? complement : known,
          words,
          wordBits,
          flip,
        ),
      ).toBe(data);
});

test('words as waveforms survive noise that soft decisions do not', () => {
  const trials = 100;
  let waveforms = 0;
  let decisions = 0;
  const detector = new CpmDetector(reference, 0.93, length);
  const llr = new Float32Array(length);
  const pattern = new Uint8Array(length);
  for (let i = 0; i < trials; i++) {
    const data = (i * 37) & 4095;
    const z = received(data, 1, i, 0);
    if (likeliestWord(reference, 0.97, z, known, words, wordBits, 0) === data) waveforms++;
    detector.reset();
    detector.detect(z, length - margin, margin, llr, pattern);
    if (golayDecode(llr, known.length) === data) decisions++;
  }
  expect(waveforms).toBeGreaterThan(0.93 * trials);
  expect(waveforms).toBeGreaterThan(decisions + 0.05 * trials);
});

test('without words there is none', () => {
  expect(likeliestWord(reference, 0.97, received(1, 60, 1, 0), known, new Int32Array(0), wordBits, 0)).toBe(-1);
});

test('known symbols add up where they are, and not in noise', () => {
  const random = prng(4);
  let heard = 0;
  let imagined = 0;
  const trials = 300;
  for (let i = 0; i < trials; i++) {
    if (knownCoherence(reference, received(i, -1.6, i, 0), known) > 0.4) heard++;
    const iq = new Float32Array(2 * samplesPerSymbol * length);
    addNoise(iq, 1, 1, random);
    const z = new Float32Array(2 * patterns * length);
    correlate(reference, iq, 0, length, z);
    if (knownCoherence(reference, z, known) > 0.4) imagined++;
  }
  expect(heard).toBeGreaterThan(0.97 * trials);
  expect(imagined).toBeLessThan(0.03 * trials);
});
