import { describe, expect, test } from 'vitest';
import { halfWidthHz } from '../../daemon/receiver/channel-plan.ts';
import { prng } from '../../dsp/core/prng.ts';
import { parseMode } from '../../dsp/mode.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { lookAtChannel } from '../../dsp/spectrum/channel-look.ts';

const sampleRate = 48_000;
const samples = 9600;

/** A piece in the middle of a transmission of random bits; `snrDb` is power over the noise in the signal's bandwidth. */
function piece(modeText: string, snrDb: number, offsetHz: number, seed = 5) {
  const { modulation } = parseMode(modeText);
  const random = prng(seed);
  const bits = Uint8Array.from({ length: Math.ceil(modulation.symbolRate * 0.3) }, () => random.uint32() & 1);
  const wave = modulate(bits, modulation, { sampleRate, startSample: 0.37, phase: 1 });
  const half = halfWidthHz(modulation);
  const sigma = Math.sqrt((10 ** (-snrDb / 10) * sampleRate) / (2 * half) / 2);
  const from = 1000 - wave.firstSample;
  const iq = new Float32Array(2 * samples);
  for (let n = 0; n < samples; n++) {
    const [re, im] = [wave.iq[2 * (from + n)]!, wave.iq[2 * (from + n) + 1]!];
    const angle = (2 * Math.PI * offsetHz * n) / sampleRate;
    iq[2 * n] = re * Math.cos(angle) - im * Math.sin(angle) + sigma * random.normal();
    iq[2 * n + 1] = re * Math.sin(angle) + im * Math.cos(angle) + sigma * random.normal();
  }
  return { iq, sampleRate, modulation, halfWidthHz: half, searchHz: 5000, flatHz: [-23_000, 23_000] as const };
}

const modes = [
  'bpsk:1200:ax25',
  'bpsk:9600:ax25-g3ruh',
  'dbpsk-manchester:1200:ax25',
  'fsk:9600:ax25-g3ruh',
  'fsk:1200:ax25',
  'afsk:1200:ax25,deviation=500,af_carrier=1700',
];

describe.each(modes)('%s', (mode) => {
  test.each([6, 12, 20])('at %i dB the ratio and the offset are measured', (snrDb) => {
    for (const seed of [1, 2, 3]) {
      const of = piece(mode, snrDb, 1730, seed);
      const look = lookAtChannel(of);
      expect(Math.abs(look.snrDb - snrDb)).toBeLessThan(1.5);
      expect(Math.abs(look.offsetHz - 1730)).toBeLessThan(0.05 * of.modulation.symbolRate);
    }
  });

  test('in noise alone there is none', () => {
    for (let seed = 1; seed <= 20; seed++) expect(lookAtChannel(piece(mode, -60, 0, seed)).snrDb).toBeNaN();
  });
});

test.each(modes.slice(0, 3))('the points of %s lie near ±1', (mode) => {
  const { shape, points, histogram } = lookAtChannel(piece(mode, 25, -900));
  expect(shape).toBe('constellation');
  const far = Array.from({ length: points.length >> 1 }, (_, k) => {
    const [re, im] = [(points[2 * k]! * 1.5) / 127, (points[2 * k + 1]! * 1.5) / 127];
    return Math.hypot(Math.abs(re) - 1, im);
  }).filter((distance) => distance > 0.3);
  expect(points.length).toBeGreaterThan(300);
  expect(far.length).toBeLessThan(0.02 * points.length);
  const middle = histogram.slice(16, 32).reduce((sum, n) => sum + n, 0);
  expect(middle).toBeLessThan(0.02 * histogram.reduce((sum, n) => sum + n, 0));
});

test.each(modes.slice(3))('the eye of %s is open', (mode) => {
  const { shape, points, traceLength, histogram } = lookAtChannel(piece(mode, 25, -900));
  expect(shape).toBe('eye');
  const atDecision = Array.from(
    { length: points.length / traceLength },
    (_, k) => (points[k * traceLength + traceLength / 2]! + points[k * traceLength + traceLength / 2 - 1]!) / 2,
  );
  expect(atDecision).toHaveLength(64);
  expect(Math.min(...atDecision.map(Math.abs))).toBeGreaterThan(0.3 * (127 / 1.5));
  const middle = histogram.slice(20, 28).reduce((sum, n) => sum + n, 0);
  expect(middle).toBeLessThan(0.02 * histogram.reduce((sum, n) => sum + n, 0));
});
