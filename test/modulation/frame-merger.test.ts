import { expect, test } from 'vitest';
import type { ReceivedFrame } from '../../dsp/core/receiver.ts';
import { FrameMerger } from '../../dsp/modulation/frame-merger.ts';

function frame(bytes: number[], sample: number, repairedBits: number, snrDb = 10): ReceivedFrame {
  return {
    bytes: Uint8Array.from(bytes),
    symbol: sample,
    endSymbol: sample + 1000,
    sample,
    endSample: sample + 1000,
    snrDb,
    offsetHz: 0,
    modulationIndex: 0.5,
    clockPpm: null,
    syncQuality: null,
    integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits, falseAlarmsPerHour: null },
  };
}

function merging() {
  const given: string[] = [];
  const merger = new FrameMerger(1, {
    frame: ({ bytes, integrity, snrDb }) => given.push(`${bytes} r${integrity.repairedBits} ${snrDb}`),
    reject() {},
  });
  return { given, chains: [merger.chain(true), merger.chain(true)] as const };
}

test('a frame that two chains find is given once, once both have passed it, measured by the better one', () => {
  const { given, chains } = merging();
  chains[0].frame(frame([1, 2], 0, 4, 7));
  expect(given).toEqual([]);
  chains[1].frame(frame([1, 2], 3, 0, 5));
  expect(given).toEqual(['1,2 r0 7']);
});

test('a repaired frame is dropped where another chain found a different one with less repair', () => {
  const { given, chains } = merging();
  chains[0].frame(frame([9, 9], 100, 4));
  chains[1].frame(frame([1, 2], 0, 2));
  for (const chain of chains) chain.passed(10_000);
  expect(given).toEqual(['1,2 r2 10']);
  // Also when the surer one has been given already.
  chains[0].frame(frame([8, 8], 50, 6));
  expect(given).toEqual(['1,2 r2 10']);
});

test('of unchecked frames in one place the one heard best is given', () => {
  const { given, chains } = merging();
  const unchecked = (bytes: number[], snrDb: number): ReceivedFrame => {
    const one = frame(bytes, 0, 0, snrDb);
    return { ...one, integrity: { ...one.integrity, crc: 'none' } };
  };
  chains[0].frame(unchecked([1, 2], 12));
  chains[1].frame(unchecked([1, 3], 8));
  for (const chain of chains) chain.passed(10_000);
  expect(given).toEqual(['1,2 r0 12']);
});

test('frames that only touch, and unrepaired ones, are both given', () => {
  const { given, chains } = merging();
  chains[0].frame(frame([1], 0, 0));
  chains[1].frame(frame([2], 100, 0));
  chains[1].frame(frame([3], 900, 2));
  for (const chain of chains) chain.passed(10_000);
  expect(given.sort()).toEqual(['1 r0 10', '2 r0 10', '3 r2 10']);
});
