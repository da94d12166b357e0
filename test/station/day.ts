/** A day of a station, to be played against any rotator: 32 satellites of the catalogue on orbits of our own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PassEntry } from '../../daemon/api/wire.ts';
import { makeLog } from '../../daemon/core/log.ts';
import { makeVirtualClock, type VirtualClock } from '../../daemon/core/virtual-clock.ts';
import type { Rotator } from '../../daemon/drivers/rotator/rotator.ts';
import { startStation } from '../../daemon/main.ts';
import type { PointingRecord } from '../../daemon/open-rotator.ts';
import { allSatellites, loadCatalogue, shippedSatellites } from '../../daemon/satellites/catalogue.ts';
import { parseSettings } from '../../daemon/settings/settings.ts';
import { angleBetweenDeg, directionOf, type Mount } from '../../daemon/tracking/rotator-mount.ts';
import type { RotatorPlan } from '../../daemon/tracking/rotator-planner.ts';

export const dayStartMs = Date.UTC(2026, 10, 26);

export interface DayOptions {
  readonly folder: string;
  readonly hours: number;
  readonly speed: number;
  readonly mount: Pick<Mount, 'azimuthRangeDeg' | 'elevationRangeDeg' | 'azimuthRateDegS' | 'elevationRateDegS'>;
  readonly updateIntervalS: number;
  /** Sees positions through the clock: time stands still while the world answers. */
  readonly rotator: (clock: VirtualClock) => Rotator;
}

export interface Day {
  readonly satellites: number;
  readonly records: readonly PointingRecord[];
  readonly plans: readonly { readonly pass: string; readonly plan: RotatorPlan }[];
  readonly passes: readonly PassEntry[];
}

export async function playDay({ folder, hours, speed, mount, updateIntervalS, rotator }: DayOptions): Promise<Day> {
  const catalogue = allSatellites(loadCatalogue(shippedSatellites()));
  const inBand = (low: number, high: number) =>
    catalogue.filter(
      ({ norad, transmitters }) =>
        norad !== null && norad !== undefined && transmitters.some((t) => t.frequencyHz > low && t.frequencyHz < high),
    );
  const chosen = [...inBand(435e6, 438e6).slice(0, 24), ...inBand(144e6, 146e6).slice(0, 8)];
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(
    join(folder, 'config', 'elements.json'),
    JSON.stringify(
      chosen.map(({ name, norad }, i) => ({
        OBJECT_NAME: name,
        OBJECT_ID: '2020-001A',
        EPOCH: '2026-11-26T00:00:00.000000',
        MEAN_MOTION: 14.6 + 0.03 * (i % 23),
        ECCENTRICITY: 0.001,
        INCLINATION: i % 3 === 0 ? 51.6 : 97.5,
        RA_OF_ASC_NODE: (i * 137.5) % 360,
        ARG_OF_PERICENTER: (i * 71) % 360,
        MEAN_ANOMALY: (i * 211) % 360,
        EPHEMERIS_TYPE: 0,
        CLASSIFICATION_TYPE: 'U',
        NORAD_CAT_ID: norad,
        ELEMENT_SET_NO: 999,
        REV_AT_EPOCH: 1000,
        BSTAR: 0.00001,
        MEAN_MOTION_DOT: 0,
        MEAN_MOTION_DDOT: 0,
      })),
    ),
  );
  const settings = parseSettings(
    `station: { name: Day, latitude: 48, longitude: 11, altitude_m: 500 }
api: { port: 0 }
track:
${chosen.map(({ norad }, i) => `  - { satellite: ${norad}, priority: ${i % 3} }`).join('\n')}
elements: { sources: [config/elements.json] }
rotators:
  - id: mast
    driver: simulator
    azimuth_range_deg: [${mount.azimuthRangeDeg.join(', ')}]
    elevation_range_deg: [${mount.elevationRangeDeg.join(', ')}]
    azimuth_rate_deg_s: ${mount.azimuthRateDegS}
    elevation_rate_deg_s: ${mount.elevationRateDegS}
    minimum_step_deg: 0.2
    update_interval_s: ${updateIntervalS}
sdrs:
  - { id: uhf, driver: simulator, rotator: mast, sample_rate: 2400000, tuning_hz: [430000000, 440000000] }
  - { id: vhf, driver: simulator, rotator: mast, sample_rate: 1000000, tuning_hz: [144000000, 148000000] }`,
    join(folder, 'config', 'station.yaml'),
  );
  const clock = makeVirtualClock(dayStartMs, speed);
  const records: PointingRecord[] = [];
  const plans: { pass: string; plan: RotatorPlan }[] = [];
  const station = await startStation(settings, {
    log: makeLog('silent'),
    clock,
    virtual: true,
    rotatorHooks: {
      make: () => rotator(clock),
      pointed: (record) => records.push(record),
      planned: (_, pass, plan) => plans.push({ pass, plan }),
    },
  });
  await clock.play(dayStartMs + hours * 3_600_000);
  const query = { sinceMs: dayStartMs, satellite: null, limit: 5000 };
  const passes = station
    .tracking!.source.passes(query)
    .passes.filter(({ los }) => Date.parse(los) < dayStartMs + hours * 3_600_000);
  await station.stop();
  return { satellites: chosen.length, records, plans, passes };
}

