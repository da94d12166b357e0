/** Rotators and rigs against the real rotctld and rigctld of hamlib, with its dummy devices. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock, systemTimers } from '../../daemon/core/clock.ts';
import { makeVirtualClock, type VirtualClock } from '../../daemon/core/virtual-clock.ts';
import type { HamlibDeps } from '../../daemon/drivers/hamlib/hamlib-client.ts';
import { rigControl } from '../../daemon/drivers/rig/rig-control.ts';
import { rigctldRig } from '../../daemon/drivers/rig/rigctld.ts';
import type { AxisPosition, Rotator } from '../../daemon/drivers/rotator/rotator.ts';
import { rotatorControl } from '../../daemon/drivers/rotator/rotator-control.ts';
import { rotctldRotator } from '../../daemon/drivers/rotator/rotctld.ts';
import { startRotctldServer } from '../../daemon/drivers/rotator/rotctld-server.ts';
import { simulatedRotator } from '../../daemon/drivers/rotator/simulated-rotator.ts';
import { angleBetweenDeg, directionOf, type Mount } from '../../daemon/tracking/rotator-mount.ts';
import { planRotation, type RotatorPlan } from '../../daemon/tracking/rotator-planner.ts';
import { type CircularPass, circularPass } from '../tracking/rotator-sky.ts';
import { execute } from './command-line.ts';
import { needPackages } from './debian.ts';
import { heldRig, heldRotator } from './held.ts';
import { hamlibPackages, startHamlib, startRotctldDummy } from './rotctld-dummy.ts';

beforeAll(() => needPackages(hamlibPackages));

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const deps: HamlibDeps = { clock: systemClock, timers: systemTimers, random: Math.random };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function dummy(options: Parameters<typeof startRotctldDummy>[0] = {}) {
  const server = await startRotctldDummy(options);
  const rotator = rotctldRotator({ ...server, backOff: { firstMs: 50, mostMs: 200 } }, deps);
  ends.push(server.kill, rotator.close);
  return { server, rotator };
}

/** Sends it there, and tells where it is after `waitMs`, with the least and the most time that it had by then, s. */
async function sent(waitMs: number, rotator: Rotator, to: AxisPosition) {
  const beganMs = performance.now();
  await rotator.moveTo(to);
  const movesMs = performance.now();
  await pause(waitMs);
  const askedMs = performance.now();
  const position = await rotator.position();
  return { ...position, leastS: (askedMs - movesMs) / 1000, mostS: (performance.now() - beganMs) / 1000 };
}

describe("rotctld's dummy rotator", () => {
  test('moves, is read, and stops', async () => {
    const { rotator } = await dummy();
    expect(await rotator.position()).toEqual({ azimuthDeg: 0, elevationDeg: 0 });
    const to = { azimuthDeg: -90, elevationDeg: 90 };
    const { azimuthDeg, elevationDeg, leastS, mostS } = await sent(1000, rotator, to);
    expect(-azimuthDeg).toBeGreaterThan(Math.min(89, 5 * leastS));
    expect(-azimuthDeg).toBeLessThan(Math.min(91, 7 * mostS));
    expect(elevationDeg).toBeCloseTo(-azimuthDeg, 1);
    await rotator.stop();
    const stopped = await rotator.position();
    await pause(300);
    expect(await rotator.position()).toEqual(stopped);
  });

  test('tells its limits, and refuses what is beyond', async () => {
    const { rotator } = await dummy();
    expect(await rotator.limits()).toEqual({ azimuthRangeDeg: [-180, 450], elevationRangeDeg: [0, 90] });
    for (const [azimuthDeg, elevationDeg] of [
      [451, 10],
      [-181, 10],
      [10, 91],
      [10, -1],
    ] as const)
      await expect(rotator.moveTo({ azimuthDeg, elevationDeg })).rejects.toMatchObject({
        code: 'ROTATOR_OUT_OF_LIMITS',
      });
    await rotator.moveTo({ azimuthDeg: 450, elevationDeg: 90 });
  });

  test('killed and started anew: unreachable in between, then found again', async () => {
    const { server, rotator } = await dummy();
    await rotator.position();
    await server.kill();
    await expect(rotator.position()).rejects.toMatchObject({ code: 'ROTATOR_UNREACHABLE' });
    const again = await startRotctldDummy({ port: server.port });
    ends.push(again.kill);
    await expect.poll(() => rotator.position().catch(() => null)).toEqual({ azimuthDeg: 0, elevationDeg: 0 });
  });

  test('stopped by SIGSTOP: a time-out, and found again behind it', async () => {
    const server = await startRotctldDummy();
    const rotator = rotctldRotator({ ...server, timeoutMs: 300, backOff: { firstMs: 50, mostMs: 200 } }, deps);
    ends.push(server.kill, rotator.close);
    const position = () => rotator.position().catch(() => null);
    await expect.poll(position).not.toBeNull();
    process.kill(server.pid, 'SIGSTOP');
    await expect.poll(() => threadStates(server.pid)).toEqual('T');
    await expect(rotator.position()).rejects.toMatchObject({ code: 'ROTATOR_TIMEOUT' });
    process.kill(server.pid, 'SIGCONT');
    await expect.poll(position).not.toBeNull();
  });

  // Measured with hamlib 4.5.4 and libfaketime 0.9.10: 6.00 °/s of its own time at every speed.
  test.each([1, 20, 100, 300])('at %d times the speed it moves 6 degrees in a second of its time', async (speed) => {
    const { rotator } = await dummy({ speed });
    const seconds = speed === 1 ? 3 : 40; // of its time
    const to = { azimuthDeg: 440, elevationDeg: 0 };
    const { azimuthDeg, leastS, mostS } = await sent((seconds * 1000) / speed, rotator, to);
    expect(azimuthDeg).toBeGreaterThan(Math.min(439, 5.5 * leastS * speed));
    expect(azimuthDeg).toBeLessThan(Math.min(441, 6.2 * mostS * speed));
  });
});

