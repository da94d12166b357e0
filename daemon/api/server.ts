import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import { type FastifyError, type FastifyInstance, type FastifySchemaValidationError, fastify } from 'fastify';
import { ApiError } from './error.ts';
import { type FollowerLimits, makeFrameFollowers } from './frame-followers.ts';
import { addFrameRoutes, type FrameDeps } from './frame-routes.ts';
import { type KissServer, type KissSettings, startKissServer } from './kiss-server.ts';
import { listenError } from './listen-error.ts';
import type { Page } from './page.ts';
import { errorAnswer, satelliteList, statusReport } from './schemas.ts';
import { addTrackingRoutes, type TrackingSource } from './tracking-routes.ts';
import { makeTrustCheck } from './trust.ts';
import type { SatelliteEntry, StatusReport, StoredFrame } from './wire.ts';

export interface ApiDeps extends FrameDeps {
  readonly version: string;
  readonly status: () => Omit<StatusReport, 'stream_clients'>;
  readonly satellites: () => readonly SatelliteEntry[];
  /** Null where no satellite is tracked. */
  readonly tracking: TrackingSource | null;
  readonly page: Page;
  /** Called with what is the program's own fault. */
  readonly onError: (error: unknown) => void;
  /** Null: no KISS server. */
  readonly kiss: KissSettings | null;
  readonly followerLimits?: FollowerLimits;
}

export interface Api {
  /** For tests without a socket. */
  readonly app: FastifyInstance;
  announce(frames: readonly StoredFrame[]): void;
  /** Stored frames are not what they were when they were announced. */
  framesChanged(): void;
  /** Port of the KISS server; null when there is none. */
  readonly kissPort: number | null;
  /** Starts HTTP and KISS. @returns the address of HTTP as a URL. @throws StationError PORT_IN_USE, PORT_UNAVAILABLE */
  listen(port: number): Promise<string>;
  close(): Promise<void>;
}

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
  const trust = makeTrustCheck(host);
  const followers = makeFrameFollowers(deps.frames, deps.followerLimits);
  let kiss: KissServer | null = null;

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
    stream_clients: followers.clients,
  }));

  addFrameRoutes(app, deps, followers, answers);

  app.get(
    '/api/satellites',
    { schema: { summary: 'Known satellites and their transmitters', response: answers(satelliteList) } },
    () => ({ satellites: deps.satellites() }),
  );

  addTrackingRoutes(app, deps.tracking, answers);

  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html').header('content-security-policy', deps.page.contentSecurityPolicy).send(deps.page.html),
  );
  await app.ready();

  return {
    app,
    announce: (frames) => followers.announce(frames),
    framesChanged: () => followers.forget(),
    get kissPort() {
      return kiss?.port ?? null;
    },
    async listen(port) {
      const url = await app.listen({ host, port }).catch((cause: unknown) => {
        throw listenError('api.port', host, port, cause);
      });
      if (deps.kiss !== null) kiss = await startKissServer(followers, deps.kiss);
      return url;
    },
    async close() {
      followers.close();
      await kiss?.close();
      await app.close();
    },
  };
}

const openApiText =
  'A satellite ground station: frames received, and the state of the receivers. Errors are {code, message} with a stable code.';

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
  const name = instancePath.slice(1);
  const params = problem.params as { additionalProperty?: string; allowedValues?: readonly unknown[] };
  const { description } = (problem as { parentSchema?: { description?: string } }).parentSchema ?? {};
  if (params.additionalProperty !== undefined)
    return `there is no parameter '${params.additionalProperty.slice(0, 100)}'`;
  if (params.allowedValues !== undefined)
    return `${name} must be one of ${params.allowedValues.map((value) => JSON.stringify(value)).join(', ')}`;
  if (keyword === 'pattern' && description !== undefined) return `${name} must be ${description}`;
  return `${name} ${message}`;
}
