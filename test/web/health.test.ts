import { expect, test } from 'vitest';
import type { CollectorReport, StatusReport } from '../../daemon/api/wire.ts';
import { healthOf } from '../../web/src/now/condition.ts';
import { shortUrls } from '../../web/src/now/short-urls.ts';

const status = {
  clock: { time: '2026-11-26T12:00:00Z', synchronised: true, source: 'chrony' },
  ledger: { id: 'x', last_seq: 0, waiting_frames: 0, lost_frames: 0, error: null },
  sdrs: [{ id: 'uhf', state: 'streaming', reason: null, dropped_samples: 0, not_received: [] }],
} as unknown as StatusReport;

const collector = (id: string, more: Partial<CollectorReport>): CollectorReport => ({
  ...{ id, type: 'satnogs-db', state: 'idle', reason: null, next_attempt: null, cursor: 5, queued: 0, accepted: 5 },
  ...{ refused: 0, withheld: 0, aside: [], last_accepted: null, last_refusals: [] },
  withheld_because: { satellite: 0, simulated: 0, clock: 0, weak: 0 },
  ...more,
});

test('a station that is well says so of each part, and of collectors only what is wrong', () => {
  const well = healthOf({ status, rotators: [], elements: null, collectors: [collector('db', {})] });
  expect(well).toEqual([
    { what: 'sdr', name: 'uhf', level: 'good', text: 'gives samples' },
    { what: 'clock', name: '', level: 'good', text: 'synchronised by chrony' },
  ]);
});

test('what is not well comes with its reason', () => {
  const conditions = healthOf({
    status: {
      ...status,
      clock: { ...status.clock, synchronised: false },
      ledger: { ...status.ledger, error: 'the disk is full', waiting_frames: 3 },
      sdrs: [{ ...status.sdrs[0]!, state: 'failed', reason: 'no dongle' }],
    },
    rotators: [{ id: 'mast', state: 'fault', reason: 'does not answer', pass: null, commanded: null, read: null }],
    elements: {
      sources: [
        {
          source: 'celestrak',
          last_fetch: null,
          next_fetch: null,
          outcome: 'x',
          reason: 'HTTP 403',
          elements: 0,
          bad: 0,
        },
      ],
      satellites: [
        { norad: 1, name: 'A', epoch: '2026-11-01T00:00:00Z', age_days: 25, source: 'x', pinned: false },
        { norad: 2, name: 'B', epoch: null, age_days: null, source: null, pinned: false },
      ],
    },
    collectors: [collector('db', { state: 'waiting', reason: 'HTTP 500', queued: 7 })],
  });
  expect(conditions.map(({ what, level, text }) => [what, level, text])).toEqual([
    ['sdr', 'bad', 'failed; no dongle'],
    ['rotator', 'bad', 'has a fault; does not answer'],
    ['clock', 'bad', expect.stringContaining('not synchronised')],
    ['elements', 'bad', 'the oldest is 25.0 days old; none for B'],
    ['source', 'warn', 'HTTP 403'],
    ['ledger', 'bad', 'the disk is full; 3 frames wait'],
    ['collector', 'warn', 'is tried again later; HTTP 500; 7 frames wait'],
  ]);
});

test('a collector that is sent nothing says why, in place of looking well', () => {
  const kept = { withheld: 13, withheld_because: { satellite: 0, simulated: 12, clock: 0, weak: 1 } };
  const of = (more: Partial<CollectorReport>) =>
    healthOf({ status, rotators: [], elements: null, collectors: [collector('db', { ...kept, ...more })] }).slice(2);
  expect(of({ accepted: 0 })).toEqual([
    {
      what: 'collector',
      name: 'db',
      level: 'quiet',
      text: 'nothing is sent to it: 12 simulated, 1 with weak evidence',
    },
  ]);
  expect(of({ accepted: 1 })).toEqual([]);
});

test('a long address is shown without its middle, and stays whole beside that', () => {
  const address = 'https://celestrak.org/NORAD/elements/gp.php?GROUP=active&FORMAT=json';
  expect(shortUrls(`${address}: HTTP 403`)).toEqual([
    { whole: address, shown: 'https://celestrak.org/NO…ve&FORMAT=json' },
    { whole: ': HTTP 403', shown: ': HTTP 403' },
  ]);
  expect(
    shortUrls('see http://a.example/b.')
      .map(({ shown }) => shown)
      .join(''),
  ).toBe('see http://a.example/b.');
});
