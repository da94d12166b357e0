import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import { type FastifyError, type FastifyInstance, type FastifySchemaValidationError, fastify } from 'fastify';
import { StationError, systemCode } from '../core/error.ts';
import { ApiError } from './error.ts';
import type { FrameSource } from './frame-source.ts';
import { makeFrameStream, type StreamLimits } from './frame-stream.ts';
import type { Page } from './page.ts';
import {
  errorAnswer,
  framesPage,
  framesQuery,
  satelliteList,
  statusReport,
  storedFrame,
  streamQuery,
} from './schemas.ts';
import { addTrackingRoutes, type TrackingSource } from './tracking-routes.ts';
import { makeTrustCheck } from './trust.ts';
import type { FramesPage, SatelliteEntry, StatusReport, StoredFrame } from './wire.ts';

export interface ApiDeps {
  readonly version: string;
  readonly frames: FrameSource;
  readonly status: () => Omit<StatusReport, 'stream_clients'>;
  readonly satellites: () => readonly SatelliteEntry[];
  /** The name under which frames of that satellite are stored, whatever of its names or numbers is given. */
  readonly satelliteName: (nameOrNorad: string) => string;
  /** Null where no satellite is tracked. */
  readonly tracking: TrackingSource | null;
  readonly page: Page;
  /** Called with what is the program's own fault. */
  readonly onError: (error: unknown) => void;
  readonly streamLimits?: StreamLimits;
}

export interface Api {
  /** For tests without a socket. */
  readonly app: FastifyInstance;
  announce(frames: readonly StoredFrame[]): void;
  /** @returns the address as a URL. @throws StationError PORT_IN_USE, PORT_UNAVAILABLE */
  listen(port: number): Promise<string>;
  close(): Promise<void>;
}

const defaultLimit = 100;
/** Clients of a stream have nothing to say. */
const largestClientMessage = 1024;

/** @param host the address to listen on, which is also a name that the API answers to */
export async function makeApi(host: string, deps: ApiDeps): Promise<Api> {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    // Verbose: messages tell what the schema says a value is.
    ajv: { customOptions: { removeAdditional: false, allErrors: true, verbose: true } },
  });
  // Bodies are JSON; what says that it is text is told so.
  app.removeContentTypeParser('text/plain');
  const trust = makeTrustCheck(host);
  const stream = makeFrameStream(deps.frames, deps.streamLimits);

  // The schemas document answers; they must not cut fields off.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const answer = asApiError(error);
    if (answer.code === 'INTERNAL') deps.onError(error);
    return reply.code(answer.statusCode).send(answer.answer);
  });
  app.setNotFoundHandler((request) => {
    throw new ApiError('NOT_FOUND', `there is no ${request.method} ${request.url.split('?')[0]!.slice(0, 100)}`);
  });
  // Before the hook below: the plug-in has to know a refused WebSocket for one to close its connection.
  await app.register(websocket, { options: { maxPayload: largestClientMessage } });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    trust(request.headers.host, request.headers.origin);
  });
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'downlinkd', description: openApiText, version: deps.version } },
  });
  const answers = (ok: object) => ({ 200: ok, '4xx': errorAnswer });

  app.get('/api/status', { schema: { summary: 'State of the station', response: answers(statusReport) } }, () => ({
    ...deps.status(),
    stream_clients: stream.clients,
  }));

  app.get<{ Querystring: { since?: number; limit?: number; satellite?: string } }>(
    '/api/frames',
    { schema: { summary: 'Stored frames', querystring: framesQuery, response: answers(framesPage) } },
    ({ query: { since = 0, limit = defaultLimit, satellite } }): FramesPage => {
      const name = satellite === undefined ? undefined : deps.satelliteName(satellite);
      const frames = deps.frames.frames({ since, limit, satellite: name });
      return { frames, next: frames.at(-1)?.seq ?? since };
    },
  );

  app.get(
    '/api/satellites',
    { schema: { summary: 'Known satellites and their transmitters', response: answers(satelliteList) } },
    () => ({ satellites: deps.satellites() }),
  );

  addTrackingRoutes(app, deps.tracking, answers);

  app.route<{ Querystring: { since?: number } }>({
    method: 'GET',
    url: '/api/frames/stream',
    schema: {
      summary: 'WebSocket: one frame a text message',
      description: streamText,
      querystring: streamQuery,
      response: { 101: storedFrame, '4xx': errorAnswer },
    },
    handler: () => {
      throw new ApiError('UPGRADE_REQUIRED', 'this address speaks WebSocket');
    },
    wsHandler: (socket, { query: { since } }) => stream.add(socket, since ?? null),
  });

  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html').header('content-security-policy', deps.page.contentSecurityPolicy).send(deps.page.html),
  );
  await app.ready();

  return {
    app,
    announce: (frames) => stream.announce(frames),
    async listen(port) {
      try {
        return await app.listen({ host, port });
      } catch (cause) {
        throw listenError(host, port, cause);
      }
    },
    async close() {
      stream.close();
      await app.close();
    },
  };
}

const openApiText =
  'A satellite ground station: frames received, and the state of the receivers. Errors are {code, message} with a stable code.';
const streamText =
  'Each text message is one stored frame, in order of seq, none left out, none twice. ' +
  'Close code 4008: the client was too slow; connect again with since=<seq of the last frame>.';

function asApiError(error: FastifyError | ApiError): ApiError {
  if (error instanceof ApiError) return error;
  if (error.validation) {
    return new ApiError('BAD_QUERY', error.validation.map(problemOf).join('; '));
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new ApiError('BAD_QUERY', "send the body as JSON, with 'Content-Type: application/json'");
  if (error.statusCode !== undefined && error.statusCode < 500) return new ApiError('BAD_QUERY', error.message);
  return new ApiError('INTERNAL', 'internal error: see the log of the station');
}

function problemOf(problem: FastifySchemaValidationError): string {
  const { instancePath, keyword, message } = problem;
  const name = instancePath.slice(1) || 'what is sent';
  const params = problem.params as { additionalProperty?: string; allowedValues?: readonly unknown[] };
  const { description } = (problem as { parentSchema?: { description?: string } }).parentSchema ?? {};
  if (params.additionalProperty !== undefined)
    return `there is no parameter '${params.additionalProperty.slice(0, 100)}'`;
  if (params.allowedValues !== undefined)
    return `${name} must be one of ${params.allowedValues.map((value) => JSON.stringify(value)).join(', ')}`;
  if (keyword === 'pattern' && description !== undefined) return `${name} must be ${description}`;
  return `${name} ${message}`;
}

function listenError(host: string, port: number, cause: unknown): StationError {
  const code = systemCode(cause);
  if (code === 'EADDRINUSE') {
    return new StationError('PORT_IN_USE', `port ${port} on ${host} is in use by another program`, { cause });
  }
  const why = code === 'EACCES' ? 'not permitted' : code === 'EADDRNOTAVAIL' ? 'not an address of this machine' : code;
  return new StationError('PORT_UNAVAILABLE', `cannot listen on ${host}, port ${port}: ${why}`, { cause });
}
