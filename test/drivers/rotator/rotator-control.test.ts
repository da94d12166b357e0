import { afterEach, describe, expect, test } from 'vitest';
import { StationError } from '../../../daemon/core/error.ts';
import type { AxisPosition, Rotator } from '../../../daemon/drivers/rotator/rotator.ts';
import {
  type RotatorControlDeps,
  type RotatorControlOptions,
  rotatorControl,
} from '../../../daemon/drivers/rotator/rotator-control.ts';
import { simulatedRotator } from '../../../daemon/drivers/rotator/simulated-rotator.ts';
import { angleBetweenDeg, directionOf, type Mount } from '../../../daemon/tracking/rotator-mount.ts';
import { planRotation } from '../../../daemon/tracking/rotator-planner.ts';
import { type CircularPass, circularPass } from '../../tracking/rotator-sky.ts';
import { virtualTime } from '../world.ts';

const mount: Mount = {
  azimuthRangeDeg: [-180, 450],
  elevationRangeDeg: [0, 90],
  azimuthRateDegS: 6,
  elevationRateDegS: 6,
};
const zero: AxisPosition = { azimuthDeg: 0, elevationDeg: 0 };
const pass: CircularPass = { altitudeKm: 500, culminationDeg: 60, headingDeg: 340, left: true, aosMs: 200_000 };

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

interface World {
  readonly mount?: Mount;
  readonly options?: RotatorControlOptions;
  readonly deps?: Partial<RotatorControlDeps>;
  /** Before a request: may throw. */
  readonly before?: (what: 'moveTo' | 'position' | 'stop', nowMs: number) => void;
  readonly delayMs?: number;
}

function world({ mount: m = mount, options = {}, deps = {}, before = () => {}, delayMs = 0 }: World = {}) {
  const { clock, timers } = virtualTime();
  const simulated = simulatedRotator({ ...m, delayMs }, clock);
  const calls: { timeMs: number; what: string; to?: AxisPosition }[] = [];
  const note = (what: 'moveTo' | 'position' | 'stop', to?: AxisPosition) => {
    if (what !== 'position') calls.push({ timeMs: clock.now(), what, ...(to ? { to } : {}) });
    before(what, clock.now());
  };
  const rotator: Rotator = {
    ...simulated,
    async moveTo(to) {
      note('moveTo', to);
      await simulated.moveTo(to);
    },
    async position() {
      note('position');
      return simulated.position();
    },
    async stop() {
      note('stop');
      await simulated.stop();
    },
  };
  const states: string[] = [];
  const log: { timeMs: number; errorDeg: number | null }[] = [];
  const control = rotatorControl(options, {
    clock,
    timers,
    rotator,
    changed: ({ state, reason }) => states.push(reason === null ? state : `${state}: ${reason}`),
    position: (timeMs, target, _, read) =>
      log.push({ timeMs, errorDeg: target && angleBetweenDeg(target, directionOf(m, read)) }),
    ...deps,
  });
  ends.push(control.close);
  const until = (timeMs: number) => new Promise<void>((resolve) => timers.after(timeMs - clock.now(), resolve));
  return { clock, timers, simulated, control, calls, states, log, until };
}

const broken = (message: string) => new StationError('ROTATOR_UNREACHABLE', message);

