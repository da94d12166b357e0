import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isoTimeExample, readIsoTime } from '../core/iso-time.ts';
import { badLine } from '../tracking/elements.ts';
import { ApiError } from './error.ts';
import type { GroundQuery } from './ground-report.ts';
import { checkToken } from './operator.ts';
import { offsetsReport } from './pass-offsets.ts';
import {
  calibrationTaken,
  choiceBody,
  elementsBody,
  elementsForgotten,
  elementsReport,
  elementsTaken,
  errorAnswer,
  groundQuery,
  groundReport,
  passesQuery,
  passList,
  passTrack,
  planReport,
  rigList,
  rotatorList,
  trackingState,
  trackParams,
  trackQuery,
  trackReport,
} from './schemas.ts';
import { makeStateStream } from './state-stream.ts';
import type {
  CalibrationTaken,
  ElementsForgotten,
  ElementsReport,
  ElementsTaken,
  GroundReport,
  PassList,
  PassOffsets,
  PassTrack,
  PlanReport,
  RigReport,
  RotatorReport,
  TrackingState,
  TrackReport,
} from './wire.ts';

type Choice = 'pinned' | 'skipped' | null;

/** A change of a pass that can't be, and why. */
export interface Refused {
  readonly code: 'NO_FIT' | 'PASS_OVER' | 'PASS_RUNNING' | 'PASS_SIMULATED';
  readonly reason: string;
}

/** What the API needs of a station that follows satellites. */
export interface TrackingSource {
  passes(query: {
    readonly sinceMs: number | null;
    readonly satellite: string | null;
    readonly limit: number;
  }): PassList;
  plan(): PlanReport;
  /** Null when there is no such pass; a reason where the elements have no answer. */
  passTrack(key: string): PassTrack | { readonly reason: string } | null;
  /** Null for a satellite without elements; a reason where they have no answer. */
  track(norad: number, atMs: number | null): TrackReport | { readonly reason: string } | null;
  /** A finished pass as a picture, PNG; null when there is none. */
  waterfall(key: string): Promise<Uint8Array | null>;
  /** As `track`. @throws RangeError for a query that can't be answered */
  ground(norad: number, query: GroundQuery): GroundReport | { readonly reason: string } | null;
  /** Null when no such pass was received. */
  offsets(key: string): PassOffsets | null;
  rotators(): readonly RotatorReport[];
  rigs(): readonly RigReport[];
  state(): TrackingState;
  /** Null when there is no such pass to come. */
  choose(key: string, choice: Choice): { readonly choice: Choice } | Refused | null;
  /** Takes over the frequency error that a finished pass measured; null when there is no such pass. */
  calibrate(key: string): Promise<CalibrationTaken | Refused | null>;
  elements(): ElementsReport;
  /** Takes in OMM, TLE or 3LE; `pinned` false takes the pins of their satellites away. */
  takeElements(text: string, pinned: boolean | undefined): ElementsTaken;
  /** Forgets what was taken in for a satellite; null when that was nothing. */
  forgetElements(norad: number): ElementsForgotten | null;
  /** What a client that changes the station must show. */
  readonly operatorToken: string;
}

const untracked = "no satellite is tracked: the settings have no 'track'";
const largestElements = 1 << 20;
/** Reasons for bad elements that one message tells. */
const mostReasons = 5;

