import type { FastifyReply } from 'fastify';
import { serverSentEvent } from './frame-encoding.ts';
import type { FrameFilter } from './frame-filter.ts';
import type { FrameFollowers } from './frame-followers.ts';

/** How soon a browser connects again. */
const reconnectMs = 2000;

/** Frames as server-sent events, in the answer of a request. */
export function followByEvents(
  followers: FrameFollowers,
  reply: FastifyReply,
  since: number | null,
  filter: FrameFilter,
): void {
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, { ...reply.getHeaders(), 'content-type': 'text/event-stream' } as Record<string, string>);
  response.write(`retry: ${reconnectMs}\n\n`);
  // Without a listener a broken connection would end the process; 'close' follows in any case.
  response.on('error', () => {});
  const leave = followers.add(
    {
      encode: serverSentEvent,
      write: (bytes, taken) => response.write(bytes, () => taken()),
      beat() {
        if (response.writableLength === 0) response.write(': nothing new\n\n');
      },
      end(reason) {
        if (reason === 'stationStops') response.end();
        else response.destroy();
      },
    },
    since,
    filter,
  );
  response.on('close', leave);
}
