import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { StoredFrame } from '../api/wire.ts';
import { abortable } from '../core/abortable.ts';
import { systemCode } from '../core/error.ts';
import { networkReason } from '../core/network-error.ts';
import { kissRecord } from '../decode/kiss.ts';
import type { CollectorSettingsOf } from '../settings/settings.ts';
import type { Collector, CollectorContext, Outcome } from './collector.ts';
import { frameJson } from './frame-json.ts';

const batch = 64;
/** 65,535 less the headers of IPv4 and UDP. */
const mostBytes = 65_507;
/** How long a refusal of the other host (ICMP) may take to come back and still count for the frames it was for. */
const refusalMs = 20;

const datagrams: Readonly<
  Record<'raw' | 'kiss' | 'json', (frame: StoredFrame, context: CollectorContext) => Uint8Array>
> = {
  raw: ({ frame }) => Buffer.from(frame, 'hex'),
  kiss: ({ frame }) => kissRecord(Buffer.from(frame, 'hex'), null),
  json: (frame, context) => Buffer.from(frameJson(frame, context)),
};

/**
 * One datagram a frame. Nothing acknowledges it: a frame counts as accepted when the system took it and no refusal came back
 * within 20 ms.
 */
export function udpCollector(settings: CollectorSettingsOf<'udp'>, context: CollectorContext): Collector {
  const { host, port, format = 'raw' } = settings;
  const datagram = datagrams[format];
  let socket: Socket | null = null;
  let failure: Error | null = null;

  /** Resolves the name anew: the address may have changed since. */
  async function open(signal: AbortSignal): Promise<Socket> {
    const { address, family } = await abortable(lookup(host), signal);
    const opened = createSocket(family === 6 ? 'udp6' : 'udp4');
    try {
      // Connected, so that the system tells what comes back by ICMP.
      opened.connect(port, address);
      await once(opened, 'connect');
    } catch (error) {
      opened.close();
      throw error;
    }
    failure = null;
    opened.on('error', (error) => {
      failure = error;
    });
    return opened;
  }

  function close(): void {
    socket?.close();
    socket = null;
  }

  return {
    batch,
    async deliver(frames, signal) {
      const outcomes: Outcome[] = [];
      try {
        socket ??= await open(signal);
        // Too late for the frames that it was for.
        if (failure !== null) throw failure;
        for (const frame of frames) {
          const bytes = datagram(frame, context);
          outcomes.push((await send(socket, bytes)) ? { kind: 'accepted' } : tooLarge(bytes.length));
        }
        if (failure === null) await sleep(refusalMs);
        // A program that was held up is told of the end of the wait before it is told of what came meanwhile.
        if (failure === null) await nextTurn();
        if (failure !== null) throw failure;
        return outcomes;
      } catch (error) {
        close();
        const reason = `${host}:${port} by UDP: ${networkReason(error)}`;
        const later: Outcome = { kind: 'later', scope: 'collector', reason };
        // A refusal doesn't say of which datagram: all that went out may be lost.
        return frames.map((_, i) => (outcomes[i]?.kind === 'refused' ? outcomes[i] : later));
      }
    },
    async close() {
      close();
    },
  };
}

/** @returns whether it fits in a datagram. @throws the error of the system */
async function send(socket: Socket, bytes: Uint8Array): Promise<boolean> {
  if (bytes.length > mostBytes) return false;
  return new Promise((resolve, reject) => {
    socket.send(bytes, (error) => {
      if (error === null) resolve(true);
      else if (systemCode(error) === 'EMSGSIZE') resolve(false);
      else reject(error);
    });
  });
}

function tooLarge(bytes: number): Outcome {
  return { kind: 'refused', reason: `${bytes} bytes are too many for a datagram, ${mostBytes} is the most` };
}
