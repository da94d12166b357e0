import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskedHorizon } from '../../daemon/tracking/horizon.ts';
import { type AxisPosition, completeMount, envelopeOf, type Mount } from '../../daemon/tracking/rotator-mount.ts';
import { planRotation, type RotatorPlan } from '../../daemon/tracking/rotator-planner.ts';
import { stopsBetween } from '../../daemon/tracking/rotator-route.ts';
import { trackThrough } from '../../daemon/tracking/rotator-track.ts';
import { type CircularPass, circularPass, play } from './rotator-sky.ts';

const usual: Mount = {
  azimuthRangeDeg: [-180, 450],
  elevationRangeDeg: [0, 90],
  azimuthRateDegS: 6,
  elevationRateDegS: 6,
};
const zero: AxisPosition = { azimuthDeg: 0, elevationDeg: 0 };

function insideOf(mount: Mount): (position: AxisPosition) => boolean {
  const envelope = envelopeOf(completeMount(mount));
  const [least, most] = mount.azimuthRangeDeg;
  // Not "or outside": NaN is not inside.
  return ({ azimuthDeg, elevationDeg }) =>
    azimuthDeg >= least &&
    azimuthDeg <= most &&
    elevationDeg >= envelope.lowest(azimuthDeg) &&
    elevationDeg <= envelope.highest(azimuthDeg);
}

function isStated(plan: RotatorPlan, timeMs: number): boolean {
  return plan.offTarget.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs <= toMs);
}

function stated(plan: RotatorPlan): number {
  return plan.offTarget.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) / 1000;
}

/** How long the played mount is off target, s, and how far it is off at most where that isn't stated. */
function outcome(plan: RotatorPlan, mount: Mount, from: AxisPosition, phaseMs = 0) {
  const played = play(plan, mount, from, phaseMs).filter(({ timeMs }) => timeMs >= plan.aosMs);
  const off = played.filter(({ errorDeg }) => errorDeg > (mount.toleranceDeg ?? 2));
  const unstated = Math.max(0, ...played.filter(({ timeMs }) => !isStated(plan, timeMs)).map((p) => p.errorDeg));
  return { offS: off.length * 0.05, unstatedDeg: unstated };
}

const passes = fc.record({
  altitudeKm: fc.integer({ min: 300, max: 2000 }),
  culminationDeg: fc.oneof(
    fc.double({ min: 2, max: 89.95, noNaN: true }),
    fc.double({ min: 80, max: 89.95, noNaN: true }),
  ),
  headingDeg: fc.integer({ min: 0, max: 359 }),
  left: fc.boolean(),
});

const masks = fc.constantFrom(
  undefined,
  maskedHorizon([
    { azimuthDeg: 0, elevationDeg: 5 },
    { azimuthDeg: 90, elevationDeg: 20 },
    { azimuthDeg: 100, elevationDeg: 40 },
    { azimuthDeg: 110, elevationDeg: 3 },
    { azimuthDeg: 250, elevationDeg: 0 },
  ]),
);

const mounts: fc.Arbitrary<Mount> = fc
  .record({
    azimuthRangeDeg: fc.constantFrom<[number, number]>(
      [0, 360],
      [-180, 180],
      [-180, 450],
      [-180, 540],
      [0, 450],
      [-90, 300],
    ),
    elevationRangeDeg: fc.constantFrom<[number, number]>([0, 90], [0, 180], [-3, 91], [0, 85]),
    azimuthRateDegS: fc.double({ min: 1, max: 30, noNaN: true }),
    elevationRateDegS: fc.double({ min: 1, max: 30, noNaN: true }),
    azimuthOffsetDeg: fc.constantFrom(0, 0, 13.7, -171),
    elevationOffsetDeg: fc.constantFrom(0, 0, 1.5, -2),
    minimumStepDeg: fc.constantFrom(0, 0.1, 1),
    loopDelayMs: fc.constantFrom(0, 300, 2000),
    updateIntervalMs: fc.constantFrom(100, 500, 1000),
    horizon: masks,
  })
  // Along the steep edge of a mask a step in azimuth makes more than a step in elevation: not stated, hence not tried.
  .map(({ horizon, ...mount }) => (horizon ? { ...mount, horizon, minimumStepDeg: 0 } : mount));