export function addTrackingRoutes(
  app: FastifyInstance,
  source: TrackingSource | null,
  answers: (ok: object) => object,
): void {
  const tracking = (): TrackingSource => {
    if (source === null) throw new ApiError('NO_TRACKING', untracked);
    return source;
  };

  /** Before anything is read of the body: who may not change the station is told nothing else. */
  const onRequest = async (request: FastifyRequest): Promise<void> => checkToken(request, tracking().operatorToken);

  app.get<{ Querystring: { since?: string; satellite?: string; limit?: number } }>(
    '/api/passes',
    { schema: { summary: 'Passes', querystring: passesQuery, response: answers(passList) } },
    ({ query: { since, satellite, limit = 1000 } }): PassList =>
      source === null
        ? { passes: [], not_predicted: [], reason: untracked }
        : source.passes({
            sinceMs: since === undefined ? null : instant('since', since),
            satellite: satellite ?? null,
            limit,
          }),
  );
  app.get<{ Params: { key: string } }>(
    '/api/passes/:key/waterfall.png',
    {
      schema: {
        summary:
          'The signal of a finished pass as a picture: frequency across, time down, lines where its transmitters are expected',
        response: { '4xx': errorAnswer },
      },
    },
    async ({ params: { key } }, reply) => {
      const png = await tracking().waterfall(key);
      if (png === null)
        throw new ApiError(
          'NOT_FOUND',
          `there is no picture of a pass '${key.slice(0, 60)}': it is not over, was not received, or a simulator handed over no samples`,
        );
      return reply.type('image/png').send(Buffer.from(png.buffer, png.byteOffset, png.length));
    },
  );
  app.get<{ Params: { key: string } }>(
    '/api/passes/:key/track',
    { schema: { summary: "A pass's way over the sky", response: answers(passTrack) } },
    ({ params: { key } }) => {
      const track = tracking().passTrack(key);
      if (track === null) throw new ApiError('NOT_FOUND', `there is no pass '${key.slice(0, 60)}'`);
      if ('reason' in track) throw new ApiError('ORBIT_FAILED', track.reason);
      return track;
    },
  );
  app.get('/api/plan', { schema: { summary: 'What SDRs and rotators will do', response: answers(planReport) } }, () =>
    tracking().plan(),
  );
  app.get<{ Params: { norad: string }; Querystring: { at?: string } }>(
    '/api/track/:norad',
    {
      schema: {
        summary: 'Where a satellite is',
        params: trackParams,
        querystring: trackQuery,
        response: answers(trackReport),
      },
    },
    ({ params: { norad }, query: { at } }) => {
      const report = tracking().track(Number(norad), at === undefined ? null : instant('at', at));
      if (report === null) throw new ApiError('NOT_FOUND', `there are no elements of satellite ${norad}`);
      if ('reason' in report) throw new ApiError('ORBIT_FAILED', report.reason);
      return report;
    },
  );
  app.get<{ Params: { norad: string }; Querystring: { from?: string; to?: string; step_s?: number } }>(
    '/api/track/:norad/ground',
    {
      schema: {
        summary: 'The way of a satellite over the Earth',
        params: trackParams,
        querystring: groundQuery,
        response: answers(groundReport),
      },
    },
    ({ params: { norad }, query: { from, to, step_s: stepS = null } }) => {
      const fromMs = from === undefined ? null : instant('from', from);
      const toMs = to === undefined ? null : instant('to', to);
      const report = groundOf(tracking(), Number(norad), { fromMs, toMs, stepS });
      if (report === null) throw new ApiError('NOT_FOUND', `there are no elements of satellite ${norad}`);
      if ('reason' in report) throw new ApiError('ORBIT_FAILED', report.reason);
      return report;
    },
  );
  app.get<{ Params: { key: string } }>(
    '/api/passes/:key/offsets',
    { schema: { summary: 'What was measured of the carrier in a pass', response: answers(offsetsReport) } },
    ({ params: { key } }) => done(tracking().offsets(key), `there is no pass '${key.slice(0, 60)}' that was received`),
  );
  app.get('/api/rotator', { schema: { summary: 'Where the antennas are', response: answers(rotatorList) } }, () => ({
    rotators: source?.rotators() ?? [],
  }));
  app.get('/api/rigs', { schema: { summary: 'What the rigs are tuned to', response: answers(rigList) } }, () => ({
    rigs: source?.rigs() ?? [],
  }));

  app.get(
    '/api/elements',
    { schema: { summary: 'Orbital elements and their sources', response: answers(elementsReport) } },
    () => tracking().elements(),
  );

  app.put<{ Params: { key: string }; Body: { choice: Choice } }>(
    '/api/passes/:key/choice',
    {
      onRequest,
      schema: {
        summary: 'Pins or skips a pass; needs the operator token',
        body: choiceBody,
        response: answers(choiceBody),
      },
    },
    ({ params: { key }, body: { choice } }) =>
      done(tracking().choose(key, choice), `there is no pass '${key.slice(0, 60)}' to come`),
  );
  app.put<{ Params: { key: string } }>(
    '/api/passes/:key/calibration',
    {
      onRequest,
      schema: {
        summary: "Expects the satellite's transmitters where this pass heard them; needs the operator token",
        response: answers(calibrationTaken),
      },
    },
    async ({ params: { key } }) =>
      done(await tracking().calibrate(key), `there is no pass '${key.slice(0, 60)}' that was received`),
  );
  app.post<{ Body: { text: string; pinned?: boolean } }>(
    '/api/elements',
    {
      onRequest,
      bodyLimit: largestElements,
      schema: {
        summary: 'Takes in orbital elements as OMM JSON, TLE or 3LE; needs the operator token',
        body: elementsBody,
        response: answers(elementsTaken),
      },
    },
    ({ body: { text, pinned } }) => {
      const taken = tracking().takeElements(text, pinned);
      if (taken.satellites.length === 0) throw new ApiError('ELEMENTS_BAD', whyNone(taken));
      return taken;
    },
  );
  app.delete<{ Params: { norad: string } }>(
    '/api/elements/:norad',
    {
      onRequest,
      schema: {
        summary: 'Forgets the elements that were posted for a satellite; needs the operator token',
        params: trackParams,
        response: answers(elementsForgotten),
      },
    },
    ({ params: { norad } }) =>
      done(tracking().forgetElements(Number(norad)), `no elements were posted for satellite ${norad}`),
  );

  addStateStream(app, source);
}

