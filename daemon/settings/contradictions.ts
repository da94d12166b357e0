import { ModeError, parseMode } from '../../dsp/mode.ts';
import { maskedHorizon } from '../tracking/horizon.ts';
import type { Partly } from './fitting-part.ts';
import type { Problem } from './schema-problems.ts';
import type { StationDocument } from './station-schema.ts';

/** Where a rotator can go whose settings don't say it. */
export const usualRangesDeg = { azimuth: [0, 360], elevation: [0, 90] } as const;

type Sdr = StationDocument['sdrs'][number];

/** What a schema can't say, of the part of a document that follows it. */
export function contradictions(document: Partly<StationDocument>): Problem[] {
  return [
    ...sdrProblems(document),
    ...rotatorProblems(document.rotators ?? []),
    ...rigProblems(document),
    ...collectorProblems(document.collectors ?? []),
    ...stationProblems(document),
  ];
}

/** SDRs that nothing is said about. Told together with what the schema finds: a misspelt `receive` is the usual reason. */
export function idleSdrs(value: unknown): Problem[] {
  const { sdrs, track } = (value ?? {}) as { sdrs?: unknown; track?: unknown };
  if (!Array.isArray(sdrs) || track !== undefined) return [];
  return sdrs.flatMap((sdr: unknown, i) =>
    typeof sdr !== 'object' || sdr === null || 'receive' in sdr
      ? []
      : [missing(`sdrs[${i}].receive`, "expected satellites to receive, or 'track' for the station")],
  );
}

function sdrProblems({ sdrs = [], rotators = [] }: Partly<StationDocument>): Problem[] {
  const found: Problem[] = [];
  const ids = sdrIds(sdrs);
  sdrs.forEach((sdr, i) => {
    if (sdr === undefined) return;
    if (ids.indexOf(ids[i]!) < i) found.push(notTheOnly(`sdrs[${i}].id`, ids[i]!));
    if (sdr.driver === 'rtl_tcp' && sdr.supervise === true && sdr.host !== undefined)
      found.push({ path: `sdrs[${i}].supervise`, value: 'true', expected: 'false or left out where a host is given' });
    if (sdr.driver === 'simulator')
      found.push(...(sdr.signals ?? []).flatMap((s, j) => (s ? signalProblems(s, `sdrs[${i}].signals[${j}]`) : [])));
  });
  sdrs.forEach((sdr, i) => {
    if (sdr === undefined) return;
    if (sdr.receive === undefined && sdr.driver === 'file')
      found.push(missing(`sdrs[${i}].receive`, 'a recording follows no plan'));
    if (sdr.rotator !== undefined && !rotators.some((one) => one?.id === sdr.rotator))
      found.push({ path: `sdrs[${i}].rotator`, value: `'${sdr.rotator}'`, expected: 'the id of one of the rotators' });
    const disordered = disorder(sdr.tuning_hz, `sdrs[${i}].tuning_hz`);
    found.push(...disordered);
    const [low, high] = sdr.tuning_hz ?? [];
    const { centre_hz: centre } = sdr;
    if (disordered.length > 0 || low === undefined || high === undefined || centre === undefined) return;
    if (centre < low || centre > high)
      found.push({
        path: `sdrs[${i}].centre_hz`,
        value: String(centre),
        expected: `within tuning_hz, ${low} to ${high}`,
      });
  });
  return found;
}

function rotatorProblems(rotators: NonNullable<Partly<StationDocument>['rotators']>): Problem[] {
  const ids = rotators.map((one) => one?.id);
  return rotators.flatMap((rotator, i) =>
    rotator === undefined
      ? []
      : [
          ...(rotator.id !== undefined && ids.indexOf(rotator.id) < i
            ? [notTheOnly(`rotators[${i}].id`, rotator.id)]
            : []),
          ...disorder(rotator.azimuth_range_deg, `rotators[${i}].azimuth_range_deg`),
          ...disorder(rotator.elevation_range_deg, `rotators[${i}].elevation_range_deg`),
          ...parkProblems(rotator, `rotators[${i}].park`),
        ],
  );
}

