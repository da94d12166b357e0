import { expect, test } from 'vitest';
import type { FrameCopy } from '../../daemon/api/wire.ts';
import type { ClockState } from '../../daemon/core/clock-watch.ts';
import { makeFrameIntake } from '../../daemon/frame-intake.ts';
import type { ReceivedFrame } from '../../daemon/receiver/received-frame.ts';
import type { UnstoredFrame } from '../../daemon/store/ledger.ts';
import { sampleFrame } from '../store/sample-frame.ts';

const stamp = { boot: 'this', utcMinusMonotonicMs: 1234 };

function intake(clock: ClockState = { synchronised: true, source: 'chrony' }) {
  const added: UnstoredFrame[] = [];
  const copies: (FrameCopy & { of: number })[] = [];
  const waiting: (() => void)[] = [];
  const made = makeFrameIntake({
    appender: {
      add(frame, stored) {
        added.push(frame);
        const seq = added.length;
        waiting.push(() => stored?.(seq));
      },
      addCopy: (of, copy) => void copies.push({ of, ...copy }),
    },
    norad: (satellite) => (satellite === 'GOMX-3' ? 40949 : null),
    clockState: () => clock,
    clockStamp: () => stamp,
  });
  const store = () => {
    for (const one of waiting.splice(0)) one();
  };
  return { ...made, added, copies, store };
}

/** Of 100 ms, `atMs` after noon. */
function received(atMs: number, frame = 'c0ffee', change: Partial<ReceivedFrame> = {}): ReceivedFrame {
  const { norad, sdr, pass, clock, clock_source, stamp: _stamp, ...decoded } = sampleFrame({ frame });
  const time = new Date(Date.UTC(2026, 0, 31, 12) + atMs).toISOString();
  return { ...decoded, time, timedBy: 'arrival', durationMs: 100, ...change };
}

const a = { sdr: 'a', pass: 'p' };
const b = { sdr: 'b', pass: null };

test('one transmission on two SDRs is one frame with a copy, whichever comes first', () => {
  const station = intake();
  station.add(received(0), a);
  station.add(received(20), b);
  expect(station.copies).toEqual([]);
  station.store();
  expect(station.added).toHaveLength(1);
  expect(station.added[0]).toMatchObject({ sdr: 'a', pass: 'p', norad: 40949 });
  expect(station.copies).toMatchObject([{ of: 1, sdr: 'b', time: '2026-01-31T12:00:00.020Z' }]);
});

test('what is sent again is another frame, also when both SDRs have both and one lags behind', () => {
  const station = intake();
  station.add(received(0), a);
  station.add(received(120), a);
  station.store();
  station.add(received(125), b);
  station.add(received(3), b);
  expect(station.added).toHaveLength(2);
  expect(station.copies.map(({ of, time }) => `${of} ${time}`)).toEqual([
    '2 2026-01-31T12:00:00.125Z',
    '1 2026-01-31T12:00:00.003Z',
  ]);
});

test('other bytes, another satellite and another time are other frames', () => {
  const station = intake();
  station.add(received(0), a);
  station.add(received(0, 'c0ffef'), b);
  station.add(received(0, 'c0ffee', { satellite: 'AO-73' }), b);
  station.add(received(300), b);
  expect(station.added).toHaveLength(4);
  expect(station.added[2]).toMatchObject({ satellite: 'AO-73', norad: null });
});

test('a second decoder of the same SDR is noted at the frame that it repeats', () => {
  const station = intake();
  station.add(received(0), a);
  station.store();
  station.addCopy(received(1, 'c0ffee', { transmitter: 'other' }), a);
  station.addCopy(received(1, 'beef'), a);
  expect(station.copies).toMatchObject([{ of: 1, sdr: 'a', transmitter: 'other' }]);
});

test.each<[ClockState, Partial<ReceivedFrame>, Partial<UnstoredFrame>]>([
  [{ synchronised: true, source: 'chrony' }, {}, { clock: 'synchronised', clock_source: 'chrony', stamp }],
  [{ synchronised: false, source: 'the year' }, {}, { clock: 'unsynchronised', clock_source: 'the year', stamp }],
  [{ synchronised: null, source: null }, {}, { clock: 'unknown', clock_source: null, stamp }],
  [{ synchronised: true, source: 'chrony' }, { timedBy: 'recording' }, { clock: 'recording', clock_source: null }],
  [
    { synchronised: true, source: 'chrony' },
    { time: null, timedBy: null },
    { clock: 'unknown', clock_source: null },
  ],
])('a clock %o and a frame %o give %o', (clock, change, expected) => {
  const station = intake(clock);
  station.add(received(0, 'c0ffee', change), a);
  expect(station.added[0]).toMatchObject(expected);
  expect('stamp' in station.added[0]!).toBe('stamp' in expected);
});
