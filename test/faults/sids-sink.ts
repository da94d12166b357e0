import { once } from 'node:events';
import { createServer } from 'node:http';

/** A SiDS server that remembers what it was sent, and answers as SatNOGS DB does; or not, as a test says. */
export interface SidsSink {
  readonly port: number;
  /** How often each frame came: by time of reception and bytes. */
  readonly received: ReadonlyMap<string, number>;
  /** 503 with Retry-After instead of an answer, for this share of the requests. */
  busyShare: number;
  /** 400, for frames whose bytes end so. */
  refuses: (hex: string) => boolean;
  close(): Promise<void>;
}

export const sidsKey = (time: string, hex: string): string => `${time} ${hex.toLowerCase()}`;

export async function sidsSink(random: () => number): Promise<SidsSink> {
  const received = new Map<string, number>();
  const sink: { busyShare: number; refuses: SidsSink['refuses'] } = { busyShare: 0, refuses: () => false };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      if (random() < sink.busyShare) {
        response.writeHead(503, { 'retry-after': '1' }).end('try later');
        return;
      }
      const form = new URLSearchParams(body);
      const [time, hex] = [form.get('timestamp') ?? '', form.get('frame') ?? ''];
      if (!/^\d+$/.test(form.get('noradID') ?? '') || time === '' || hex === '' || sink.refuses(hex)) {
        response.writeHead(400).end('not a frame');
        return;
      }
      const key = sidsKey(time, hex);
      received.set(key, (received.get(key) ?? 0) + 1);
      response.writeHead(201).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(sink, {
    port: (server.address() as { port: number }).port,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
