/** A day of a station against hamlib's real rotctld: the antenna is on the satellite from AOS to LOS of every planned pass. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock, systemTimers } from '../../daemon/core/clock.ts';
import type { Rotator } from '../../daemon/drivers/rotator/rotator.ts';
import { rotctldRotator } from '../../daemon/drivers/rotator/rotctld.ts';
import { judgeDay, playDay } from '../station/day.ts';
import { needPackages } from './debian.ts';
import { heldRotator } from './held.ts';
import { hamlibPackages, startRotctldDummy } from './rotctld-dummy.ts';

/** So much faster than in the sky: the day takes some six minutes. */
const speed = 300;
const hours = Number(process.env['DOWNLINKD_DAY_HOURS'] ?? 24);

let dummy: Awaited<ReturnType<typeof startRotctldDummy>>;
let folder: string;
beforeAll(async () => {
  needPackages(hamlibPackages);
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-day-'));
  dummy = await startRotctldDummy({ speed });
});
afterAll(async () => {
  await dummy.kill();
  rmSync(folder, { recursive: true, force: true });
});

test(`${hours} hours of 32 satellites, two SDRs and one rotator behind rotctld`, async () => {
  const mount = {
    azimuthRangeDeg: [-180, 450],
    elevationRangeDeg: [0, 90],
    azimuthRateDegS: 6,
    elevationRateDegS: 6,
  } as const;
  const refused: string[] = [];
  const day = await playDay({
    folder,
    hours,
    speed,
    mount,
    updateIntervalS: 1,
    rotator(clock) {
      const real = rotctldRotator(
        { host: '127.0.0.1', port: dummy.port },
        { clock: systemClock, timers: systemTimers, random: Math.random },
      );
      const moveTo: Rotator['moveTo'] = async (position) => {
        try {
          await real.moveTo(position);
        } catch (error) {
          refused.push(String(error));
          throw error;
        }
      };
      return heldRotator({ ...real, moveTo }, clock);
    },
  });
  const report = judgeDay(day, mount);
  const { offTarget, uncovered, ...figures } = report;
  console.log(`${day.passes.length} passes; antenna: ${JSON.stringify(figures)}`);
  expect(day.satellites).toBe(32);
  expect(refused).toEqual([]);
  expect(offTarget).toEqual([]);
  expect(uncovered).toEqual([]);
  expect(report.commandsOutside).toBe(0);
  expect(report.whole).toBeGreaterThan(3 * hours);
  expect(report.northCrossing).toBeGreaterThan(hours / 4);
  expect(report.readings).toBeGreaterThan(1000 * hours);
}, 1_800_000);