test('any pass on any mount: inside the limits, never too fast, and on target but where the plan says otherwise', () => {
  fc.assert(
    fc.property(
      passes,
      mounts,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (pass, mount, where, phase) => {
        const [least, most] = mount.azimuthRangeDeg;
        const from = { azimuthDeg: least + where * (most - least), elevationDeg: 90 * (1 - where) };
        const track = circularPass(pass);
        const plan = planRotation({ track, mount, from });
        const isInside = insideOf(mount);
        let before = plan.at(plan.aosMs);
        for (let timeMs = plan.prePointMs - 2000; timeMs < plan.losMs + 2000; timeMs += 100) {
          const position = plan.at(timeMs);
          if (!isInside(position)) throw new Error(`at ${timeMs} outside: ${JSON.stringify(position)}`);
          if (timeMs <= plan.aosMs) continue;
          const turnDeg = Math.abs(position.azimuthDeg - before.azimuthDeg);
          if (turnDeg > mount.azimuthRateDegS * 0.11 + 0.2) throw new Error(`at ${timeMs} too fast: ${turnDeg}`);
          // Over a mask, elevation follows the edge of the obstacle.
          const liftDeg = mount.horizon ? 0 : Math.abs(position.elevationDeg - before.elevationDeg);
          if (liftDeg > mount.elevationRateDegS * 0.11 + 0.2) throw new Error(`at ${timeMs} too fast: ${liftDeg} up`);
          before = position;
        }
        for (const { fromMs, toMs, worstDeg } of plan.offTarget) {
          expect(fromMs).toBeGreaterThanOrEqual(plan.aosMs);
          expect(toMs).toBeLessThanOrEqual(plan.losMs);
          expect(toMs).toBeGreaterThan(fromMs);
          expect(worstDeg).toBeGreaterThan(1.5);
        }
        expect(outcome(plan, mount, from, phase * plan.updateIntervalMs).unstatedDeg).toBeLessThanOrEqual(2);
        expect(isInside(plan.rest)).toBe(true);
      },
    ),
    { numRuns: 60, seed: 77, endOnFailure: true },
  );
});

describe('turns', () => {
  const northward: CircularPass = { altitudeKm: 500, culminationDeg: 40, headingDeg: 90, left: true };

  test('a pass over north on a mount with over-travel goes on below 0 or above 360', () => {
    const track = circularPass(northward); // from west over north to east
    expect(track.at(track.aosMs).azimuthDeg).toBeGreaterThan(250);
    const plan = planRotation({ track, mount: usual, from: zero });
    expect(plan.offTarget).toEqual([]);
    expect(plan.at(plan.aosMs).azimuthDeg).toBeCloseTo(track.at(track.aosMs).azimuthDeg - 360, 0);
    expect(plan.azimuthTravelDeg).toBeLessThan(270);
    expect(outcome(plan, usual, zero)).toMatchObject({ offS: 0 });
  });

  test('the same pass the other turn round when the rotator is there', () => {
    const plan = planRotation({
      track: circularPass(northward),
      mount: usual,
      from: { azimuthDeg: 400, elevationDeg: 0 },
    });
    expect(plan.at(plan.aosMs).azimuthDeg).toBeGreaterThan(250);
    expect(plan.at(plan.losMs).azimuthDeg).toBeGreaterThan(400);
  });

  test('at 540 after one pass, it unwinds before the next one and not in the middle of it', () => {
    const mount: Mount = { ...usual, azimuthRangeDeg: [-180, 540] };
    const from = { azimuthDeg: 500, elevationDeg: 0 };
    const eastward = circularPass({ altitudeKm: 500, culminationDeg: 70, headingDeg: 200, left: true }); // by east to south
    const plan = planRotation({ track: eastward, mount, from });
    expect(plan.offTarget).toEqual([]);
    expect(plan.at(plan.aosMs).azimuthDeg).toBeLessThan(400);
    expect(Math.abs(plan.rest.azimuthDeg - 180)).toBeLessThanOrEqual(180);
  });

  test('0 to 360 without over-travel has to swing round at north, and says when; one that can flip does not', () => {
    const mount: Mount = { ...usual, azimuthRangeDeg: [0, 360] };
    const track = circularPass(northward);
    const plan = planRotation({ track, mount, from: zero });
    expect(plan.offTarget).toHaveLength(1);
    expect(stated(plan)).toBeGreaterThan(50); // 360° at 6°/s, less what the tolerance saves
    expect(stated(plan)).toBeLessThan(64);
    expect(plan.offTarget[0]!.worstDeg).toBeGreaterThan(40);
    const flipping: Mount = { ...mount, elevationRangeDeg: [0, 180] };
    const flipped = planRotation({ track, mount: flipping, from: zero });
    expect(flipped).toMatchObject({ offTarget: [], flipped: true });
    expect(outcome(flipped, flipping, zero)).toMatchObject({ offS: 0 });
  });

  test('no flip where nothing is gained by it', () => {
    const track = circularPass({ altitudeKm: 500, culminationDeg: 50, headingDeg: 10, left: false });
    const plan = planRotation({ track, mount: { ...usual, elevationRangeDeg: [0, 180] }, from: zero });
    expect(plan.flipped).toBe(false);
  });
});

