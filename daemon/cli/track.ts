import { parseArgs } from 'node:util';
import { trackReport } from '../api/track-report.ts';
import type { TrackReport } from '../api/wire.ts';
import { StationError } from '../core/error.ts';
import { type Command, UsageError } from './command.ts';
import { joinNegative } from './negative-values.ts';
import {
  findTarget,
  type Target,
  type TrackingBase,
  timeOrNow,
  trackingBase,
  trackingHelp,
  trackingOptions,
  warnOfAge,
} from './tracking-options.ts';

export const run: Command = {
  name: 'track',
  summary: 'tell where a satellite is, and its Doppler shift',
  help: `
Usage: downlinkd track NAME|NORAD [OPTIONS]

Tells where a satellite is as the station sees it, where on Earth it is overhead, and the Doppler shift of its first transmitter.

Options:
  --at ISO                     when (default now)
${trackingHelp}
  --json                       an object instead of lines
`,
  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: joinNegative(argv, ['location']),
      allowPositionals: true,
      options: { ...trackingOptions, at: { type: 'string' } },
    });
    const [name] = positionals;
    if (name === undefined) throw new UsageError('track what? Give a satellite, by name or catalogue number');
    if (positionals.length > 1)
      throw new UsageError('one satellite at a time; a name with blanks needs quotes or dashes');
    const timeMs = timeOrNow('at', values.at);
    const base = trackingBase(values, io, timeMs);
    const target = findTarget(base, name);
    warnOfAge([target], timeMs, io);
    const view = viewOf(target, base, timeMs);
    if (base.placeNote) io.stderr.write(`downlinkd: ${base.placeNote}\n`);
    io.stdout.write(values.json ? `${JSON.stringify(view, null, 2)}\n` : asLines(view));
    return 0;
  },
};

function viewOf({ name, elements, known }: Target, { place }: TrackingBase, timeMs: number): TrackReport {
  const frequencyHz = known?.transmitters[0]?.frequencyHz ?? null;
  const report = trackReport({ name, elements, frequencyHz }, place, timeMs);
  if ('reason' in report) throw new StationError('ORBIT_FAILED', report.reason);
  return report;
}

function asLines(view: TrackReport): string {
  const doppler =
    view.doppler_hz === null
      ? 'no transmitter known'
      : `${view.doppler_hz.toFixed(0)} Hz at ${(view.frequency_hz! / 1e6).toFixed(4)} MHz`;
  const lines = [
    ['satellite', `${view.name} (${view.norad})`],
    ['time', view.time],
    ['azimuth', `${view.azimuth_deg.toFixed(2)}°`],
    ['elevation', `${view.elevation_deg.toFixed(2)}°`],
    ['range', `${view.range_km.toFixed(1)} km, ${view.range_rate_km_s.toFixed(4)} km/s`],
    ['Doppler', doppler],
    [
      'above',
      `${view.latitude_deg.toFixed(3)}°, ${view.longitude_deg.toFixed(3)}° at ${view.altitude_km.toFixed(1)} km`,
    ],
    ['light', view.sunlit ? 'in sunlight' : 'in the shadow of the Earth'],
    ['elements', `of ${view.elements_epoch}`],
  ];
  return lines.map(([what, value]) => `${what!.padEnd(11)}${value}\n`).join('');
}
