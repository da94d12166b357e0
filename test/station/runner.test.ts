import { describe, expect, test } from 'vitest';
import { makeLog } from '../../daemon/core/log.ts';
import { makeVirtualClock, type VirtualClock } from '../../daemon/core/virtual-clock.ts';
import { openSimulatedReception } from '../../daemon/simulator/simulated-reception.ts';
import type { TrackedSatellite } from '../../daemon/station/pass-list.ts';
import { makeRunner, type PassOutcome, type RunnerDeps } from '../../daemon/station/runner.ts';
import type { Elements } from '../../daemon/tracking/elements.ts';
import { flatHorizon } from '../../daemon/tracking/horizon.ts';
import { type PassChoice, readPassKey } from '../../daemon/tracking/pass-key.ts';
import { parseMode } from '../../dsp/mode.ts';

const startMs = Date.UTC(2026, 10, 26);
const dayMs = 86_400_000;
const place = { latitudeDeg: 48, longitudeDeg: 11, altitudeM: 500 };

/** Satellites in low orbits, all different. */
function orbits(count: number): Elements[] {
  return Array.from({ length: count }, (_, i) => ({
    norad: 90_001 + i,
    name: `SAT-${i}`,
    epochMs: startMs,
    meanMotionRevPerDay: 14.6 + 0.03 * (i % 23),
    eccentricity: 0.001,
    inclinationDeg: i % 3 === 0 ? 51.6 : 97.5,
    raanDeg: (i * 137.5) % 360,
    argumentOfPerigeeDeg: (i * 71) % 360,
    meanAnomalyDeg: (i * 211) % 360,
    bstar: 1e-5,
    source: 'test',
    pinned: false,
  }));
}

function tracked(elements: readonly Elements[]): TrackedSatellite[] {
  return elements.map(({ norad, name }, i) => ({
    name,
    norad,
    priority: i % 3,
    minElevationDeg: null,
    leastMaxElevationDeg: 5,
    record: false,
    wanted: [
      {
        satellite: name,
        transmitter: 'main',
        mode: parseMode('fsk:9600:ax25-g3ruh'),
        frequencyHz: i % 4 === 0 ? 145.9e6 + 5e3 * i : 435e6 + 0.12e6 * i,
      },
    ],
  }));
}

const centre = ([low, high]: readonly [number, number]) => (low + high) / 2;

interface Changes extends Partial<RunnerDeps> {
  readonly clock?: VirtualClock;
}

function station(count: number, outcomes: PassOutcome[], changes: Changes = {}) {
  const elements = orbits(count);
  const clock = changes.clock ?? makeVirtualClock(startMs);
  const open: RunnerDeps['sdrs'][number]['open'] = async (order, onFrame) =>
    openSimulatedReception(order, onFrame, { clock, place, seed: 1, frameIntervalS: 20 });
  const follows: string[] = [];
  const deps: RunnerDeps = {
    clock,
    log: makeLog('silent'),
    place,
    horizon: () => flatHorizon(0),
    satellites: () => tracked(elements),
    elements: () => new Map(elements.map((one) => [one.norad, one])),
    choices: () => [],
    sdrs: [
      { id: 'uhf', tuningHz: [430e6, 440e6], sampleRate: 1e6, rotator: 'mast', centre, open },
      { id: 'vhf', tuningHz: [144e6, 147e6], sampleRate: 1e6, rotator: 'mast', centre, open },
    ],
    rotators: [
      {
        id: 'mast',
        turnaroundMs: 100_000,
        follow: ({ pass, fromMs }) =>
          follows.push(`${Math.round(clock.now() - startMs)} ${pass.key} ${Math.round(fromMs - startMs)}`),
        rest: () => follows.push(`${Math.round(clock.now() - startMs)} rest`),
        pointed: (_, planned) => [...planned],
        trouble: () => null,
      },
    ],
    outcome: (outcome) => outcomes.push(outcome),
    ...changes,
  };
  return { runner: makeRunner(deps), clock, follows, elements };
}

async function day(count = 30, changes: Changes = {}) {
  const outcomes: PassOutcome[] = [];
  const { runner, clock, follows } = station(count, outcomes, changes);
  runner.start();
  await clock.play(startMs + dayMs);
  await runner.stop();
  return { outcomes, follows, runner };
}

