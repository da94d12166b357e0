import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulatedRotator } from '../../daemon/drivers/rotator/simulated-rotator.ts';
import { judgeDay, playDay } from './day.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-day-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['with over-travel to both sides', { azimuthRangeDeg: [-180, 540], elevationRangeDeg: [0, 90] }],
  ['that can flip', { azimuthRangeDeg: [0, 360], elevationRangeDeg: [0, 180] }],
] as const)(
  'six hours of 32 satellites, two SDRs and a shared rotator %s',
  async (_, ranges) => {
    const mount = { ...ranges, azimuthRateDegS: 6, elevationRateDegS: 6 };
    const options = {
      hours: 6,
      speed: Number.POSITIVE_INFINITY,
      mount,
      updateIntervalS: 1,
      rotator: (clock: Parameters<typeof simulatedRotator>[1]) => simulatedRotator(mount, clock),
    };
    const day = await playDay({ ...options, folder });
    const report = judgeDay(day, mount);
    expect(day.satellites).toBe(32);
    expect(report.whole).toBeGreaterThan(15);
    expect(report.northCrossing).toBeGreaterThan(2);
    expect(report.readings).toBeGreaterThan(5000);
    expect(report.offTarget).toEqual([]);
    expect(report.uncovered).toEqual([]);
    expect(report.commandsOutside).toBe(0);
    expect(day.passes.some(({ received_by }) => received_by.some(({ frames }) => frames > 0))).toBe(true);
  },
  120_000,
);
