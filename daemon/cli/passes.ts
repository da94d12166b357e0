import { setImmediate as breathe } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { StationError } from '../core/error.ts';
import { rounded } from '../core/rounded.ts';
import { allSatellites } from '../satellites/catalogue.ts';
import { flatHorizon } from '../tracking/horizon.ts';
import { findPasses, type Pass, type PassPoint } from '../tracking/passes.ts';
import { failureReason, propagator } from '../tracking/propagator.ts';
import { type Command, type CommandIo, UsageError } from './command.ts';
import { joinNegative } from './negative-values.ts';
import {
  findTarget,
  readHours,
  readNumber,
  SHOWN,
  type Target,
  type TrackingBase,
  timeOrNow,
  trackingBase,
  trackingHelp,
  trackingOptions,
  warnOfAge,
} from './tracking-options.ts';

const HOUR_MS = 3_600_000;
const MOST_HOURS = 31 * 24;

interface FoundPass extends Pass {
  readonly target: Target;
}

export const run: Command = {
  name: 'passes',
  summary: 'predict when satellites pass over the station',
  help: `
Usage: downlinkd passes [OPTIONS]

Predicts the passes of satellites from their orbital elements; those in progress at either end are included.

Options:
  --satellite NAME|NORAD       one satellite; may be repeated (default all that there are elements of)
  --from ISO                   start (default now)
  --hours N                    how long from there, up to 744 (default 24)
  --min-elevation DEG          the elevation that counts as risen (default 0)
${trackingHelp}
  --json                       an array of { norad, name, aos, tca, los, max_elevation_deg, aos_azimuth_deg, los_azimuth_deg }

All times are UTC. The aos (or los) of a satellite that is up for more than a day before (or behind) the time asked for is null.
`,
  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: joinNegative(argv, ['location', 'min-elevation', 'hours']),
      allowPositionals: true,
      options: {
        ...trackingOptions,
        satellite: { type: 'string', multiple: true, default: [] },
        from: { type: 'string' },
        hours: { type: 'string', default: '24' },
        'min-elevation': { type: 'string', default: '0' },
      },
    });
    if (positionals.length > 0)
      throw new UsageError(`passes takes no '${positionals[0]}'; a satellite goes behind --satellite`);
    const fromMs = timeOrNow('from', values.from);
    const toMs = fromMs + readHours(values.hours, MOST_HOURS, ' (a month)') * HOUR_MS;
    const horizon = flatHorizon(readNumber('min-elevation', values['min-elevation'], -10, 89));
    const base = trackingBase(values, io, fromMs);
    const found: FoundPass[] = [];
    const wanted = predictable(targets(base, values.satellite), fromMs, values.satellite.length > 0, io);
    warnOfAge(wanted, fromMs, io);
    for (const target of wanted) {
      await breathe();
      if (io.signal.aborted) return 130;
      const passes = findPasses({ elements: target.elements, place: base.place, horizon, fromMs, toMs });
      found.push(...passes.map((pass) => ({ ...pass, target })));
    }
    const start = (pass: Pass) => pass.rise?.timeMs ?? Number.NEGATIVE_INFINITY;
    found.sort((a, b) => start(a) - start(b) || a.target.elements.norad - b.target.elements.norad);
    if (base.placeNote) io.stderr.write(`downlinkd: ${base.placeNote}\n`);
    io.stdout.write(values.json ? `${JSON.stringify(found.map(asJson), null, 2)}\n` : asTable(found));
    return 0;
  },
};

function targets(base: TrackingBase, names: readonly string[]): Target[] {
  if (names.length > 0) {
    const wanted = names.map((name) => findTarget(base, name));
    return [...new Map(wanted.map((target) => [target.elements.norad, target])).values()];
  }
  const known = new Map(allSatellites(base.catalogue).map((s) => [s.norad ?? s.temporaryId, s]));
  return [...base.elements.values()].map((elements) => {
    const satellite = known.get(elements.norad) ?? null;
    return { name: satellite?.name ?? elements.name, elements, known: satellite };
  });
}

/**
 * Those whose elements have an answer; the others are told with the reason.
 * @throws StationError when none of those that were named has one
 */
function predictable(all: readonly Target[], timeMs: number, named: boolean, io: CommandIo): Target[] {
  const good: Target[] = [];
  const reasons: string[] = [];
  for (const target of all) {
    const { failed } = propagator(target.elements)(timeMs);
    if (failed === false) good.push(target);
    else reasons.push(`${target.name} has no passes: ${failureReason(target.elements, failed)}`);
  }
  if (named && good.length === 0 && reasons.length > 0) throw new StationError('ORBIT_FAILED', reasons.join('; '));
  for (const reason of reasons.slice(0, SHOWN)) io.stderr.write(`downlinkd: ${reason}\n`);
  if (reasons.length > SHOWN)
    io.stderr.write(
      `downlinkd: ${reasons.length - SHOWN} more satellites can't be predicted by their elements either\n`,
    );
  return good;
}

const iso = (point: PassPoint | null) => (point === null ? null : new Date(Math.round(point.timeMs)).toISOString());

function asJson({ target, rise, highest, set }: FoundPass): object {
  return {
    norad: target.elements.norad,
    name: target.name,
    aos: iso(rise),
    tca: iso(highest),
    los: iso(set),
    max_elevation_deg: rounded(highest.elevationDeg, 2),
    aos_azimuth_deg: rise && rounded(rise.azimuthDeg, 2) % 360,
    los_azimuth_deg: set && rounded(set.azimuthDeg, 2) % 360,
  };
}

function asTable(passes: readonly FoundPass[]): string {
  if (passes.length === 0) return 'no pass\n';
  const time = (point: PassPoint | null) => iso(point)?.replace(/\.\d+Z/, 'Z') ?? '-';
  /** The day is told where it is not that of the rise. */
  const onDayOf = (rise: PassPoint | null, point: PassPoint | null) =>
    time(point).slice(0, 10) === time(rise).slice(0, 10) ? time(point).replace(/^.*T/, '') : time(point);
  const azimuth = (point: PassPoint | null) => (point === null ? '-' : `${Math.round(point.azimuthDeg) % 360}°`);
  const rows = passes.map(({ target, rise, highest, set }) => [
    target.name,
    time(rise),
    azimuth(rise),
    onDayOf(rise, highest),
    `${highest.elevationDeg.toFixed(1)}°`,
    onDayOf(rise, set),
    azimuth(set),
  ]);
  const table = [['SATELLITE', 'AOS', 'AZIMUTH', 'TCA', 'ELEVATION', 'LOS', 'AZIMUTH'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
