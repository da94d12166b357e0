import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import { type FastifyError, type FastifyInstance, fastify } from 'fastify';
import { asApiError } from './as-api-error.ts';
import { addCollectorRoutes, type CollectorSource } from './collector-routes.ts';
import { addControlRoutes, type ControlSource } from './control-routes.ts';
import { ApiError } from './error.ts';
import { type FollowerLimits, makeFrameFollowers } from './frame-followers.ts';
import { addFrameRoutes, type FrameDeps } from './frame-routes.ts';
import { type KissServer, type KissSettings, startKissServer } from './kiss-server.ts';
import { listenError } from './listen-error.ts';
import { addLiveStream, type LiveSource } from './live-stream.ts';
import { addPage } from './page.ts';
import { errorAnswer, statusReport } from './schemas.ts';
import { addTelemetryRoute } from './telemetry-route.ts';
import { addTrackingRoutes, type TrackingSource } from './tracking-routes.ts';
import { makeTrustCheck } from './trust.ts';
import type { SatelliteEntry, StatusReport, StoredFrame, TelemetryReport } from './wire.ts';

export interface ApiDeps extends FrameDeps {
  readonly version: string;
  readonly status: () => Omit<StatusReport, 'stream_clients'>;
  readonly satellites: () => readonly SatelliteEntry[];
  /** What a frame says. */
  readonly telemetry: (frame: StoredFrame) => TelemetryReport;
  /** Null where nothing is delivered. */
  readonly collectors: CollectorSource | null;
  /** Null where no satellite is tracked. */
  readonly tracking: TrackingSource | null;
  readonly live: LiveSource;
  /** Null where the station can't be changed. */
  readonly control: ControlSource | null;
  /** Folder of the built page. */
  readonly pageFolder: string;
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
  // Bodies are JSON; what says that it is text is told so.
  app.removeContentTypeParser('text/plain');
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

  addControlRoutes(app, deps.satellites, deps.control, answers);
  addCollectorRoutes(app, deps.frames, deps.collectors, answers);
  addTelemetryRoute(app, deps.frames, deps.telemetry, answers);
  addTrackingRoutes(app, deps.tracking, answers);
  addLiveStream(app, deps.live);

  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await addPage(app, deps.pageFolder);
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