export interface PointingReport {
  /** Passes that the antenna followed from AOS to LOS. */
  readonly whole: number;
  readonly northCrossing: number;
  readonly readings: number;
  /** Times that the plan had the antenna follow a satellite, and the log has no reading for five seconds. */
  readonly uncovered: readonly string[];
  /** Readings further than the tolerance from the satellite, of those outside the times that a plan had stated. */
  readonly offTarget: readonly string[];
  readonly statedOffTargetS: number;
  readonly worstDeg: number;
  readonly commandsOutside: number;
  readonly lowestAzimuthDeg: number;
  readonly highestAzimuthDeg: number;
}

/** What the position log shows of the antenna, from AOS to LOS of every pass that was planned. */
export function judgeDay(
  { records, plans, passes }: Day,
  mount: DayOptions['mount'],
  toleranceDeg = 2,
): PointingReport {
  const offTarget: string[] = [];
  let readings = 0;
  let worstDeg = 0;
  let commandsOutside = 0;
  let lowestAzimuthDeg = Number.POSITIVE_INFINITY;
  let highestAzimuthDeg = Number.NEGATIVE_INFINITY;
  let statedOffTargetS = 0;
  let northCrossing = 0;
  const followed = new Set<string>();
  const byPass = new Map<string, PointingRecord[]>();
  for (const record of records)
    if (record.pass !== null) byPass.set(record.pass, [...(byPass.get(record.pass) ?? []), record]);
  for (const { commanded } of records) {
    if (commanded === null) continue;
    const { azimuthDeg, elevationDeg } = commanded;
    lowestAzimuthDeg = Math.min(lowestAzimuthDeg, azimuthDeg);
    highestAzimuthDeg = Math.max(highestAzimuthDeg, azimuthDeg);
    const inside =
      azimuthDeg >= mount.azimuthRangeDeg[0] &&
      azimuthDeg <= mount.azimuthRangeDeg[1] &&
      elevationDeg >= mount.elevationRangeDeg[0] &&
      elevationDeg <= mount.elevationRangeDeg[1];
    if (!inside) commandsOutside++;
  }
  for (const { pass, plan } of plans) {
    const own = (byPass.get(pass) ?? []).filter(({ timeMs }) => timeMs >= plan.aosMs && timeMs <= plan.losMs);
    if (own.length < 10) continue;
    followed.add(pass);
    for (const { fromMs, toMs } of plan.offTarget) statedOffTargetS += (toMs - fromMs) / 1000;
    const azimuths = own.map(({ target }) => target!.azimuthDeg);
    if (azimuths.some((azimuth, i) => i > 0 && Math.abs(azimuth - azimuths[i - 1]!) > 180)) northCrossing++;
    for (const { timeMs, target, read } of own) {
      readings++;
      const error = angleBetweenDeg(target!, directionOf(mount, read));
      const stated = plan.offTarget.some(({ fromMs, toMs }) => timeMs >= fromMs - 2000 && timeMs <= toMs + 2000);
      if (stated) continue;
      worstDeg = Math.max(worstDeg, error);
      if (error > toleranceDeg)
        offTarget.push(
          `${pass} ${new Date(timeMs).toISOString()} ${error.toFixed(2)}° at elevation ${target!.elevationDeg.toFixed(1)}°`,
        );
    }
  }
  const uncovered: string[] = [];
  for (const { key, received_by } of passes)
    for (const { from, to } of received_by.flatMap(({ state, pointed }) => (state === 'done' ? pointed : []))) {
      const times = (byPass.get(key) ?? []).map(({ timeMs }) => timeMs);
      const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
      const inside = [fromMs, ...times.filter((timeMs) => timeMs > fromMs && timeMs < toMs), toMs];
      const gap = Math.max(...inside.slice(1).map((timeMs, i) => timeMs - inside[i]!));
      if (gap > 5000) uncovered.push(`${key} ${from} to ${to}: ${gap / 1000} s`);
    }
  return {
    uncovered,
    whole: followed.size,
    northCrossing,
    readings,
    offTarget,
    statedOffTargetS,
    worstDeg,
    commandsOutside,
    lowestAzimuthDeg,
    highestAzimuthDeg,
  };
}