describe('the zenith', () => {
  const high: CircularPass = { altitudeKm: 500, culminationDeg: 89.9, headingDeg: 350, left: true };

  test('89.9 degrees on a fast mount: on target all the time', () => {
    const mount = { ...usual, azimuthRateDegS: 40, elevationRateDegS: 10 };
    const plan = planRotation({ track: circularPass(high), mount, from: zero });
    expect(plan.offTarget).toEqual([]);
    expect(outcome(plan, mount, zero)).toMatchObject({ offS: 0 });
  });

  test('89.9 degrees on one that can flip: over the top, azimuth hardly moves', () => {
    const mount: Mount = { ...usual, azimuthRangeDeg: [0, 360], elevationRangeDeg: [0, 180], azimuthRateDegS: 1.5 };
    const from = { azimuthDeg: 170, elevationDeg: 0 };
    const plan = planRotation({ track: circularPass(high), mount, from });
    expect(plan.offTarget).toEqual([]);
    expect(plan.flipped).toBe(true);
    expect(plan.azimuthTravelDeg).toBeLessThan(10);
    expect(outcome(plan, mount, from)).toMatchObject({ offS: 0 });
  });

  // The least time off target, found here by trying all pairs of times: leave the tolerance at one, be back within it at the
  // other, with no more than the rate in between.
  test.each([
    { culminationDeg: 89.9, rate: 6 },
    { culminationDeg: 88, rate: 6 },
    { culminationDeg: 86, rate: 3 },
    { culminationDeg: 84, rate: 1.5 },
  ])(
    '$culminationDeg degrees at $rate °/s: hardly longer off target than the best there is',
    ({ culminationDeg, rate }) => {
      const mount = { ...usual, azimuthRateDegS: rate };
      const track = circularPass({ ...high, culminationDeg });
      const plan = planRotation({ track, mount, from: zero });
      const { offS } = outcome(plan, mount, zero, 70);
      const best = leastSwingS(track, rate, 2);
      expect(best).toBeGreaterThan(3);
      expect(offS).toBeLessThan(1.1 * best + 1);
      expect(stated(plan)).toBeGreaterThanOrEqual(offS);
      expect(stated(plan)).toBeLessThan(offS + 4);
    },
  );
});

/**
 * For a mount that does not flip: how long it is out of the tolerance in one swing, s. A path that keeps its rate through
 * tolerances around an azimuth exists if and only if it does for any two of them.
 */
function leastSwingS(track: ReturnType<typeof circularPass>, rate: number, toleranceDeg: number): number {
  const rad = Math.PI / 180;
  const stepS = 0.2;
  const [low, high]: [number[], number[]] = [[], []];
  let azimuth = track.at(track.aosMs).azimuthDeg;
  for (let timeMs = track.aosMs; timeMs <= track.losMs; timeMs += 1000 * stepS) {
    const now = track.at(timeMs);
    azimuth += ((((now.azimuthDeg - azimuth + 180) % 360) + 360) % 360) - 180;
    const sine = Math.sin(toleranceDeg * rad) / Math.cos(now.elevationDeg * rad);
    // At the zenith every azimuth is right.
    const free = now.elevationDeg > 90 - toleranceDeg ? 1e6 : Math.asin(sine) / rad;
    low.push(azimuth - free);
    high.push(azimuth + free);
  }
  if (low.at(-1)! < low[0]!) swap(low, high);
  const most = rate * stepS;
  /** How far one can go from the start (or from the end) without having to be too fast. */
  const reach = (from: number, by: number) => {
    let best = Number.POSITIVE_INFINITY;
    const bounds: number[] = [];
    for (let i = from; low[i] !== undefined; i += by) {
      // Going up with time: the highest place possible here, from what is behind.
      best = by > 0 ? Math.min(best + most, high[i]!) : Math.min(best + most, -low[i]!);
      if (by > 0 ? best < low[i]! : -best > high[i]!) break;
      bounds[i] = by > 0 ? best : -best;
    }
    return bounds;
  };
  const behind = reach(0, 1);
  const ahead = reach(low.length - 1, -1);
  let best = Number.POSITIVE_INFINITY;
  behind.forEach((top, a) => {
    ahead.forEach((bottom, b) => {
      if (b >= a && bottom - top <= most * (b - a)) best = Math.min(best, (b - a) * stepS);
    });
  });
  return best;
}

