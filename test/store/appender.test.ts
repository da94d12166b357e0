import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import { makeAppender } from '../../daemon/store/appender.ts';
import type { UnstoredFrame } from '../../daemon/store/ledger.ts';
import { sampleFrame } from './sample-frame.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function bench() {
  const batches: number[] = [];
  const announced: number[] = [];
  const failures: number[] = [];
  let seq = 0;
  const ledger = {
    broken: false,
    append(frames: readonly UnstoredFrame[]): StoredFrame[] {
      if (ledger.broken) throw new Error('disk full');
      batches.push(frames.length);
      return frames.map((frame) => ({ seq: ++seq, id: String(seq), ...frame, copies: [] }));
    },
    addCopy() {},
  };
  let lost = 0;
  const appender = makeAppender(ledger, {
    stored: (frames) => announced.push(...frames.map((frame) => frame.seq)),
    failed: (_error, waiting) => failures.push(waiting),
    lost: (count) => {
      lost += count;
    },
  });
  return { ledger, appender, batches, announced, failures, lost: () => lost };
}

test('frames of one turn are one transaction, announced only once they are stored', () => {
  const { appender, batches, announced } = bench();
  for (let i = 0; i < 5; i++) appender.add(sampleFrame());
  expect(announced).toEqual([]);
  vi.runAllTimers();
  expect(batches).toEqual([5]);
  expect(announced).toEqual([1, 2, 3, 4, 5]);
});

test('while the disk fails frames wait, nothing is announced, and all come through afterwards in order', () => {
  const { appender, ledger, announced, failures } = bench();
  ledger.broken = true;
  appender.add(sampleFrame());
  vi.advanceTimersByTime(1500);
  appender.add(sampleFrame());
  vi.advanceTimersByTime(1000);
  expect(failures).toEqual([1, 1, 2]);
  expect(announced).toEqual([]);
  ledger.broken = false;
  vi.advanceTimersByTime(1000);
  expect(announced).toEqual([1, 2]);
});

test('memory is bounded: the oldest go first and are counted; closing tells what is left', () => {
  const { appender, ledger, lost } = bench();
  ledger.broken = true;
  for (let i = 0; i < 10_007; i++) appender.add(sampleFrame());
  expect(lost()).toBe(7);
  expect(appender.close()).toBe(10_000);
});
