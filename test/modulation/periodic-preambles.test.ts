import { expect, test } from 'vitest';
import { measurePoint } from '../bench/sensitivity-point.ts';

const bursts = 24;

/** Frames received of `bursts`, each behind 256 symbols of preamble that repeat themselves. */
function received(mode: string, content: 'ax25' | 'random', frameBytes: number, ebn0Db: number): number {
  const { ours } = measurePoint({
    signal: {
      transmission: { mode, content, frameBytes, codeRate: 1 },
      channel: { ebn0Db, sampleRate: 48_000, clockPpm: 50, offsetHz: 1000, offsetHzPerS: 500 },
      bursts,
      seed: 5,
      tailS: 0.5,
    },
  });
  return ours.received;
}

// Where index, pulse or carrier are learnt from the preamble as if it were data, most of these are lost.
test.each([
  { deviationHz: 2400, ebn0Db: 8 },
  { deviationHz: 2640, ebn0Db: 8 },
  { deviationHz: 3360, ebn0Db: 7.5 },
  { deviationHz: 4800, ebn0Db: 10 },
])('short frames behind 1010… at $deviationHz Hz', ({ deviationHz, ebn0Db }) => {
  const mode = `fsk:9600:geoscan,deviation_hz=${deviationHz},frame_size=66`;
  expect(received(mode, 'random', 64, ebn0Db)).toBeGreaterThanOrEqual(bursts - 1);
});

test.each([
  { deviationHz: 2640, ebn0Db: 8.5 },
  { deviationHz: 2880, ebn0Db: 8.5 },
  { deviationHz: 3360, ebn0Db: 8.5 },
])('frames without a scrambler behind flags at $deviationHz Hz', ({ deviationHz, ebn0Db }) => {
  const mode = `fsk:9600:ax25,deviation_hz=${deviationHz}`;
  expect(received(mode, 'ax25', 100, ebn0Db)).toBeGreaterThanOrEqual(bursts - 2);
});