function parkProblems(
  rotator: NonNullable<NonNullable<Partly<StationDocument>['rotators']>[number]>,
  path: string,
): Problem[] {
  return (['azimuth', 'elevation'] as const).flatMap((axis) => {
    const deg = rotator.park?.[`${axis}_deg`];
    const given = rotator[`${axis}_range_deg`];
    const [low, high] = given ?? usualRangesDeg[axis];
    if (deg === undefined || low === undefined || high === undefined || low >= high) return [];
    if (deg >= low && deg <= high) return [];
    const expected = `within ${axis}_range_deg, ${low} to ${high}${given === undefined ? ' where it is left out' : ''}`;
    return [{ path: `${path}.${axis}_deg`, value: String(deg), expected }];
  });
}

function rigProblems({ rigs = [], sdrs = [] }: Partly<StationDocument>): Problem[] {
  const ids = sdrIds(sdrs);
  return rigs.flatMap((rig, i) =>
    rig?.sdr === undefined || ids.includes(rig.sdr)
      ? []
      : [{ path: `rigs[${i}].sdr`, value: `'${rig.sdr}'`, expected: 'the id of one of the SDRs' }],
  );
}

function collectorProblems(collectors: NonNullable<Partly<StationDocument>['collectors']>): Problem[] {
  const ids = collectors.map((one) => one?.id);
  const paths = collectors.map((one) => (one?.type === 'file' ? one.path : undefined));
  return collectors.flatMap((_, i) => [
    ...(ids[i] !== undefined && ids.indexOf(ids[i]) < i ? [notTheOnly(`collectors[${i}].id`, ids[i])] : []),
    // Two writers would cut off each other's records after a crash.
    ...(paths[i] !== undefined && paths.indexOf(paths[i]) < i ? [notTheOnly(`collectors[${i}].path`, paths[i])] : []),
  ]);
}

function stationProblems({ station = {}, track }: Partly<StationDocument>): Problem[] {
  const { latitude, longitude, horizon } = station;
  const found: Problem[] = [];
  if (track !== undefined && latitude === undefined)
    found.push(missing('station.latitude', 'needed to track satellites'));
  if ((latitude === undefined) !== (longitude === undefined))
    found.push(
      missing(`station.${latitude === undefined ? 'latitude' : 'longitude'}`, 'latitude and longitude go together'),
    );
  const points = (horizon ?? []).flatMap((point) =>
    point?.azimuth_deg === undefined || point.elevation_deg === undefined
      ? []
      : [{ azimuthDeg: point.azimuth_deg, elevationDeg: point.elevation_deg }],
  );
  try {
    if (points.length > 0) maskedHorizon(points);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    found.push({ path: 'station.horizon', value: undefined, expected: error.message });
  }
  return found;
}

function sdrIds(sdrs: readonly (Partly<Sdr> | undefined)[]): string[] {
  return sdrs.map((sdr, i) => sdr?.id ?? `sdr${i}`);
}

function missing(path: string, why: string): Problem {
  return { path, value: undefined, expected: `missing, ${why}` };
}

function notTheOnly(path: string, id: string): Problem {
  return { path, value: `'${id}'`, expected: 'different from the others' };
}

function disorder(range: readonly (number | undefined)[] | undefined, path: string): Problem[] {
  const [low, high] = range ?? [];
  if (low === undefined || high === undefined || low < high) return [];
  return [{ path, value: `[${low}, ${high}]`, expected: 'the lower one first' }];
}

type Signal = NonNullable<Extract<Sdr, { driver: 'simulator' }>['signals']>[number];

function signalProblems(signal: Partly<Signal>, path: string): Problem[] {
  if ((signal.satellite === undefined) === (signal.mode === undefined))
    return [{ path, value: undefined, expected: 'either satellite or mode is needed, and not both' }];
  if (signal.mode === undefined) return [];
  const found: Problem[] = [];
  if (signal.frequency_hz === undefined) found.push(missing(`${path}.frequency_hz`, 'needed with a mode'));
  try {
    parseMode(signal.mode);
  } catch (error) {
    if (!(error instanceof ModeError)) throw error;
    found.push({ path: `${path}.mode`, value: undefined, expected: error.message });
  }
  return found;
}
