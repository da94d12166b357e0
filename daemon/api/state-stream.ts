import type { WebSocket } from 'ws';
import { closeCodes } from './frame-web-socket.ts';
import { heartbeat } from './heartbeat.ts';
import type { TrackingState } from './wire.ts';

/** The state of tracking to any number of WebSockets, once a second. */
export interface StateStream {
  readonly clients: number;
  add(socket: WebSocket): void;
  close(): void;
}

export interface StateStreamLimits {
  /** A client is pinged this often, and ended when it did not answer the ping before. */
  readonly pingMs: number;
  readonly clients: number;
}

const usualLimits: StateStreamLimits = { pingMs: 20_000, clients: 200 };
const stateEveryMs = 1000;
/** A client that is further behind gets the newest state later, and none of those in between. */
const mostBufferedBytes = 1 << 16;
const noTracking = 4004;

/** @param state null where no satellite is tracked */
export function makeStateStream(
  state: (() => TrackingState) | null,
  limits: StateStreamLimits = usualLimits,
): StateStream {
  /** Each with its heartbeat. */
  const clients = new Map<WebSocket, () => void>();
  const timers = [
    setInterval(() => {
      if (clients.size === 0 || state === null) return;
      const text = JSON.stringify(state());
      for (const socket of clients.keys()) if (socket.bufferedAmount < mostBufferedBytes) socket.send(text);
    }, stateEveryMs),
    setInterval(() => {
      for (const beat of clients.values()) beat();
    }, limits.pingMs / 4),
  ];
  for (const timer of timers) timer.unref();

  return {
    get clients() {
      return clients.size;
    },
    add(socket) {
      socket.on('error', () => socket.terminate());
      if (state === null) return socket.close(noTracking, 'no satellite is tracked');
      if (clients.size >= limits.clients) return socket.close(closeCodes.tooManyClients, 'too many clients');
      clients.set(socket, heartbeat(socket, limits.pingMs));
      socket.on('close', () => clients.delete(socket));
      socket.send(JSON.stringify(state()));
    },
    close() {
      for (const timer of timers) clearInterval(timer);
      for (const socket of clients.keys()) socket.close(closeCodes.goingAway, 'the station stops');
    },
  };
}
