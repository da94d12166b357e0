import type { WebSocket } from 'ws';
import type { FrameSource } from './frame-source.ts';
import { heartbeat } from './heartbeat.ts';
import type { StoredFrame } from './wire.ts';

/** Why the station closes a stream, as WebSocket close codes (4000 to 4999 are free for applications). */
export const closeCodes = { goingAway: 1001, internalError: 1011, tooManyClients: 1013, tooSlow: 4008 } as const;

export interface StreamLimits {
  /** A client that has not taken a batch for this long is disconnected. */
  readonly slowMs: number;
  /** A client is pinged this often, and ended when it did not answer the ping before. */
  readonly pingMs: number;
  readonly clients: number;
}

export const usualStreamLimits: StreamLimits = { slowMs: 10_000, pingMs: 20_000, clients: 200 };

/**
 * Frames to any number of WebSockets. Each client has only a position in the ledger: what it has not taken yet is read
 * from there, a batch at a time, so a slow client costs one batch of memory and nobody else anything.
 */
export interface FrameStream {
  readonly clients: number;
  /** @param since send what is stored behind this seq, then what comes; null: only what comes */
  add(socket: WebSocket, since: number | null): void;
  /** Frames that are stored now, in order. */
  announce(frames: readonly StoredFrame[]): void;
  close(): void;
}

interface Client {
  readonly socket: WebSocket;
  /** seq of the last frame handed to the socket. */
  sent: number;
  /** When the batch under way was handed to the socket; null when it has taken everything. */
  sendingSince: number | null;
  readonly beat: () => void;
}

const batchFrames = 64;
/** A client that was told to go and does not, is cut off. */
const goodbyeMs = 2000;

export function makeFrameStream(source: FrameSource, limits: StreamLimits = usualStreamLimits): FrameStream {
  const clients = new Set<Client>();
  let newest = source.lastSeq();

  function end(client: Client, code: number, reason: string): void {
    clients.delete(client);
    client.socket.close(code, reason);
    setTimeout(() => client.socket.terminate(), goodbyeMs).unref();
  }

  /** Hands a batch to the socket; the next one follows when the operating system has taken this one. */
  function send(client: Client, frames: readonly { seq: number; text: string }[]): void {
    client.sendingSince = performance.now();
    frames.forEach(({ seq, text }, i) => {
      client.sent = seq;
      if (i < frames.length - 1) client.socket.send(text);
      else client.socket.send(text, () => advance(client));
    });
  }

  function advance(client: Client): void {
    client.sendingSince = null;
    if (!clients.has(client) || client.sent >= newest) return;
    try {
      const frames = source.frames({ since: client.sent, limit: batchFrames });
      if (frames.length > 0) send(client, frames.map(asText));
    } catch {
      end(client, closeCodes.internalError, 'the ledger cannot be read');
    }
  }

  function check(): void {
    const now = performance.now();
    for (const client of clients) {
      if (client.sendingSince !== null && now - client.sendingSince > limits.slowMs) {
        end(client, closeCodes.tooSlow, 'too slow: connect again with since=<seq of your last frame>');
      } else client.beat();
    }
  }

  const timer = setInterval(check, Math.min(limits.slowMs, limits.pingMs) / 4);
  timer.unref();

  return {
    get clients() {
      return clients.size;
    },
    add(socket, since) {
      const beat = heartbeat(socket, limits.pingMs);
      const client = { socket, sent: since ?? newest, sendingSince: null, beat };
      if (clients.size >= limits.clients) {
        end(client, closeCodes.tooManyClients, 'too many clients');
        return;
      }
      clients.add(client);
      // Without a listener a broken connection would end the process; 'close' follows in any case.
      socket.on('error', () => {});
      socket.on('close', () => clients.delete(client));
      advance(client);
    },
    announce(frames) {
      const last = frames.at(-1);
      if (last === undefined) return;
      newest = last.seq;
      const batch = frames.length <= batchFrames ? frames.map(asText) : null;
      for (const client of clients) {
        if (client.sendingSince !== null) continue;
        if (batch !== null && client.sent === batch[0]!.seq - 1) send(client, batch);
        else advance(client);
      }
    },
    close() {
      clearInterval(timer);
      for (const client of clients) end(client, closeCodes.goingAway, 'the station stops');
    },
  };
}

function asText(frame: StoredFrame): { seq: number; text: string } {
  return { seq: frame.seq, text: JSON.stringify(frame) };
}
