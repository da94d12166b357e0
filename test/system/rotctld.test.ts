/** Rotators and rigs against the real rotctld and rigctld of hamlib, with its dummy devices. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock, systemTimers } from '../../daemon/core/clock.ts';
import type { HamlibDeps } from '../../daemon/drivers/hamlib/hamlib-client.ts';
import { rigControl } from '../../daemon/drivers/rig/rig-control.ts';
import { rigctldRig } from '../../daemon/drivers/rig/rigctld.ts';
import { rotatorControl } from '../../daemon/drivers/rotator/rotator-control.ts';
import { rotctldRotator } from '../../daemon/drivers/rotator/rotctld.ts';
import { startRotctldServer } from '../../daemon/drivers/rotator/rotctld-server.ts';
import { simulatedRotator } from '../../daemon/drivers/rotator/simulated-rotator.ts';
import { angleBetweenDeg, directionOf, type Mount } from '../../daemon/tracking/rotator-mount.ts';
import { planRotation, type RotatorPlan } from '../../daemon/tracking/rotator-planner.ts';
import { type CircularPass, circularPass } from '../tracking/rotator-sky.ts';
import { execute } from './command-line.ts';
import { needPackages } from './debian.ts';
import { fastTime } from './fast-time.ts';
import { type HamlibServer, hamlibPackages, startHamlib, startRotctldDummy } from './rotctld-dummy.ts';

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

describe("rotctld's dummy rotator", () => {
  test('moves, is read, and stops', async () => {
    const { rotator } = await dummy();
    expect(await rotator.position()).toEqual({ azimuthDeg: 0, elevationDeg: 0 });
    await rotator.moveTo({ azimuthDeg: -90, elevationDeg: 45 });
    await pause(1000);
    const { azimuthDeg, elevationDeg } = await rotator.position();
    expect(azimuthDeg).toBeLessThan(-5);
    expect(azimuthDeg).toBeGreaterThan(-9);
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
    await expect
      .poll(() => rotator.position().catch(() => null), { timeout: 5000 })
      .toEqual({ azimuthDeg: 0, elevationDeg: 0 });
  });

  test('stopped by SIGSTOP: a time-out, and found again behind it', async () => {
    const server = await startRotctldDummy();
    const rotator = rotctldRotator({ ...server, timeoutMs: 300, backOff: { firstMs: 50, mostMs: 200 } }, deps);
    ends.push(server.kill, rotator.close);
    await rotator.position();
    process.kill(server.pid, 'SIGSTOP');
    await expect.poll(() => threadStates(server.pid), { timeout: 5000 }).toEqual('T');
    await expect(rotator.position()).rejects.toMatchObject({ code: 'ROTATOR_TIMEOUT' });
    process.kill(server.pid, 'SIGCONT');
    await expect.poll(() => rotator.position().catch(() => null), { timeout: 5000 }).not.toBeNull();
  });

  // Measured with hamlib 4.5.4 and libfaketime 0.9.10: 6.00 °/s of its own time at every speed.
  test.each([1, 20, 100, 300])('at %d times the speed it moves 6 degrees in a second of its time', async (speed) => {
    const { rotator } = await dummy({ speed });
    const seconds = speed === 1 ? 3 : 40; // of its time
    const startMs = performance.now();
    await rotator.moveTo({ azimuthDeg: 440, elevationDeg: 0 });
    await pause((seconds * 1000) / speed);
    const { azimuthDeg } = await rotator.position();
    const rate = azimuthDeg / (((performance.now() - startMs) / 1000) * speed);
    expect(rate).toBeGreaterThan(5.5);
    expect(rate).toBeLessThan(6.2);
  });
});

interface Follow {
  readonly server: { readonly host: string; readonly port: number };
  readonly speed: number;
  readonly plan: RotatorPlan;
  readonly mount: Mount;
  readonly time: ReturnType<typeof fastTime>;
}

/** Follows a pass; gives the angle at each reading that the plan doesn't state to be off target. */
async function follow({ server, plan, mount, time }: Follow, during: () => unknown = () => {}) {
  const errors: { timeMs: number; errorDeg: number }[] = [];
  const states: string[] = [];
  const rotator = rotctldRotator({ ...server, backOff: { firstMs: 20, mostMs: 100 } }, deps);
  const control = rotatorControl(
    { parkAt: { azimuthDeg: 180, elevationDeg: 45 } },
    {
      ...time,
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
  const over = control.follow(plan);
  await during();
  await over;
  await control.park();
  return { errors, states, worstDeg: Math.max(...errors.map(({ errorDeg }) => errorDeg)) };
}

describe('a whole pass', () => {
  // At 100 the dummy is as good, but a timer that is 2 ms late is 0.2 s late.
  const speed = 50;
  const mount: Mount = {
    azimuthRangeDeg: [-180, 450],
    elevationRangeDeg: [0, 90],
    // Not quite the dummy's 6: in fast time a late timer costs a part of a degree.
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
    const time = fastTime(speed);
    const track = circularPass({ ...pass, aosMs: time.clock.now() + 90_000 });
    const plan = planRotation({ track, mount, from: zero });
    const { errors, states, worstDeg } = await follow({ server, speed, plan, mount, time });
    expect(states).toEqual(['pre-pointing', 'tracking', 'idle', 'parking', 'parked']);
    expect(errors.length).toBeGreaterThan(300);
    expect(worstDeg).toBeLessThan(2);
  });

  test('the server is killed in the middle and comes back where it was not: the pass goes on', async () => {
    const server = await startRotctldDummy({ speed });
    const time = fastTime(speed);
    const pass: CircularPass = { altitudeKm: 500, culminationDeg: 50, headingDeg: 90, left: true };
    const track = circularPass({ ...pass, aosMs: time.clock.now() + 90_000 });
    const plan = planRotation({ track, mount, from: zero });
    let again: HamlibServer | null = null;
    const { errors, states } = await follow({ server, speed, plan, mount, time }, async () => {
      await pause((plan.aosMs + 200_000 - time.clock.now()) / speed);
      await server.kill();
      await pause(300);
      again = await startRotctldDummy({ speed, port: server.port });
      ends.push(again.kill);
    });
    expect(again).not.toBeNull();
    expect(states).toEqual(['pre-pointing', 'tracking', 'fault', 'tracking', 'idle', 'parking', 'parked']);
    // The new dummy begins at 0: half a minute later it is on target again.
    const late = errors.filter(({ timeMs }) => timeMs > plan.aosMs + 330_000);
    expect(late.length).toBeGreaterThan(100);
    expect(Math.max(...late.map(({ errorDeg }) => errorDeg))).toBeLessThan(2);
  });

  test('−180 to 540 and over the top with our own server, which hamlib’s own client speaks to as well', async () => {
    const flipping: Mount = { ...mount, azimuthRangeDeg: [-180, 540], elevationRangeDeg: [0, 180] };
    const limits = { azimuthRangeDeg: flipping.azimuthRangeDeg, elevationRangeDeg: flipping.elevationRangeDeg };
    const time = fastTime(speed);
    const rotator = simulatedRotator({ ...limits, azimuthRateDegS: 6, elevationRateDegS: 6 }, time.clock);
    const server = await startRotctldServer({ host: '127.0.0.1', port: 0, rotator, limits });
    ends.push(server.stop);
    const track = circularPass({
      altitudeKm: 500,
      culminationDeg: 89.9,
      headingDeg: 200,
      aosMs: time.clock.now() + 90_000,
    });
    const plan = planRotation({ track, mount: flipping, from: zero });
    expect(plan).toMatchObject({ flipped: true, offTarget: [] });
    const host = { host: '127.0.0.1', port: server.port };
    const { worstDeg } = await follow({ server: host, speed, plan, mount: flipping, time });
    expect(worstDeg).toBeLessThan(2);

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
    const rig = rigctldRig({ ...server, backOff: { firstMs: 20, mostMs: 100 } }, deps);
    const states: string[] = [];
    const control = rigControl(
      { intervalMs: 100, stepHz: 1 },
      {
        clock: systemClock,
        timers: systemTimers,
        rig,
        changed: ({ state }) => state !== states.at(-1) && states.push(state),
      },
    );
    ends.push(rig.close, control.close);
    const fromMs = Date.now();
    const over = control.follow({
      fromMs,
      toMs: fromMs + 3000,
      downlinkHz: (timeMs) => 435_100_000 - (timeMs - fromMs),
      uplinkHz: (timeMs) => 145_900_000 + (timeMs - fromMs),
    });
    const wrongHz = async () => {
      const [down, up] = [await rig.downlink(), await rig.uplink()];
      const gone = Date.now() - fromMs;
      return Math.max(Math.abs(435_100_000 - gone - down), Math.abs(145_900_000 + gone - up));
    };
    await pause(500);
    expect(await wrongHz()).toBeLessThan(200);
    await server.kill();
    await pause(300);
    await rigServer(server.port);
    await pause(500);
    expect(await wrongHz()).toBeLessThan(200);
    await over;
    expect(states).toEqual(['tuning', 'fault', 'tuning', 'idle']);
  });
});

/** The different states of a process's threads, T for stopped: a signal is not there at once. */
function threadStates(pid: number): string {
  const states = readdirSync(`/proc/${pid}/task`).map((task) =>
    readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .charAt(0),
  );
  return [...new Set(states)].sort().join('');
}
