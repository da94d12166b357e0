import { expect, test } from 'vitest';
import { simulatedRotator } from '../../../daemon/drivers/rotator/simulated-rotator.ts';

function world(delayMs = 0) {
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  const rotator = simulatedRotator(
    {
      azimuthRangeDeg: [-180, 540],
      elevationRangeDeg: [0, 180],
      azimuthRateDegS: 6,
      elevationRateDegS: 3,
      at: { azimuthDeg: 10, elevationDeg: 5 },
      delayMs,
    },
    clock,
  );
  return {
    rotator,
    at: (ms: number) => {
      nowMs = ms;
      return rotator.now;
    },
  };
}

test('each axis at its own rate, then it stands', async () => {
  const { rotator, at } = world();
  await rotator.moveTo({ azimuthDeg: -20, elevationDeg: 20 });
  expect(at(1000)).toEqual({ azimuthDeg: 4, elevationDeg: 8 });
  expect(at(5000)).toEqual({ azimuthDeg: -20, elevationDeg: 20 });
  expect(at(9000)).toEqual({ azimuthDeg: -20, elevationDeg: 20 });
});

test('a command acts after the delay, the one before until then', async () => {
  const { rotator, at } = world(500);
  await rotator.moveTo({ azimuthDeg: 100, elevationDeg: 5 });
  expect(at(500).azimuthDeg).toBe(10);
  expect(at(1000).azimuthDeg).toBe(13);
  await rotator.moveTo({ azimuthDeg: -100, elevationDeg: 5 });
  expect(at(1500).azimuthDeg).toBe(16);
  expect(at(2000).azimuthDeg).toBe(13);
});

test('stopped or jammed it stays', async () => {
  const { rotator, at } = world();
  await rotator.moveTo({ azimuthDeg: 100, elevationDeg: 5 });
  at(1000);
  await rotator.stop();
  expect(at(2000).azimuthDeg).toBe(16);
  await rotator.moveTo({ azimuthDeg: 100, elevationDeg: 5 });
  rotator.jammed = true;
  expect(at(9000).azimuthDeg).toBe(16);
  rotator.jammed = false;
  expect(at(10_000).azimuthDeg).toBe(22);
});

test('outside of its limits or no number: refused', async () => {
  const { rotator } = world();
  await expect(rotator.moveTo({ azimuthDeg: 541, elevationDeg: 5 })).rejects.toMatchObject({
    code: 'ROTATOR_OUT_OF_LIMITS',
  });
  await expect(rotator.moveTo({ azimuthDeg: 5, elevationDeg: Number.NaN })).rejects.toThrow(RangeError);
});