describe('a day of 30 satellites', () => {
  test('every planned pass has its outcome, frames where it was seen, and the same twice', async () => {
    const first = await day();
    expect(first.outcomes.length).toBeGreaterThan(100);
    const short = ({ pass, sdr, state, tally, reason, fromMs }: PassOutcome) =>
      `${pass.key} ${sdr} ${Math.round(fromMs)} ${state} ${tally.frames} ${tally.bestSnrDb} ${reason}`;
    const second = await day();
    expect(second.outcomes.map(short)).toEqual(first.outcomes.map(short));
    expect(second.follows).toEqual(first.follows);
    const heard = first.outcomes.filter(({ tally }) => tally.frames > 0);
    expect(heard.length).toBeGreaterThan(first.outcomes.length / 2);
    expect(first.outcomes.filter(({ whole }) => whole).length).toBeGreaterThan(first.outcomes.length / 2);
    for (const { state, tally, reason, report } of first.outcomes) {
      expect(['done', 'interrupted']).toContain(state);
      expect(report).not.toBeNull();
      expect(reason === null).toBe(tally.frames > 0);
    }
  });

  test('no SDR is in two captures, no rotator leaves a pass before its end', async () => {
    const { outcomes, follows } = await day();
    for (const sdr of ['uhf', 'vhf']) {
      const own = outcomes.filter((one) => one.sdr === sdr);
      const times = own.map(({ pass, fromMs }) => `${pass.key} ${Math.round(fromMs / 60_000)}`);
      expect(new Set(times).size).toBe(times.length);
    }
    const pointed = outcomes.flatMap(({ pass, pointed }) => pointed.map((part) => ({ key: pass.key, ...part })));
    const jobs = follows
      .filter((line) => !line.endsWith('rest'))
      .map((line) => line.split(' ') as [string, string, string]);
    for (const { key, fromMs, toMs } of pointed) {
      const own = jobs.findLast(([at, job]) => job === key && Number(at) <= toMs - startMs);
      expect(own, key).toBeDefined();
      expect(Number(own![0])).toBeLessThanOrEqual(Math.max(0, fromMs - startMs - 99_000));
      const others = jobs.filter(
        ([at, job]) => job !== key && Number(at) > Number(own![0]) && Number(at) < toMs - startMs - 1,
      );
      expect(others).toEqual([]);
    }
  });
});

test('a new plan does not disturb a running pass, a skipped one is left out', async () => {
  const outcomes: PassOutcome[] = [];
  const choices: PassChoice[] = [];
  const { runner, clock } = station(12, outcomes, { choices: () => choices });
  runner.start();
  for (let i = 0; i < 20; i++) {
    await clock.play(clock.now() + 7 * 60_000);
    runner.replan();
  }
  const coming = runner.plan().assignments.find(({ fromMs }) => fromMs > clock.now() + 600_000)!;
  choices.push({ ...readPassKey(coming.pass), key: coming.pass, choice: 'skipped' });
  runner.replan();
  expect(runner.plan().left).toContainEqual({ pass: coming.pass, reason: 'skipped' });
  await clock.play(coming.toMs + 600_000);
  await runner.stop();
  expect(outcomes.some(({ pass }) => pass.key === coming.pass)).toBe(false);
  const ids = outcomes.map(({ pass, sdr, fromMs }) => `${pass.key} ${sdr} ${Math.round(fromMs / 60_000)}`);
  expect(new Set(ids).size).toBe(ids.length);
  expect(outcomes.filter(({ state }) => state === 'done').length).toBeGreaterThan(5);
});

test('a radio that cannot be had costs its passes, told with the reason', async () => {
  const outcomes: PassOutcome[] = [];
  const open = async () => {
    throw new Error('no dongle');
  };
  const { runner, clock } = station(5, outcomes, {
    sdrs: [{ id: 'uhf', tuningHz: [430e6, 440e6], sampleRate: 1e6, rotator: null, centre, open }],
    rotators: [],
  });
  runner.start();
  await clock.play(startMs + dayMs / 4);
  await runner.stop();
  expect(outcomes.length).toBeGreaterThan(2);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ state: 'missed', reason: 'no dongle', report: null });
});