function swap(low: number[], high: number[]): void {
  for (let i = 0; i < low.length; i++) [low[i], high[i]] = [-high[i]!, -low[i]!];
}

describe('before and behind the pass', () => {
  const pass: CircularPass = { altitudeKm: 500, culminationDeg: 50, headingDeg: 20, left: true, aosMs: 1e12 };

  test('starts early enough from anywhere, and is in position at AOS', () => {
    const mount = { ...usual, azimuthRateDegS: 2, loopDelayMs: 700 };
    const from = { azimuthDeg: 450, elevationDeg: 80 };
    const plan = planRotation({ track: circularPass(pass), mount, from });
    expect(plan.prePointMs).toBeLessThan(plan.aosMs - 100_000);
    expect(plan.at(plan.prePointMs - 1)).toEqual(from);
    const atAos = play(plan, mount, from).find(({ timeMs }) => timeMs >= plan.aosMs)!;
    expect(atAos.errorDeg).toBeLessThan(0.3);
    expect(plan.offTarget).toEqual([]);
    expect(plan.reachedMs).toBe(plan.aosMs);
  });

  test('too late: the plan starts where the rotator is, and says from when on it is on target', () => {
    const track = circularPass(pass);
    const from = { azimuthDeg: 450, elevationDeg: 80 };
    const notBeforeMs = track.aosMs + 60_000;
    const plan = planRotation({ track, mount: usual, from, notBeforeMs });
    expect(plan.prePointMs).toBe(notBeforeMs);
    expect(plan.offTarget).toHaveLength(1);
    expect(plan.offTarget[0]!.fromMs).toBe(track.aosMs);
    expect(plan.offTarget[0]!.toMs).toBeLessThan(notBeforeMs + 60_000);
    expect(plan.reachedMs).toBe(plan.offTarget[0]!.toMs);
    expect(outcome(plan, usual, from).unstatedDeg).toBeLessThan(2);
  });

  test('behind the pass it stands, and it knows where to rest', () => {
    const parkAt = { azimuthDeg: 180, elevationDeg: 45 };
    const plan = planRotation({ track: circularPass(pass), mount: { ...usual, parkAt }, from: zero });
    expect(plan.at(plan.losMs + 1e6)).toEqual(plan.at(plan.losMs));
    expect(plan.rest).toEqual(parkAt);
  });

  test('a mask on the way: up first, then round, then down', () => {
    const horizon = maskedHorizon([
      { azimuthDeg: 60, elevationDeg: 0 },
      { azimuthDeg: 80, elevationDeg: 50 },
      { azimuthDeg: 100, elevationDeg: 0 },
    ]);
    const mount: Mount = { ...usual, azimuthRangeDeg: [0, 360], horizon };
    const track = circularPass({ ...pass, headingDeg: 0, left: true }); // from about 180 by west to 0
    const from = { azimuthDeg: 10, elevationDeg: 2 };
    const plan = planRotation({ track, mount, from });
    const played = play(plan, mount, from);
    for (const { azimuthDeg, elevationDeg } of played)
      expect(elevationDeg).toBeGreaterThanOrEqual(horizon.at(azimuthDeg) - 1e-6);
    expect(Math.max(...played.filter((p) => p.timeMs < plan.aosMs).map((p) => p.elevationDeg))).toBeGreaterThan(49);
    expect(plan.offTarget).toEqual([]);

    const stops = stopsBetween(mount, from, { azimuthDeg: 200, elevationDeg: 0 });
    expect(stops.map(({ azimuthDeg }) => azimuthDeg)).toEqual([10, 200, 200]);
    expect(stops[0]!.elevationDeg).toBeGreaterThan(50);
    expect(stops[2]!.elevationDeg).toBe(0);
    expect(stopsBetween(usual, from, zero)).toEqual([zero]);
  });
});

