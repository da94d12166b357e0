import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { webSocketMessage } from './frame-encoding.ts';
import type { FrameFilter } from './frame-filter.ts';
import type { EndReason, FrameFollowers } from './frame-followers.ts';
import { heartbeat } from './heartbeat.ts';

/** Why the station closes a stream, as WebSocket close codes (4000 to 4999 are free for applications). */
export const closeCodes = { goingAway: 1001, internalError: 1011, tooManyClients: 1013, tooSlow: 4008 } as const;

const endings = {
  stationStops: { code: closeCodes.goingAway, text: 'the station stops' },
  ledgerFails: { code: closeCodes.internalError, text: 'the ledger cannot be read' },
  tooSlow: { code: closeCodes.tooSlow, text: 'too slow: connect again with since=<seq of your last frame>' },
} as const satisfies Record<EndReason, { code: number; text: string }>;

/** A client that was told to go and does not, is cut off. */
const goodbyeMs = 2000;

/**
 * Frames to a WebSocket, one a text message.
 * @param connection what the WebSocket runs on: messages that many clients share are written there as they are
 */
export function followByWebSocket(
  followers: FrameFollowers,
  socket: WebSocket,
  connection: Socket,
  since: number | null,
  filter: FrameFilter,
): void {
  const close = (code: number, reason: string) => {
    socket.close(code, reason);
    setTimeout(() => socket.terminate(), goodbyeMs).unref();
  };
  // Without a listener a broken connection would end the process; 'close' follows in any case.
  socket.on('error', () => {});
  if (followers.full) {
    close(closeCodes.tooManyClients, 'too many clients');
    return;
  }

  const leave = followers.add(
    {
      encode: webSocketMessage,
      write(bytes, taken) {
        // Nothing may follow a close message; the client is gone in a moment.
        if (socket.readyState === socket.OPEN) connection.write(bytes, () => taken());
      },
      // Called when a ping is due.
      beat: heartbeat(socket, 0),
      end: (reason) => close(endings[reason].code, endings[reason].text),
    },
    since,
    filter,
  );
  socket.on('close', leave);
}