interface Follow {
  readonly server: { readonly host: string; readonly port: number };
  readonly plan: RotatorPlan;
  readonly mount: Mount;
  /** Never faster than that of the server. */
  readonly clock: VirtualClock;
}

/** Follows a pass; gives the angle at each reading that the plan doesn't state to be off target. */
async function follow(
  { server, plan, mount, clock }: Follow,
  during: (states: readonly string[]) => Promise<void> = async () => {},
) {
  const errors: { timeMs: number; errorDeg: number }[] = [];
  const states: string[] = [];
  const rotator = heldRotator(rotctldRotator({ ...server, backOff: { firstMs: 20, mostMs: 100 } }, deps), clock);
  const control = rotatorControl(
    { parkAt: { azimuthDeg: 180, elevationDeg: 45 } },
    {
      clock,
      timers: clock,
      rotator,
      changed: ({ state }) => state !== states.at(-1) && states.push(state),
      position: (timeMs, target, _, read) => {
        const stated = plan.offTarget.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs <= toMs);
        if (target && timeMs <= plan.losMs && !stated)
          errors.push({ timeMs, errorDeg: angleBetweenDeg(target, directionOf(mount, read)) });
      },
    },
  );
  ends.push(rotator.close, control.close);
  const over = new AbortController();
  const whole = control
    .follow(plan)
    .then(() => control.park())
    .finally(() => over.abort());
  await Promise.all([clock.play(plan.losMs + 600_000, over.signal), during(states)]);
  await whole;
  return { errors, states, worstDeg: Math.max(...errors.map(({ errorDeg }) => errorDeg)) };
}

