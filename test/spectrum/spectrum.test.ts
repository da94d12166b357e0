import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { blockSpectrum } from '../../dsp/spectrum/block-spectrum.ts';
import { findSignal } from '../../dsp/spectrum/find-signal.ts';
import { levelScale, writeLevels } from '../../dsp/spectrum/levels.ts';

const dbOf = (level: number) => levelScale.floorDb + level * levelScale.stepDb;
const size = 1024;

test.each(['cu8', 'cs8', 'cs16', 'cf32'] as const)('a tone of %s reads its power at its frequency', (format) => {
  const [bytes, tone] = { cu8: [1, 127.5], cs8: [1, 127], cs16: [2, 32_767], cf32: [4, 1] }[format] as [number, number];
  const values = { cu8: Uint8Array, cs8: Int8Array, cs16: Int16Array, cf32: Float32Array }[format];
  const block = new values(2 * size);
  const middle = format === 'cu8' ? 127.5 : 0;
  for (let n = 0; n < size; n++) {
    const angle = (2 * Math.PI * -200 * n) / size;
    block[2 * n] = middle + 0.5 * tone * Math.cos(angle) + (format === 'cf32' ? 0 : 0.5);
    block[2 * n + 1] = middle + 0.5 * tone * Math.sin(angle) + (format === 'cf32' ? 0 : 0.5);
  }
  const sums = new Float32Array(size);
  const spectrum = blockSpectrum(size, format);
  const raw = new Uint8Array(block.buffer, 0, 2 * size * bytes);
  for (let k = 0; k < 3; k++) spectrum.add(raw, sums);
  const levels = new Uint8Array(64);
  writeLevels(sums, 3, 0, size, levels);
  const column = (512 - 200) / 16;
  expect(dbOf(levels[Math.floor(column)]!)).toBeCloseTo(-6, 0);
  expect(dbOf(Math.max(...levels.filter((_, k) => Math.abs(k - column) > 1 && k !== 32)))).toBeLessThan(-40);
});

test('a weak carrier between many bins of a column still stands out of the noise', () => {
  const random = prng(2);
  const power = new Float32Array(8192);
  for (let block = 0; block < 8; block++)
    for (let k = 0; k < power.length; k++) power[k]! -= Math.log(random.uniform());
  // 10 dB above the noise of its bin; the mean of its column would be only 1 dB above the strongest of the others.
  power[4000]! += 8 * 10;
  const levels = new Uint8Array(512);
  writeLevels(power, 8, 0, 8192, levels);
  const others = levels.filter((_, k) => k !== 250);
  expect(dbOf(levels[250]!) - dbOf(Math.max(...others))).toBeGreaterThan(2);
});

test('columns narrower than a bin repeat it, and what lies outside of the spectrum is empty', () => {
  const levels = new Uint8Array(8);
  writeLevels(Float32Array.of(1, 0.1, 1, 0.1), 1, -1, 3, levels);
  expect([...levels].map(dbOf).map(Math.round)).toEqual([0, 0, 0, 0, -10, -10, 0, 0]);
});

test('noise is no signal, and a signal is measured where it is', () => {
  const random = prng(9);
  const averages = 16;
  const search = { expected: 128, reach: 60, width: 12, low: 10, high: 245, averages };
  let found = 0;
  for (let trial = 0; trial < 3000; trial++) {
    const power = Float32Array.from({ length: 256 }, () => {
      let sum = 0;
      for (let k = 0; k < averages; k++) sum -= Math.log(random.uniform()) / averages;
      return sum;
    });
    if (findSignal(power, search) !== null) found += 1;
    if (trial >= 100) continue;
    for (let k = 140; k < 152; k++) power[k]! *= 1 + 4;
    const signal = findSignal(power, search);
    expect(signal!.snrDb).toBeGreaterThan(4.5);
    expect(signal!.snrDb).toBeLessThan(7.5);
    expect(Math.abs(signal!.centre - 145.5)).toBeLessThan(1);
  }
  expect(found).toBe(0);
});
