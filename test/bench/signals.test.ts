import { describe, expect, test } from 'vitest';
import { impairedChannel } from './sensitivity-curve.ts';
import { rowName, rows } from './sensitivity-rows.ts';
import { esn0Db, fadeGain, makeSignal, meanFadeGain, type Signal } from './signals.ts';

const row = rows[0]!;
const signal: Signal = {
  transmission: row,
  channel: { ...impairedChannel(row), ebn0Db: 6 },
  bursts: 3,
  seed: 5,
  tailS: 2,
};

function all({ pieces }: { pieces(): Iterable<Float32Array> }): Float32Array[] {
  return [...pieces()];
}

const power = (x: Float32Array) => x.reduce((sum, v) => sum + v * v, 0) / (x.length / 2);

describe('impaired bursts', () => {
  test('the same description gives the same samples, another seed others', () => {
    const first = all(makeSignal(signal));
    expect(all(makeSignal(signal))).toEqual(first);
    expect(all(makeSignal({ ...signal, seed: 6 }))[0]).not.toEqual(first[0]);
  });

  test('noise and signal have the powers that Eb/N0 says', () => {
    const pieces = all(makeSignal(signal));
    // Es/N0 = 10^0.6 at 5 samples a symbol: the variance of the noise is 5 / 10^0.6 of the signal's power 1.
    const variance = 5 / 10 ** 0.6;
    expect(power(pieces.at(-1)!) / variance).toBeCloseTo(1, 1);
    const burst = pieces[0]!;
    const inside = burst.subarray(burst.length - 2 * 5 * 700, burst.length - 20);
    expect(power(inside) / (1 + variance)).toBeCloseTo(1, 1);
  });

  test('gaps are between 0.15 and 0.45 s, and the frames distinct', () => {
    const { frames, ...stream } = makeSignal({ ...signal, bursts: 20 });
    expect(new Set(frames.map((frame) => frame.join())).size).toBe(20);
    // Preamble, flags, 102 bytes and their stuffing last 0.11 to 0.13 s.
    for (const piece of all(stream).slice(0, 20)) {
      const seconds = piece.length / 2 / 48_000;
      expect(seconds).toBeGreaterThan(0.15 + 0.11);
      expect(seconds).toBeLessThan(0.45 + 0.14);
    }
  });

  test('a constant over the signal, and a carrier beside it, are where they should be', () => {
    const channel = { ...signal.channel, ebn0Db: 60, carrierHz: 5000, dcSpikeDb: 20 };
    const tail = all(makeSignal({ ...signal, channel })).at(-1)!;
    let mean = 0;
    for (let i = 0; i < tail.length; i += 2) mean += tail[i]! / (tail.length / 2);
    expect(mean).toBeCloseTo(10, 2);
  });

  test('a neighbour is as much stronger as said', () => {
    const channel = { ...signal.channel, ebn0Db: 60, sampleRate: 192_000, neighbour: { hz: 25_000, db: 20 } };
    expect(power(all(makeSignal({ ...signal, channel })).at(-1)!)).toBeCloseTo(100, 1);
  });

  test('a fade keeps the mean power', () => {
    const mean = meanFadeGain(10);
    let sum = 0;
    for (let i = 0; i < 480; i++) sum += fadeGain(10, i / 480) / mean / 480;
    expect(sum).toBeCloseTo(1, 6);
    expect(10 * Math.log10(fadeGain(10, 0.5))).toBeCloseTo(-10, 6);
  });

  test('only the code rate is charged', () => {
    expect(esn0Db({ ...row, codeRate: 0.5 }, 3)).toBeCloseTo(-0.01, 2);
  });
});

test('every row of the table can be sent, under a name of its own', () => {
  for (const one of rows) {
    const channel = { ...impairedChannel(one), ebn0Db: 10 };
    const { frames, pieces } = makeSignal({ transmission: one, channel, bursts: 1, seed: 1, tailS: 0 });
    expect(frames[0]!.length).toBe(one.frameBytes);
    expect(all({ pieces })[0]!.every(Number.isFinite)).toBe(true);
  }
  expect(new Set(rows.map(rowName)).size).toBe(rows.length);
});