describe('a whole pass', () => {
  const speed = 50;
  const mount: Mount = {
    azimuthRangeDeg: [-180, 450],
    elevationRangeDeg: [0, 90],
    // Not quite the dummy's 6: in fast time a late answer costs a part of a degree.
    azimuthRateDegS: 5.5,
    elevationRateDegS: 5.5,
    updateIntervalMs: 1000,
  };
  const zero = { azimuthDeg: 0, elevationDeg: 0 };

  test.each<{ name: string; pass: CircularPass }>([
    { name: 'over north', pass: { altitudeKm: 500, culminationDeg: 50, headingDeg: 90, left: true } },
    { name: 'near the zenith', pass: { altitudeKm: 500, culminationDeg: 88, headingDeg: 200 } },
  ])('$name with the dummy: on target within 2 degrees', async ({ pass }) => {
    const server = await startRotctldDummy({ speed });
    ends.push(server.kill);
    const clock = makeVirtualClock(Date.now(), speed);
    const track = circularPass({ ...pass, aosMs: clock.now() + 90_000 });
    const plan = planRotation({ track, mount, from: zero });
    const { errors, states, worstDeg } = await follow({ server, plan, mount, clock });
    expect(states).toEqual(['pre-pointing', 'tracking', 'idle', 'parking', 'parked']);
    expect(errors.length).toBeGreaterThan(300);
    expect(worstDeg).toBeLessThan(2);
  });

  test('the server is killed in the middle and comes back where it was not: the pass goes on', async () => {
    const server = await startRotctldDummy({ speed });
    const clock = makeVirtualClock(Date.now(), speed);
    const pass: CircularPass = { altitudeKm: 500, culminationDeg: 50, headingDeg: 90, left: true };
    const track = circularPass({ ...pass, aosMs: clock.now() + 90_000 });
    const plan = planRotation({ track, mount, from: zero });
    const { errors, states } = await follow({ server, plan, mount, clock }, async (seen) => {
      await at(clock, plan.aosMs + 200_000);
      await clock.hold(server.kill());
      while (!seen.includes('fault')) await pause(5);
      const again = await clock.hold(startRotctldDummy({ speed, port: server.port }));
      ends.push(again.kill);
    });
    expect(states).toEqual(['pre-pointing', 'tracking', 'fault', 'tracking', 'idle', 'parking', 'parked']);
    // The new dummy begins at 0: half a minute later it is on target again.
    const late = errors.filter(({ timeMs }) => timeMs > plan.aosMs + 330_000);
    expect(late.length).toBeGreaterThan(100);
    expect(Math.max(...late.map(({ errorDeg }) => errorDeg))).toBeLessThan(2);
  });

  test('−180 to 540 and over the top with our own server, which hamlib’s own client speaks to as well', async () => {
    const flipping: Mount = { ...mount, azimuthRangeDeg: [-180, 540], elevationRangeDeg: [0, 180] };
    const limits = { azimuthRangeDeg: flipping.azimuthRangeDeg, elevationRangeDeg: flipping.elevationRangeDeg };
    const clock = makeVirtualClock(Date.now(), speed);
    const rotator = simulatedRotator({ ...limits, azimuthRateDegS: 6, elevationRateDegS: 6 }, clock);
    const server = await startRotctldServer({ host: '127.0.0.1', port: 0, rotator, limits });
    ends.push(server.stop);
    const track = circularPass({
      altitudeKm: 500,
      culminationDeg: 89.9,
      headingDeg: 200,
      aosMs: clock.now() + 90_000,
    });
    const plan = planRotation({ track, mount: flipping, from: zero });
    expect(plan).toMatchObject({ flipped: true, offTarget: [] });
    const host = { host: '127.0.0.1', port: server.port };
    const { worstDeg } = await follow({ server: host, plan, mount: flipping, clock });
    expect(worstDeg).toBeLessThan(2);

    // It has arrived when it is near enough, and goes on to where it was sent.
    await clock.play(clock.now() + 10_000);
    const rotctl = await execute('rotctl', ['-m', '2', '-r', `127.0.0.1:${server.port}`, 'p']);
    expect(rotctl.exitCode).toBe(0);
    const [azimuthDeg, elevationDeg] = rotctl.stdout.trim().split(/\s+/).map(Number);
    expect(azimuthDeg).toBeCloseTo(180, 0);
    expect(elevationDeg).toBeCloseTo(45, 0);
  });
});

describe("rigctld's dummy rig", () => {
  async function rigServer(port?: number) {
    const server = await startHamlib({ program: 'rigctld', ...(port === undefined ? {} : { port }) });
    ends.push(server.kill);
    return server;
  }

  test('receives on the corrected frequency, transmits on its own, and survives a new server', async () => {
    const server = await rigServer();
    const clock = makeVirtualClock(Date.now(), 1);
    const rig = heldRig(rigctldRig({ ...server, backOff: { firstMs: 20, mostMs: 100 } }, deps), clock);
    const states: string[] = [];
    const control = rigControl(
      { intervalMs: 100, stepHz: 1 },
      {
        clock,
        timers: clock,
        rig,
        changed: ({ state }) => state !== states.at(-1) && states.push(state),
      },
    );
    ends.push(rig.close, control.close);
    const fromMs = clock.now();
    const over = control.follow({
      fromMs,
      toMs: fromMs + 3000,
      downlinkHz: (timeMs) => 435_100_000 - (timeMs - fromMs),
      uplinkHz: (timeMs) => 145_900_000 + (timeMs - fromMs),
    });
    const played = clock.play(fromMs + 3500);
    const wrongHz = async () => {
      const [down, up] = [await rig.downlink(), await rig.uplink()];
      const gone = clock.now() - fromMs;
      return Math.max(Math.abs(435_100_000 - gone - down), Math.abs(145_900_000 + gone - up));
    };
    await at(clock, fromMs + 500);
    expect(await clock.hold(wrongHz())).toBeLessThan(200);
    await clock.hold(server.kill());
    while (!states.includes('fault')) await pause(5);
    await clock.hold(rigServer(server.port));
    while (states.at(-1) === 'fault') await pause(5);
    expect(await clock.hold(wrongHz())).toBeLessThan(200);
    await over;
    await played;
    expect(states).toEqual(['tuning', 'fault', 'tuning', 'idle']);
  });
});

/** Until this time of the clock. */
const at = (clock: VirtualClock, timeMs: number) =>
  new Promise<void>((resolve) => clock.after(timeMs - clock.now(), resolve));

/** The different states of a process's threads, T for stopped: a signal is not there at once. */
function threadStates(pid: number): string {
  const states = readdirSync(`/proc/${pid}/task`).map((task) =>
    readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .charAt(0),
  );
  return [...new Set(states)].sort().join('');
}