test.each<{ name: string; mount: Mount; pass: CircularPass; delayMs?: number }>([
  { name: 'a usual pass', mount, pass },
  { name: 'a slow loop', mount: { ...mount, loopDelayMs: 1500 }, pass, delayMs: 1500 },
  {
    name: 'the zenith on a mount of −180 to 540',
    mount: { ...mount, azimuthRangeDeg: [-180, 540] },
    pass: { ...pass, culminationDeg: 89.9 },
  },
  {
    name: 'the zenith over the top',
    mount: { ...mount, elevationRangeDeg: [0, 180] },
    pass: { ...pass, culminationDeg: 89.9 },
  },
  {
    name: 'north on a mount with wrong zeros',
    mount: { ...mount, azimuthOffsetDeg: 33, elevationOffsetDeg: -2, elevationRangeDeg: [0, 95] },
    pass: { ...pass, headingDeg: 90 },
  },
  { name: 'ten commands a second', mount: { ...mount, updateIntervalMs: 100 }, pass },
])(
  '$name: on target within 2 degrees but where the plan says otherwise',
  async ({ mount: m, pass: p, delayMs = 0 }) => {
    const { control, log, states } = world({ mount: m, delayMs });
    const plan = planRotation({ track: circularPass(p), mount: m, from: zero });
    await control.follow(plan);
    expect(states).toEqual(['pre-pointing', 'tracking', 'idle']);
    const stated = (timeMs: number) => plan.offTarget.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs <= toMs);
    const unstated = log.filter(({ timeMs, errorDeg }) => errorDeg !== null && timeMs <= plan.losMs && !stated(timeMs));
    expect(unstated.length).toBeGreaterThan((plan.losMs - plan.aosMs) / plan.updateIntervalMs / 2);
    expect(Math.max(...unstated.map(({ errorDeg }) => errorDeg!))).toBeLessThan(2);
  },
);

test('commands only when they differ by the smallest step, at most one an interval', async () => {
  const m = { ...mount, minimumStepDeg: 2 };
  const { control, calls } = world({ mount: m });
  await control.follow(planRotation({ track: circularPass(pass), mount: m, from: zero }));
  const moves = calls.filter(({ what }) => what === 'moveTo');
  expect(moves.length).toBeLessThan(200);
  moves.slice(1).forEach(({ to, timeMs }, k) => {
    const before = moves[k]!;
    expect(timeMs - before.timeMs).toBeGreaterThanOrEqual(500);
    const most = Math.max(
      Math.abs(to!.azimuthDeg - before.to!.azimuthDeg),
      Math.abs(to!.elevationDeg - before.to!.elevationDeg),
    );
    if (to!.elevationDeg > 0) expect(most).toBeGreaterThan(1.999);
  });
});

describe('faults', () => {
  test('an axis that is stuck: stopped, said, left alone, tried again; the pass goes on', async () => {
    const { control, simulated, states, calls, until, clock } = world();
    const plan = planRotation({ track: circularPass(pass), mount, from: zero });
    const over = control.follow(plan);
    const jamMs = plan.aosMs + 100_000;
    await until(jamMs);
    simulated.jammed = true;
    await until(jamMs + 60_000);
    expect(control.status).toMatchObject({ state: 'fault', commanded: null });
    expect(control.status.reason).toMatch(
      /^the (azimuth|elevation) axis does not move: at \d+\.\d for 10 s, sent to -?\d+\.\d$/,
    );
    const stop = calls.find(({ what }) => what === 'stop')!;
    expect(stop.timeMs - jamMs).toBeLessThan(60_000);
    expect(
      calls.filter(({ what, timeMs }) => what === 'moveTo' && timeMs > stop.timeMs && timeMs < stop.timeMs + 29_000),
    ).toEqual([]);
    simulated.jammed = false;
    await over;
    expect(clock.now()).toBeGreaterThan(plan.losMs);
    expect(states.at(-2)).toBe('tracking');
    expect(states.at(-1)).toBe('idle');
  });

  test('a server that is away for 20 s: a fault with its reason, then the command anew', async () => {
    const awayMs = 400_000;
    const { control, states, calls } = world({
      before: (_, nowMs) => {
        if (nowMs >= awayMs && nowMs < awayMs + 20_000) throw broken('rotctld is away');
      },
    });
    await control.follow(planRotation({ track: circularPass(pass), mount, from: zero }));
    expect(states).toEqual(['pre-pointing', 'tracking', 'fault: rotctld is away', 'tracking', 'idle']);
    const anew = calls.filter(({ what, timeMs }) => what === 'moveTo' && timeMs >= awayMs + 20_000)[0]!;
    expect(anew.timeMs - awayMs).toBeLessThan(20_600);
  });

  test('a refused command is a fault until one is taken', async () => {
    let refuse = true;
    const { control, states } = world({
      before: (what, nowMs) => {
        refuse = nowMs < 300_000;
        if (what === 'moveTo' && refuse) throw new StationError('ROTATOR_OUT_OF_LIMITS', 'too far');
      },
    });
    await control.follow(planRotation({ track: circularPass(pass), mount, from: zero }));
    expect(states).toEqual(['fault: too far', 'tracking', 'idle']);
  });

  test('while nothing is to do a dead rotator shows too', async () => {
    const { control, until } = world({
      before: (_, nowMs) => {
        if (nowMs > 50_000 && nowMs < 100_000) throw broken('dead');
      },
    });
    await until(60_000);
    expect(control.status).toMatchObject({ state: 'fault', reason: 'dead' });
    await until(110_000);
    expect(control.status).toMatchObject({ state: 'idle', reason: null, read: zero });
  });
});

