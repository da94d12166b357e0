import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Point, PointJob } from './sensitivity-point.ts';
import type { Pool } from './sensitivity-pool.ts';
import { quickTable } from './sensitivity-quick.ts';
import { robustnessTable } from './sensitivity-robustness.ts';
import { rows } from './sensitivity-rows.ts';

const row = rows[0]!;
const options = { bursts: 1000, seed: 1, peerFolder: null };
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(...text.split('\n')));
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Receivers that lose frames by a logistic curve, without chance; half of them at `halfDb`. */
function receivers(halfDb: (job: PointJob) => number, falseFrames = 0): Pool<PointJob, Point> {
  return {
    async run(job) {
      const { ebn0Db } = job.signal.channel;
      const sent = job.signal.bursts;
      const received = Math.round(sent / (1 + Math.exp(-2 * (ebn0Db - halfDb(job)))));
      const ours = { received, falseFrames, repaired: 0, cpuSeconds: 0 };
      return { ebn0Db, sent, seconds: 1, ours, peer: null };
    },
    async close() {},
  };
}

/** What the table says of the one variation chosen: its cost in dB and the process's exit code. */
async function cost(name: string, halfDb: (job: PointJob) => number): Promise<{ dB: number; exit: number }> {
  const exit = await robustnessTable([row], [name], options, receivers(halfDb));
  expect(printed.length).toBe(3);
  return { dB: Number(/ (\S+) ± /.exec(printed[1]!)?.[1]), exit };
}

test.each([0, 0.3, 1, 2.5])('a variation that costs %d dB is said to, and fails above 0.5 dB', async (dB) => {
  const found = await cost('BT 0.3', ({ signal }) => (signal.channel.bt === 0.3 ? 6.2 + dB : 6.2));
  expect(found.dB).toBeCloseTo(dB, 1);
  expect(found.exit).toBe(dB > 0.5 ? 1 : 0);
});

test('a wrong index is compared with the same signal received with the right one', async () => {
  const found = await cost('told h 0.5 when 0.7', ({ signal, receivedMode }) => {
    expect(signal.transmission.mode).toContain('deviation_hz=3360');
    return receivedMode?.includes('deviation_hz=2400') ? 5.4 : 5.2;
  });
  expect(found.dB).toBeCloseTo(0.2, 1);
});

test('a signal that is never received any more is given up, and fails', async () => {
  expect(
    await robustnessTable(
      [row],
      ['inverted'],
      options,
      receivers(({ signal }) => (signal.channel.inverted ? 99 : 6)),
    ),
  ).toBe(1);
  expect(printed[1]).toContain('> 6');
});

test('the quick look fails on a row that loses half of its frames above its reach, and on false frames', async () => {
  expect(
    await quickTable(
      [row],
      options,
      receivers(() => row.reachDb),
    ),
  ).toBe(0);
  expect(
    await quickTable(
      [row],
      options,
      receivers(() => row.reachDb + 1.2),
    ),
  ).toBe(1);
  expect(
    await quickTable(
      [row],
      options,
      receivers(() => row.reachDb, 2),
    ),
  ).toBe(1);
});
