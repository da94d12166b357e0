import type { FastifyInstance } from 'fastify';
import { ApiError } from './error.ts';
import { followByEvents } from './frame-events.ts';
import { type FrameFilter, makeFrameFilter } from './frame-filter.ts';
import type { FrameFollowers } from './frame-followers.ts';
import { type FrameSource, readOn } from './frame-source.ts';
import { followByWebSocket } from './frame-web-socket.ts';
import { errorAnswer, framesPage, framesQuery, lastEventId, storedFrame, streamQuery } from './schemas.ts';
import type { FramesPage, StoredFrame } from './wire.ts';

export interface FrameDeps {
  readonly frames: FrameSource;
  /**
   * The name under which frames of that satellite are stored, whatever of its names or numbers is given.
   * @throws ApiError SATELLITE_UNKNOWN, SATELLITE_AMBIGUOUS
   */
  readonly satelliteName: (nameOrNorad: string) => string;
}

interface FilterQuery {
  satellite?: string[];
  simulated?: boolean;
}
interface StreamQuery extends FilterQuery {
  since?: number;
}

const defaultLimit = 100;

/** Stored frames by pages, and new ones by WebSocket and as server-sent events. */
export function addFrameRoutes(
  app: FastifyInstance,
  { frames, satelliteName }: FrameDeps,
  followers: FrameFollowers,
  answers: (ok: object) => object,
): void {
  const filterOf = ({ satellite = [], simulated }: FilterQuery): FrameFilter =>
    makeFrameFilter(satellite.map(satelliteName), simulated ?? null);

  app.get<{ Querystring: StreamQuery & { limit?: number } }>(
    '/api/frames',
    { schema: { summary: 'Stored frames', querystring: framesQuery, response: answers(framesPage) } },
    ({ query }) => pageOf(frames, query.since ?? 0, query.limit ?? defaultLimit, filterOf(query)),
  );

  app.route<{ Querystring: StreamQuery }>({
    method: 'GET',
    url: '/api/frames/stream',
    schema: {
      summary: 'WebSocket: one frame a text message',
      description: streamText,
      querystring: streamQuery,
      response: { 101: storedFrame, '4xx': errorAnswer },
    },
    // Before the upgrade, when an error is still an answer of HTTP.
    preHandler: async ({ query }) => void filterOf(query),
    handler: () => {
      throw new ApiError('UPGRADE_REQUIRED', 'this address speaks WebSocket');
    },
    wsHandler: (socket, { query, raw }) =>
      followByWebSocket(followers, socket, raw.socket, query.since ?? null, filterOf(query)),
  });

  app.route<{ Querystring: StreamQuery; Headers: { 'last-event-id'?: number } }>({
    method: 'GET',
    url: '/api/frames/events',
    exposeHeadRoute: false,
    schema: {
      summary: 'Server-sent events: one frame an event, its seq is the id',
      description: eventsText,
      querystring: streamQuery,
      headers: lastEventId,
      response: { '4xx': errorAnswer },
    },
    handler: ({ query, headers }, reply) => {
      if (followers.full) throw new ApiError('TOO_MANY_CLIENTS', 'too many clients: try again later');
      followByEvents(followers, reply, headers['last-event-id'] ?? query.since ?? null, filterOf(query));
    },
  });
}

/** However few frames of a long ledger are wanted, others have their turn while they are looked for. */
async function pageOf(source: FrameSource, since: number, limit: number, filter: FrameFilter): Promise<FramesPage> {
  const newest = source.lastSeq();
  const found: StoredFrame[] = [];
  let next = since;
  while (next < newest && found.length < limit) {
    const step = readOn(source, next, newest, filter, limit - found.length);
    found.push(...step.frames);
    next = step.at;
    if (next < newest && found.length < limit) await new Promise(setImmediate);
  }
  return { frames: found, next };
}

const streamText =
  'Each text message is one stored frame, in order of seq; of those that the filter lets through none is left out, none comes twice. ' +
  'Close code 4008: the client was too slow; connect again with since=<seq of the last frame>.';
const eventsText =
  'Frames as in /api/frames/stream. A client that connects again sends Last-Event-ID, as browsers do by themselves, or since=<last id>.';