test('commands of a mount with a smallest step differ by whole steps, and it is never wrong by more than 0.6 of one', () => {
  const mount = { ...usual, minimumStepDeg: 1.5 };
  const plan = planRotation({
    track: circularPass({ altitudeKm: 700, culminationDeg: 45, headingDeg: 300 }),
    mount,
    from: zero,
  });
  let last = plan.next(plan.aosMs, null)!;
  let sent = 0;
  for (let timeMs = plan.aosMs; timeMs < plan.losMs; timeMs += 100) {
    const command = plan.next(timeMs, last);
    if (command) {
      sent++;
      for (const axis of ['azimuthDeg', 'elevationDeg'] as const) {
        const steps = Math.abs(command[axis] - last[axis]) / 1.5;
        if (command[axis] > 0 && command[axis] < 90) expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-6);
      }
      last = command;
    }
    const wanted = plan.at(timeMs);
    expect(Math.abs(wanted.azimuthDeg - last.azimuthDeg)).toBeLessThanOrEqual(0.91);
    expect(Math.abs(wanted.elevationDeg - last.elevationDeg)).toBeLessThanOrEqual(0.91);
  }
  expect(sent).toBeLessThan(250);
});

test('a track through points a second apart crosses north and the zenith as the satellite does', () => {
  const pass = circularPass({ altitudeKm: 500, culminationDeg: 88, headingDeg: 350, left: true });
  const points = Array.from({ length: Math.floor(pass.losMs / 1000) + 1 }, (_, k) => ({
    timeMs: 1000 * k,
    ...pass.at(1000 * k),
  }));
  const track = trackThrough(points);
  const plan = planRotation({ track, mount: usual, from: zero });
  expect(outcome(plan, usual, zero).unstatedDeg).toBeLessThan(2);
  for (let timeMs = 500; timeMs < pass.losMs - 1000; timeMs += 1000) {
    const [a, b] = [track.at(timeMs), pass.at(timeMs)];
    expect(Math.abs(a.elevationDeg - b.elevationDeg)).toBeLessThan(0.05);
  }
  expect(() => trackThrough(points.slice(0, 1))).toThrow(RangeError);
  expect(() => trackThrough([points[1]!, points[0]!])).toThrow(RangeError);
});

test.each([
  [{ azimuthRangeDeg: [10, 10] }, /azimuthRangeDeg/],
  [{ elevationRangeDeg: [0, Number.NaN] }, /elevationRangeDeg/],
  [{ azimuthRateDegS: 0 }, /azimuthRateDegS/],
  [{ elevationRateDegS: -1 }, /elevationRateDegS/],
  [{ updateIntervalMs: 50 }, /updateIntervalMs/],
  [{ minimumStepDeg: Number.NaN }, /minimumStepDeg/],
  [{ parkAt: { azimuthDeg: Number.NaN, elevationDeg: 0 } }, /parkAt/],
  [{ elevationRangeDeg: [0, 20], horizon: maskedHorizon([{ azimuthDeg: 0, elevationDeg: 30 }]) }, /horizon/],
] as [Partial<Mount>, RegExp][])('a mount with %j is refused', (wrong, message) => {
  const track = circularPass({ altitudeKm: 500, culminationDeg: 30, headingDeg: 0 });
  expect(() => planRotation({ track, mount: { ...usual, ...wrong }, from: zero })).toThrow(message);
});

test('a pass or a position that is none is refused', () => {
  const track = circularPass({ altitudeKm: 500, culminationDeg: 30, headingDeg: 0 });
  const bad = { ...zero, azimuthDeg: Number.NaN };
  expect(() => planRotation({ track, mount: usual, from: bad })).toThrow(RangeError);
  expect(() => planRotation({ track: { ...track, losMs: track.aosMs }, mount: usual, from: zero })).toThrow(RangeError);
  expect(() => planRotation({ track: { ...track, at: () => bad }, mount: usual, from: zero })).toThrow(RangeError);
});