function addStateStream(app: FastifyInstance, source: TrackingSource | null): void {
  const stream = makeStateStream(source && (() => source.state()));
  app.addHook('onClose', () => stream.close());
  app.route({
    method: 'GET',
    url: '/api/tracking/stream',
    schema: {
      summary: 'WebSocket: the state of tracking, once a second',
      response: { 101: trackingState, '4xx': errorAnswer },
    },
    handler: () => {
      throw new ApiError('UPGRADE_REQUIRED', 'this address speaks WebSocket');
    },
    wsHandler: (socket) => stream.add(socket),
  });
}

/** @throws ApiError BAD_QUERY */
function groundOf(source: TrackingSource, norad: number, query: GroundQuery): ReturnType<TrackingSource['ground']> {
  try {
    return source.ground(norad, query);
  } catch (error) {
    if (error instanceof RangeError) throw new ApiError('BAD_QUERY', error.message);
    throw error;
  }
}

function instant(name: string, text: string): number {
  const timeMs = readIsoTime(text);
  if (timeMs === null)
    throw new ApiError('BAD_QUERY', `${name}: '${text.slice(0, 40)}' should be a time like ${isoTimeExample}`);
  return timeMs;
}

/** @throws ApiError with the reason of what could not be done, or with `missing` */
function done<T extends object>(outcome: T | Refused | null, missing: string): T {
  if (outcome === null) throw new ApiError('NOT_FOUND', missing);
  if ('reason' in outcome) throw new ApiError(outcome.code, outcome.reason);
  return outcome;
}

function whyNone({ bad }: ElementsTaken): string {
  const shown = bad.slice(0, mostReasons).map(badLine);
  const more = bad.length > mostReasons ? `; and ${bad.length - mostReasons} more` : '';
  return `none of these elements can be used: ${shown.join('; ') || 'there are none'}${more}`;
}
