import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Outcome } from '../../daemon/forward/collector.ts';
import { accepted, busy, odd, type Script, type Scripted, scripted } from './scripted.ts';

let folder: string;
let open: Scripted[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
});
afterEach(async () => {
  for (const one of open) await one.close();
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

function start(script: Script): Scripted {
  const one = scripted(folder, script);
  open.push(one);
  return one;
}

async function stop(one: Scripted): Promise<void> {
  open = open.filter((other) => other !== one);
  await one.close();
}

const allAccepted = (frames: readonly unknown[]): Outcome[] => frames.map(() => accepted);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('frames are delivered in order, in batches, each once, also after the next start', async () => {
  const first = start({ batch: 3, answer: allAccepted });
  first.add(7);
  await first.settled();
  first.add(1);
  await first.settled();
  expect(first.batches).toEqual([[1, 2, 3], [4, 5, 6], [7], [8]]);
  await stop(first);
  const second = start({ batch: 3, answer: allAccepted });
  second.add(2);
  await second.settled();
  expect(second.batches.flat()).toEqual([9, 10]);
  expect(second.store.state('one')).toMatchObject({ cursor: 10, accepted: 10, refused: 0, withheld: 0 });
});

test('a refused frame is noted in the server’s words, and blocks nothing', async () => {
  const one = start({
    answer: (frames) =>
      frames.map(({ seq }): Outcome => (seq === 2 ? { kind: 'refused', reason: 'unknown satellite' } : accepted)),
  });
  one.add(3);
  await one.settled();
  expect(one.store.state('one')).toMatchObject({ cursor: 3, accepted: 2, refused: 1 });
  expect(one.store.refusals('one', 10)).toEqual([{ seq: 2, reason: 'unknown satellite', at: expect.any(String) }]);
});

test('a collector that is busy is tried again with growing waits; nothing overtakes', async () => {
  let left = 4;
  const one = start({
    batch: 2,
    answer: (frames) => (left-- > 0 ? [accepted, busy].slice(0, left === 3 ? 2 : 0).concat(busy) : allAccepted(frames)),
  });
  one.add(4);
  await one.settled();
  expect(one.batches).toEqual([[1, 2], [2, 3], [2, 3], [2, 3], [2, 3], [4]]);
  expect(one.clock.waits).toEqual([1000, 2000, 4000, 8000]);
});

test('a collector’s own wish is honoured, up to a day', async () => {
  const wishes = [90_000, 1e12];
  const one = start({
    answer: (frames) => {
      const retryAfterMs = wishes.shift();
      return retryAfterMs === undefined ? allAccepted(frames) : [{ ...busy, retryAfterMs } as Outcome];
    },
  });
  one.add(1);
  await one.settled();
  expect(one.clock.waits).toEqual([90_000, 24 * 3600_000]);
});

test('a frame that alone makes the server fail is set aside after some tries, and delivered when it can be', async () => {
  let mended = false;
  const one = start({
    batch: 1,
    answer: ([frame]) => [frame!.seq === 2 && !mended ? odd : accepted],
  });
  one.add(4);
  await one.settled();
  expect(one.batches.flat()).toEqual([1, 2, 2, 2, 2, 2, 3, 4]);
  expect(one.delivery.status()).toMatchObject({ aside: 1, queued: 0 });
  expect(one.store.settledUpTo(['one'])).toBe(1);
  mended = true;
  while (one.delivery.status().aside > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(one.store.state('one')).toMatchObject({ accepted: 4, refused: 0 });
  expect(one.store.settledUpTo(['one'])).toBe(4);
});

test('what it throws, and outcomes that are missing, are tried again', async () => {
  let failures = 2;
  const one = start({
    answer: (frames) => {
      if (failures-- > 1) throw new Error('it broke');
      return failures === 0 ? [] : allAccepted(frames);
    },
  });
  one.add(2);
  await one.settled();
  expect(one.batches).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
  expect(one.store.state('one').accepted).toBe(2);
});

test('a connection that can’t be made is tried again', async () => {
  let refusals = 2;
  const one = start({
    answer: allAccepted,
    connect() {
      if (refusals-- > 0) throw new Error('connection refused');
    },
  });
  one.add(1);
  await one.settled();
  expect(one.clock.waits).toEqual([1000, 2000]);
});

test('after a lost answer it is asked what it has, and gets the rest alone', async () => {
  const had = new Set<string>();
  let lose = true;
  const one = start({
    batch: 5,
    answer(frames) {
      for (const { id } of lose ? frames.slice(0, 3) : frames) had.add(id);
      if (!lose) return allAccepted(frames);
      lose = false;
      throw new Error('connection lost');
    },
    delivered: async (frames) => new Set(frames.map(({ id }) => id).filter((id) => had.has(id))),
  });
  one.add(5);
  await one.settled();
  expect(one.batches).toEqual([range(1, 5), [4, 5]]);
  expect(one.store.state('one').accepted).toBe(5);
});

test('simulated, weak and unwanted frames are withheld and counted', async () => {
  const one = start({
    answer: allAccepted,
    deps: {
      rules: {
        satellites: new Set(['GOMX-3', 'AO-73']),
        except: new Set(['AO-73']),
        weakFrames: false,
        simulatedFrames: false,
        maxFalseAlarmsPerHour: 1,
      },
    },
  });
  const integrity = {
    crc: 'none',
    fec: 'none',
    correctedSymbols: 0,
    repairedBits: 0,
    falseAlarmsPerHour: null,
  } as const;
  one.add(1, { simulated: true });
  one.add(1, { integrity });
  one.add(1, { integrity: { ...integrity, fec: 'golay', falseAlarmsPerHour: 40 } });
  one.add(1, { integrity: { ...integrity, crc: 'bad' } });
  one.add(1, { satellite: 'AO-73' });
  one.add(1, { satellite: 'OTHER' });
  one.add(1, { satellite: null });
  one.add(1, { clock: 'unsynchronised' });
  one.add(1);
  await one.settled();
  expect(one.batches.flat()).toEqual([9]);
  expect(one.store.state('one')).toMatchObject({ accepted: 1, withheld: 8 });
  expect(one.store.withheldBecause('one')).toEqual({ simulated: 1, weak: 3, satellite: 3, clock: 1 });
});

test('frames whose time will be corrected wait, and those behind them', async () => {
  let synchronised = false;
  const one = start({
    answer: allAccepted,
    deps: { held: ({ clock }) => clock === 'unsynchronised' && !synchronised },
  });
  one.add(1);
  await one.settled();
  const stamp = { boot: 'this', utcMinusMonotonicMs: 0 };
  one.add(2, { clock: 'unsynchronised', stamp });
  one.add(1);
  while (one.delivery.status().state !== 'held') await new Promise((resolve) => setTimeout(resolve, 1));
  expect(one.batches.flat()).toEqual([1]);
  synchronised = true;
  one.ledger.restamp({ boot: 'this', utcMinusMonotonicMs: 1000 }, 'chrony', Date.now());
  one.delivery.wake();
  await one.settled();
  expect(one.batches.flat()).toEqual([1, 2, 3, 4]);
});

test('a station that stops waits for the answer that is under way', async () => {
  let answer = () => {};
  const first = start({
    batch: 1,
    answer: (frames) =>
      new Promise((resolve) => {
        answer = () => resolve(allAccepted(frames));
      }),
  });
  first.add(2);
  while (first.batches.length < 1) await new Promise((resolve) => setTimeout(resolve, 1));
  setTimeout(() => answer(), 50);
  await first.delivery.close();
  expect(first.store.state('one')).toMatchObject({ cursor: 1, accepted: 1 });
  expect(first.batches).toEqual([[1]]);
});

test('a collector that is new begins with what comes, unless it shall have all', async () => {
  const before = start({ answer: allAccepted });
  before.add(5);
  await before.settled();
  await stop(before);
  const late = start({ answer: allAccepted, deps: { id: 'one', start: 'now' } });
  expect(late.store.open('two', late.ledger.ledgerId, late.ledger.lastSeq()).cursor).toBe(5);
  expect(late.store.open('three', late.ledger.ledgerId, 0).cursor).toBe(0);
  expect(late.store.open('two', 'another ledger', 3).cursor).toBe(0);
});
