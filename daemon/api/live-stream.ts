import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { LiveFeed } from '../receiver/live-feed.ts';
import { ApiError } from './error.ts';
import { closeCodes } from './frame-web-socket.ts';
import { heartbeat } from './heartbeat.ts';
import { type LiveClient, liveClient } from './live-client.ts';
import { errorAnswer } from './schemas.ts';

/** What the SDRs receive now. */
export interface LiveSource {
  /** The capture under way, or why there is none. */
  of(sdr: string): { readonly capture: number; readonly feed: LiveFeed } | { readonly reason: string };
  /** A capture of this SDR began or ended. @returns ends it */
  onChange(listener: (sdr: string) => void): () => void;
  /** Time of what nothing else tells it, ms. */
  now(): number;
}

export interface LiveStreamLimits {
  /** A client is pinged this often, and ended when it did not answer the ping before. */
  readonly pingMs: number;
  readonly clients: number;
}

const usualLimits: LiveStreamLimits = { pingMs: 20_000, clients: 50 };

/** Waterfalls and looks into channels to any number of WebSockets; each is sent what it wishes for. */
export interface LiveStream {
  readonly clients: number;
  add(socket: WebSocket): void;
  close(): void;
}

export function makeLiveStream(source: LiveSource, limits: LiveStreamLimits = usualLimits): LiveStream {
  const clients = new Map<WebSocket, { readonly client: LiveClient; readonly beat: () => void }>();
  const unlisten = source.onChange((sdr) => {
    for (const { client } of clients.values()) client.changed(sdr);
  });
  const timer = setInterval(() => {
    for (const { beat } of clients.values()) beat();
  }, limits.pingMs / 4);
  timer.unref();
  return {
    get clients() {
      return clients.size;
    },
    add(socket) {
      socket.on('error', () => socket.terminate());
      if (clients.size >= limits.clients) return socket.close(closeCodes.tooManyClients, 'too many clients');
      const client = liveClient(socket, source);
      clients.set(socket, { client, beat: heartbeat(socket, limits.pingMs) });
      socket.on('close', () => {
        clients.delete(socket);
        client.close();
      });
    },
    close() {
      clearInterval(timer);
      unlisten();
      for (const [socket, { client }] of clients) {
        client.close();
        socket.close(closeCodes.goingAway, 'the station stops');
      }
    },
  };
}

export function addLiveStream(app: FastifyInstance, source: LiveSource): void {
  const stream = makeLiveStream(source);
  app.addHook('onClose', () => stream.close());
  app.route({
    method: 'GET',
    url: '/api/live/stream',
    schema: {
      summary: 'WebSocket: rows of the waterfall, and looks into a channel',
      description: streamText,
      response: { '4xx': errorAnswer },
    },
    handler: () => {
      throw new ApiError('UPGRADE_REQUIRED', 'this address speaks WebSocket');
    },
    wsHandler: (socket) => stream.add(socket),
  });
}

const streamText =
  'The client sends what it wishes for as JSON: {"waterfall": {"sdr", "bins", "rowsPerS", "pastRows", "lowHz", "highHz"}, "channel": ' +
  '{"sdr", "satellite", "transmitter"}}; what it leaves out it is not sent. Text messages tell of captures ({"kind": "capture" or ' +
  '"nothing"}) and of wrong wishes ({"code", "message"}); binary messages are rows and looks. A client that takes them too slowly gets ' +
  'the newest and none of those in between.';