describe('stop', () => {
  test('ends the pass at once: nothing is commanded behind it', async () => {
    const { control, calls, until } = world();
    const plan = planRotation({ track: circularPass(pass), mount, from: zero });
    const over = control.follow(plan);
    await until(plan.aosMs + 50_000);
    await control.stop();
    await over;
    const stopMs = calls.find(({ what }) => what === 'stop')!.timeMs;
    await until(plan.losMs);
    expect(control.status).toMatchObject({ state: 'idle', commanded: null });
    expect(calls.filter(({ what, timeMs }) => what === 'moveTo' && timeMs > stopMs)).toEqual([]);
  });

  test('is tried until it was heard', async () => {
    const { control, calls, states } = world({
      before: (what, nowMs) => {
        if (what === 'stop' && nowMs < 3000) throw broken('deaf');
      },
    });
    await control.stop();
    expect(calls.filter(({ what }) => what === 'stop')).toHaveLength(7);
    expect(states).toEqual(['fault: deaf', 'idle']);
  });
});

describe('park', () => {
  const parkAt = { azimuthDeg: 180, elevationDeg: 80 };

  test('goes there and stays parked', async () => {
    const { control, states, simulated, until } = world({ options: { parkAt } });
    await control.park();
    await until(60_000);
    expect(states).toEqual(['parking', 'parked']);
    expect(control.status.state).toBe('parked');
    expect(simulated.now).toEqual(parkAt);
  });

  test('by the stops of its way, each when the one before is reached', async () => {
    const stops = [
      { azimuthDeg: 0, elevationDeg: 50 },
      { azimuthDeg: 180, elevationDeg: 80 },
    ];
    const { control, calls } = world({ options: { parkAt }, deps: { route: () => stops } });
    await control.park();
    const moves = calls.filter(({ what }) => what === 'moveTo');
    expect(moves.map(({ to }) => to)).toEqual(stops);
    expect(moves[1]!.timeMs).toBeGreaterThanOrEqual(49_000 / 6);
  });

  test('another job ends it, and the next pass begins from where it is', async () => {
    const { control, until } = world({ options: { parkAt } });
    const parking = control.park();
    await until(5000);
    const plan = planRotation({ track: circularPass(pass), mount, from: control.status.read! });
    const over = control.follow(plan);
    await parking;
    await over;
    expect(control.status.state).toBe('idle');
  });

  test('without a park position it stops', async () => {
    const { control, calls } = world();
    await control.park();
    expect(calls.map(({ what }) => what)).toEqual(['stop']);
    expect(control.status.state).toBe('idle');
  });
});

test('closed, it says nothing more to the rotator', async () => {
  const { control, calls, until } = world();
  const plan = planRotation({ track: circularPass(pass), mount, from: zero });
  const over = control.follow(plan);
  await until(plan.aosMs + 50_000);
  control.close();
  await over;
  const count = calls.length;
  await until(plan.losMs);
  expect(calls).toHaveLength(count);
});
