import { expect, test } from 'vitest';
import { finishedEntries } from '../../daemon/pass-entries.ts';
import type { PassRecord } from '../../daemon/store/pass-record.ts';

const startMs = Date.UTC(2026, 10, 26, 12);

const part = (key: string, riseS: number, setS: number, more: Partial<PassRecord> = {}): PassRecord => ({
  ...{ id: `${key} ${riseS}`, key, priority: 0, norad: 40_949, satellite: 'GOMX-3', sdr: 'uhf', transmitters: ['t'] },
  ...{ aosMs: startMs + 1000 * riseS, tcaMs: startMs + 1000 * riseS, losMs: startMs + 1000 * setS },
  ...{ fromMs: startMs + 1000 * riseS, toMs: startMs + 1000 * setS, whole: false, pointed: [], state: 'done' },
  ...{ maxElevationDeg: 40, aosAzimuthDeg: 10, losAzimuthDeg: 200, frames: 3, bestSnrDb: 9, meanSnrDb: 8 },
  ...{ droppedSamples: 0, gaps: 0, offsets: [], fit: null, fitReason: 'too few', elements: null, reason: null },
  ...{ recording: null, simulated: false },
  ...more,
});

test('parts of a pass are one pass although newer elements named it anew; two rises behind a mountain are two', () => {
  const records = [
    part('40949-20261126T120503Z', 303, 600),
    part('40949-20261126T120500Z', 300, 598, { state: 'interrupted', fromMs: startMs + 300_000 }),
    part('40949-20261126T121200Z', 720, 900),
    part('39444-20261126T120500Z', 300, 600, { norad: 39_444, satellite: 'AO-73' }),
  ];
  const entries = finishedEntries(records, (key) => key === '40949-20261126T120503Z');
  expect(entries.map(({ key, received_by }) => [key, received_by.map(({ state }) => state)])).toEqual([
    ['39444-20261126T120500Z', ['done']],
    // The one whose picture there is names it.
    ['40949-20261126T120503Z', ['interrupted', 'done']],
    ['40949-20261126T121200Z', ['done']],
  ]);
});
