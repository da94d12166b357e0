import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { kissRecord } from '../decode/kiss.ts';
import { encodeOnce } from './frame-encoding.ts';
import { everyFrame } from './frame-filter.ts';
import type { FrameFollowers } from './frame-followers.ts';
import { listenError } from './listen-error.ts';

export interface KissServer {
  /** Where it listens. */
  readonly port: number;
  close(): Promise<void>;
}

/** A connection that says nothing for so long is asked by TCP whether it is still there. */
const keepAliveMs = 60_000;
/** A client that does not take the rest is cut off when the station stops. */
const goodbyeMs = 500;

export interface KissSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** A timestamp frame comes before each frame of known time. */
  readonly timestamps: boolean;
}

/**
 * New frames to every client that connects, as KISS data frames of port 0. What clients send is dropped.
 * @throws StationError PORT_IN_USE, PORT_UNAVAILABLE
 */
export async function startKissServer(
  followers: FrameFollowers,
  { host, port, timestamps }: KissSettings,
): Promise<KissServer> {
  const encode = encodeOnce(({ frame, time }) =>
    kissRecord(Buffer.from(frame, 'hex'), timestamps && time !== null ? new Date(time) : null),
  );
  const connections = new Set<Socket>();

  function serve(socket: Socket): void {
    // Without a listener a broken connection would end the process; 'close' follows in any case.
    socket.on('error', () => {});
    if (followers.full) {
      socket.destroy();
      return;
    }
    connections.add(socket);
    socket.resume();
    const leave = followers.add(
      {
        encode,
        write: (bytes, taken) => socket.write(bytes, () => taken()),
        beat() {},
        end(reason) {
          if (reason === 'stationStops') socket.end();
          else socket.destroy();
        },
      },
      null,
      everyFrame,
    );
    socket.on('close', () => {
      connections.delete(socket);
      leave();
    });
  }

  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs }, serve);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw listenError('kiss.port', host, port, cause);
  }
  return {
    port: (server.address() as { port: number }).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of connections) socket.destroySoon();
      const cut = setTimeout(() => {
        for (const socket of connections) socket.destroy();
      }, goodbyeMs);
      await closed;
      clearTimeout(cut);
    },
  };
}
