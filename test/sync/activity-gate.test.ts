import { expect, test } from 'vitest';
import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { prng } from '../../dsp/core/prng.ts';
import { isSilent } from '../../dsp/core/silence.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { ActivityGate, type ActivityGateOptions } from '../../dsp/sync/activity-gate.ts';
import { cutsOf, pushInCuts } from '../laws/chunking.ts';

function gated(options: ActivityGateOptions, iq: Float32Array, cuts: readonly number[]): Float32Array {
  const out: number[] = [];
  const gate = new ActivityGate(options, (x, n) => {
    for (let i = 0; i < 2 * n; i++) out.push(x[i]!);
  });
  pushInCuts(gate.push, iq, 2, cuts);
  const pad = new Float32Array(2 * Math.ceil(gate.latency + 4096));
  gate.push(pad, pad.length / 2);
  return Float32Array.from(out.slice(0, iq.length));
}

function noise(n: number, density: number, sampleRate: number, seed: number): Float32Array {
  const iq = new Float32Array(2 * n);
  addNoise(iq, density, sampleRate, prng(seed));
  return iq;
}

/** Share of the samples that are exactly 0. */
function silentShare(iq: Float32Array): number {
  let count = 0;
  for (let i = 0; i < iq.length; i += 2) if (iq[i] === 0 && iq[i + 1] === 0) count++;
  return count / (iq.length / 2);
}

const rates = [
  { symbolRate: 9600, sampleRate: 48_000, searchHz: 2500, long: false },
  { symbolRate: 9600, sampleRate: 48_000, searchHz: 2500, long: true },
  { symbolRate: 9600, sampleRate: 66_000, searchHz: 12_000, long: false },
  { symbolRate: 1200, sampleRate: 8000, searchHz: 2500, long: false },
];

test.each(rates)('noise is silenced: $symbolRate Bd of $sampleRate Hz, ± $searchHz Hz, long $long', (options) => {
  const iq = noise(40 * options.sampleRate * (9600 / options.symbolRate), 1, options.sampleRate, 3);
  expect(silentShare(gated(options, iq, [iq.length / 2]))).toBeGreaterThan(0.94);
});

const weak = [
  { h: 0.5, esn0Db: 4, long: false },
  { h: 0.7, esn0Db: 3, long: false },
  { h: 1, esn0Db: 6, long: false },
  { h: 0.5, esn0Db: -2.2, long: true },
  { h: 0.7, esn0Db: -2, long: true },
] as const;

test.each(weak)(
  'a weak burst passes whole, untouched and in its place: h $h, Es/N0 $esn0Db dB',
  ({ h, esn0Db, long }) => {
    const symbolRate = 9600;
    const sampleRate = 48_000;
    const random = prng(7);
    for (let burst = 0; burst < 10; burst++) {
      const bits = Uint8Array.from({ length: long ? 4480 : 1000 }, () => random.uint32() & 1);
      const wave = modulate(bits, { kind: 'fsk', symbolRate, deviationHz: (h * symbolRate) / 2 }, { sampleRate });
      const first = sampleRate;
      const n = wave.iq.length / 2;
      const iq = noise(first + n + sampleRate, noiseDensity(esn0Db, symbolRate), sampleRate, 100 + burst);
      const turn = (2 * Math.PI * 1000) / sampleRate;
      for (let i = 0; i < n; i++) {
        const a = wave.iq[2 * i]!;
        const b = wave.iq[2 * i + 1]!;
        iq[2 * (first + i)]! += a * Math.cos(turn * i) - b * Math.sin(turn * i);
        iq[2 * (first + i) + 1]! += a * Math.sin(turn * i) + b * Math.cos(turn * i);
      }
      const out = gated({ symbolRate, sampleRate, searchHz: 2500, long }, iq, [iq.length / 2]);
      expect(out.subarray(2 * first, 2 * (first + n))).toEqual(iq.subarray(2 * first, 2 * (first + n)));
      // What is far from it does not pass.
      expect(silentShare(out)).toBeGreaterThan(0.25);
    }
  },
);

test('silence stays silence, and how the input is cut changes nothing', () => {
  const options = rates[0]!;
  const iq = noise(30_000, 1, options.sampleRate, 5);
  for (let i = 8000; i < 24_000; i++) iq[i]! += i % 8 < 4 ? 2 : -2;
  const whole = gated(options, iq, [15_000]);
  for (let seed = 0; seed < 10; seed++) expect(gated(options, iq, cutsOf(15_000, seed))).toEqual(whole);
  const zeros = new Float32Array(40_000);
  expect(isSilent(gated(options, zeros, [20_000]), 0, 40_000)).toBe(true);
});
