import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CollectorReport, FramesPage, StatusReport, StoredFrame } from '../../daemon/api/wire.ts';
import { systemClock } from '../../daemon/core/clock.ts';
import type { ClockState } from '../../daemon/core/clock-watch.ts';
import { startStation } from '../../daemon/main.ts';
import { parseSettings } from '../../daemon/settings/settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = () =>
  parseSettings(
    `
data_folder: data
api: { port: 0 }
kiss: false
sdrs:
  - { driver: simulator, sample_rate: 96000, frame_interval_s: 0.3, receive: [GOMX-3] }
collectors:
  - { id: lines, type: file, path: frames.jsonl, format: jsonl, simulated_frames: true }
`,
    join(folder, 'station.yaml'),
  );

/** A computer without a battery: its clock begins with 1970, until somebody sets it. */
function batterylessComputer() {
  const startedMs = systemClock.monotonic();
  const computer = {
    state: { synchronised: false, source: 'timedatectl' } as ClockState,
    utcMinusMonotonicMs: -startedMs,
    set() {
      computer.state = { synchronised: true, source: 'timedatectl' };
      computer.utcMinusMonotonicMs = Date.now() - systemClock.monotonic();
    },
  };
  const clock = {
    now: () => systemClock.monotonic() + computer.utcMinusMonotonicMs,
    monotonic: systemClock.monotonic,
    // Whether it is set is asked for every ten seconds: a test has less patience.
    after(ms: number, then: () => void) {
      const timer = setTimeout(then, ms / 20);
      return () => clearTimeout(timer);
    },
  };
  const station = () =>
    startStation(settings(), { log: pino({ level: 'silent' }), clock, askClock: async () => computer.state });
  return { ...computer, set: () => computer.set(), station };
}

async function get<T>(url: string, path: string): Promise<T> {
  return (await (await fetch(`${url}/api/${path}`)).json()) as T;
}

const framesOf = async (url: string) => (await get<FramesPage>(url, 'frames?limit=1000')).frames;
const collectorOf = async (url: string) =>
  (await get<{ collectors: CollectorReport[] }>(url, 'collectors')).collectors[0]!;
const delivered = (): StoredFrame[] =>
  readFileSync(join(folder, 'frames.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StoredFrame);

test('frames of before the clock was set are stored, wait, and are delivered with the times that they had', async () => {
  const beganMs = Date.now();
  const computer = batterylessComputer();
  const station = await computer.station();
  while (station.status().ledger.last_seq < 3) await sleep(20);
  while ((await collectorOf(station.url)).state !== 'held') await sleep(20);
  const before = await framesOf(station.url);
  expect(before[0]).toMatchObject({ time: expect.stringMatching(/^1970/), clock: 'unsynchronised' });
  expect((await get<StatusReport>(station.url, 'status')).clock).toMatchObject({ synchronised: false });
  expect(existsSync(join(folder, 'frames.jsonl'))).toBe(false);
  expect(await get(station.url, 'frames/1/delivery')).toEqual({
    deliveries: [{ collector: 'lines', state: 'queued', reason: 'its time is not known yet' }],
  });

  computer.set();
  // How many frames came before the clock was seen to be set is a matter of milliseconds: wait for one that came after.
  const setAtSeq = async () => (await framesOf(station.url)).find(({ clock }) => clock === 'synchronised')?.seq;
  let firstSynchronised: number | undefined;
  while (firstSynchronised === undefined) {
    await sleep(20);
    firstSynchronised = await setAtSeq();
  }
  while ((await collectorOf(station.url)).accepted < firstSynchronised) await sleep(20);
  await station.stop();
  const after = delivered();
  expect(after.slice(0, before.length).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  const times = after.map(({ time }) => Date.parse(time!));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBeGreaterThan(beganMs);
  expect(times.at(-1)).toBeLessThanOrEqual(Date.now());
  expect(new Set(after.map(({ clock }) => clock))).toEqual(new Set(['restamped', 'synchronised']));
});

test('the clock was set while the program did not run: times are corrected at its next start', async () => {
  const beganMs = Date.now();
  const computer = batterylessComputer();
  const first = await computer.station();
  while (first.status().ledger.last_seq < 2) await sleep(20);
  await first.stop();
  computer.set();
  const second = await computer.station();
  const [frame] = await framesOf(second.url);
  expect(frame).toMatchObject({ clock: 'restamped', clock_source: 'timedatectl' });
  expect(Date.parse(frame!.time!)).toBeGreaterThan(beganMs);
  expect(Date.parse(frame!.time!)).toBeLessThan(Date.now());
  while ((await collectorOf(second.url)).accepted < 2) await sleep(20);
  await second.stop();
});
