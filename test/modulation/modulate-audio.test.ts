import { expect, test } from 'vitest';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { fmAudio, ssbAudio } from './modulate-audio.ts';

const bits = Uint8Array.from('1100101001110100', Number);

test('FM audio is positive for a 1 of positive deviation, its level the deviation', () => {
  const sampleRate = 96_000;
  const { iq, firstSample } = modulate(bits, { kind: 'fsk', symbolRate: 1200, deviationHz: 2000 }, { sampleRate });
  const audio = fmAudio(iq, sampleRate);
  const middles = Array.from(bits, (_, k) => audio[Math.round(((k + 0.5) * 80 - firstSample) / 2)]!);
  expect(middles.map((v) => (v > 0 ? 1 : 0))).toEqual(Array.from(bits));
  // The channel filter takes the outermost sidebands: a few per cent of the level.
  expect(Math.abs(middles[0]! - 2000 / 8000)).toBeLessThan(0.015);
});

test('SSB audio holds BPSK on its carrier', () => {
  const sampleRate = 48_000;
  const { iq, firstSample } = modulate(bits, { kind: 'bpsk', symbolRate: 1200 }, { sampleRate });
  const audio = ssbAudio(iq, sampleRate, 1500);
  const got = Array.from(bits, (_, k) => {
    let sum = 0;
    for (let n = k * 40; n < (k + 1) * 40; n++) {
      const at = n - firstSample;
      sum += audio[at]! * Math.cos((2 * Math.PI * 1500 * at) / sampleRate);
    }
    return sum > 0 ? 1 : 0;
  });
  expect(got).toEqual(Array.from(bits));
  const rms = Math.sqrt(audio.reduce((s, v) => s + v * v, 0) / audio.length);
  expect(rms).toBeCloseTo(0.15, 5);
});
