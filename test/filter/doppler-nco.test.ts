import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { dopplerNco } from '../../dsp/filter/doppler-nco.ts';
import { cutsOf } from '../laws/chunking.ts';
import { runBlock, tone } from './run-block.ts';

const sampleRate = 48_000;
const pointEvery = 1280;
/** A pass over a few seconds: 9.8 kHz to −9.8 kHz, fastest in the middle. */
const passHz = (sample: number) => -9800 * Math.tanh((sample / sampleRate - 1) / 0.4);

/** The same by a plain sum of the frequency between the points, in double precision. */
function summed(x: Float32Array, shiftHzAt: (sample: number) => number): Float64Array {
  const y = new Float64Array(x.length);
  let cycles = 0;
  for (let n = 0; n < x.length / 2; n++) {
    const point = n - (n % pointEvery);
    const share = (n - point) / pointEvery;
    const angle = 2 * Math.PI * cycles;
    y[2 * n] = x[2 * n]! * Math.cos(angle) - x[2 * n + 1]! * Math.sin(angle);
    y[2 * n + 1] = x[2 * n]! * Math.sin(angle) + x[2 * n + 1]! * Math.cos(angle);
    cycles += ((1 - share) * shiftHzAt(point) + share * shiftHzAt(point + pointEvery)) / sampleRate;
    cycles -= Math.floor(cycles);
  }
  return y;
}

describe('Doppler oscillator', () => {
  test('turns by the sum of the frequency, which has no steps', () => {
    const x = tone(0, 3 * sampleRate);
    const y = new Float32Array(x.length);
    dopplerNco({ sampleRate, pointEvery, shiftHzAt: passHz }).process(x, x.length / 2, y);
    const ideal = summed(x, passHz);
    let worst = 0;
    for (let i = 0; i < y.length; i++) worst = Math.max(worst, Math.abs(y[i]! - ideal[i]!));
    expect(worst).toBeLessThan(1e-7);
  });

  test('does not drift over ten million samples', () => {
    const nco = dopplerNco({ sampleRate, pointEvery, shiftHzAt: (sample) => passHz(sample % (2 * sampleRate)) });
    const block = 2 * sampleRate;
    const ones = tone(0, block);
    const first = new Float32Array(2 * block);
    const last = new Float32Array(2 * block);
    nco.process(ones, block, first);
    for (let i = 1; i <= 104; i++) nco.process(ones, block, last);
    // Every round adds the same angle, found from the first one by the plain sum.
    const cycles = cyclesOfRound();
    const angle = 2 * Math.PI * ((104 * cycles) % 1);
    for (let n = 0; n < block - pointEvery; n += 997) {
      const [a, b] = [first[2 * n]!, first[2 * n + 1]!];
      expect(last[2 * n]! - (a * Math.cos(angle) - b * Math.sin(angle))).toBeCloseTo(0, 5);
      expect(last[2 * n + 1]! - (a * Math.sin(angle) + b * Math.cos(angle))).toBeCloseTo(0, 5);
    }
  });

  test('a steady shift moves a tone, there and back is where it was, in place', () => {
    const random = prng(1);
    const x = Float32Array.from({ length: 10_000 }, () => random.normal());
    const y = x.slice();
    dopplerNco({ sampleRate, pointEvery, shiftHzAt: passHz }).process(y, 5000, y);
    dopplerNco({ sampleRate, pointEvery, shiftHzAt: (sample) => -passHz(sample) }).process(y, 5000, y);
    for (let i = 0; i < x.length; i++) expect(Math.abs(y[i]! - x[i]!)).toBeLessThan(1e-6);
  });

  test('chunking does not matter, nor when the frequency is asked', () => {
    const x = tone(0.01, 9000);
    x.fill(0, 4000, 9000);
    const asked: number[] = [];
    const shiftHzAt = (sample: number) => {
      asked.push(sample);
      return passHz(sample);
    };
    const nco = dopplerNco({ sampleRate, pointEvery, shiftHzAt });
    const whole = runBlock(nco, x, 2);
    const points = Array.from({ length: 9 }, (_, k) => k * pointEvery);
    for (let seed = 0; seed < 20; seed++) {
      nco.reset();
      expect(asked.splice(0)).toEqual(points);
      expect(runBlock(nco, x, 2, cutsOf(9000, seed))).toEqual(whole);
    }
    expect(whole.subarray(4000, 9000).every((value) => Object.is(value, 0))).toBe(true);
  });

  test('points that do not fit, and shifts that no sample rate holds, are refused', () => {
    expect(() => dopplerNco({ sampleRate, pointEvery: 100, shiftHzAt: () => 0 })).toThrow(RangeError);
    for (const shiftHz of [24_001, Number.NaN]) {
      const nco = dopplerNco({ sampleRate, pointEvery, shiftHzAt: () => shiftHz });
      expect(() => nco.process(tone(0, 4), 4, tone(0, 4))).toThrow(RangeError);
    }
  });
});

function cyclesOfRound(): number {
  let cycles = 0;
  for (let n = 0; n < 2 * sampleRate; n++) {
    const point = n - (n % pointEvery);
    const share = (n - point) / pointEvery;
    const at = (sample: number) => passHz(sample % (2 * sampleRate));
    cycles += ((1 - share) * at(point) + share * at(point + pointEvery)) / sampleRate;
  }
  return cycles;
}