test('a pass that was begun late and interrupted is told as the part that was received', async () => {
  const outcomes: PassOutcome[] = [];
  const ahead = station(1, []).runner;
  ahead.start();
  const [first, second] = ahead.passes();
  await ahead.stop();
  const lateMs = first!.aosMs + 60_000;
  const { runner, clock } = station(1, outcomes, { clock: makeVirtualClock(lateMs) });
  runner.start();
  expect(runner.progress()[0]).toMatchObject({ pass: first!.key, whole: false });
  await clock.play(second!.aosMs + 100_000);
  await runner.stop();
  // The times of a pass are found to some milliseconds.
  const about = (timeMs: number) => expect.closeTo(timeMs, -2);
  const untilMs = second!.aosMs + 100_000;
  expect(outcomes.map(({ pass, ...rest }) => ({ key: pass.key, ...rest }))).toMatchObject([
    { key: first!.key, state: 'done', whole: false, fromMs: about(lateMs), toMs: about(first!.losMs) },
    {
      key: second!.key,
      state: 'interrupted',
      whole: false,
      fromMs: about(second!.aosMs),
      toMs: about(untilMs),
      pointed: [{ fromMs: about(second!.aosMs), toMs: about(untilMs) }],
    },
  ]);
});

test('a part of a pass is told when it begins and every half minute: a power cut must not take it away', async () => {
  const told: PassOutcome[] = [];
  const outcomes: PassOutcome[] = [];
  const { runner, clock } = station(1, outcomes, { underWay: (outcome) => told.push(outcome) });
  runner.start();
  const [first] = runner.passes();
  await clock.play(first!.losMs + 120_000);
  await runner.stop();
  expect(outcomes).toHaveLength(1);
  expect(told.length).toBeGreaterThan(outcomes[0]!.tally.frames > 0 ? (first!.losMs - first!.aosMs) / 45_000 : 0);
  expect(told[0]!.fromMs - first!.aosMs).toBeLessThan(1000);
  for (const part of told)
    expect(part).toMatchObject({ state: 'interrupted', sdr: outcomes[0]!.sdr, fromMs: outcomes[0]!.fromMs });
  const frames = told.map(({ tally }) => tally.frames);
  expect(frames).toEqual([...frames].sort((a, b) => a - b));
});

describe('a wrong clock', () => {
  test('of 1970 plans nothing, says why, and plans when it is set', async () => {
    const clock = makeVirtualClock(1000);
    const outcomes: PassOutcome[] = [];
    const { runner } = station(10, outcomes, { clock });
    runner.start();
    await clock.play(60_000);
    expect(runner.passes()).toEqual([]);
    expect(runner.notPredicted()[0]!.reason).toMatch(/^the clock is not set: it says 1970-01-01T00:0/);
    clock.step(startMs);
    await clock.play(120_000);
    expect(runner.passes().length).toBeGreaterThan(10);
    await runner.stop();
  });

  test.each([3_600_000, -3_600_000])(
    'that jumps by %d ms in a pass does not cut the pass, and what comes is planned anew',
    async (jump) => {
      const outcomes: PassOutcome[] = [];
      const { runner, clock } = station(12, outcomes);
      runner.start();
      const first = runner
        .plan()
        .assignments.find(({ fromMs, toMs }) => fromMs > startMs + 300_000 && toMs - fromMs > 300_000)!;
      await clock.play(first.fromMs + 100_000);
      const untilMs = clock.monotonic() + (first.toMs - clock.now());
      expect(runner.progress().find(({ pass }) => pass === first.pass)!.state).toBe('receiving');
      clock.step(jump);
      const at = clock.monotonic();
      await clock.play(startMs + untilMs - 5000);
      expect(clock.monotonic()).toBeGreaterThan(at);
      expect(outcomes.some(({ pass }) => pass.key === first.pass)).toBe(false);
      await clock.play(startMs + untilMs + 200_000);
      expect(outcomes.filter(({ pass }) => pass.key === first.pass)).toHaveLength(1);
      const next = runner.plan().assignments.filter(({ fromMs }) => fromMs > clock.now());
      expect(next.length).toBeGreaterThan(5);
      await runner.stop();
    },
    60_000,
  );
});
