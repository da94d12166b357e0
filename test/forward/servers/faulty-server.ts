import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a server can do instead of its work. */
export type Fault =
  /** Answers so, and does not do its work. */
  | Reply
  | 'never answers'
  | 'breaks the connection before its work'
  | 'breaks the connection after its work'
  | 'does not speak HTTP'
  | 'answers without end'
  | 'answers half'
  | 'answers 1 MB';

/** A server on this computer that does its work by `handle`, or has a fault as long as one is set. */
export async function faultyServer(handle: (request: Received) => Reply | Promise<Reply>) {
  const received: Received[] = [];
  const server = {
    url: '',
    /** All requests, also those that met a fault. */
    received,
    fault: null as Fault | null,
    async close() {
      if (!http.listening) return;
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  const http = createServer(async (message, response) => {
    const url = new URL(message.url!, server.url);
    const request = { method: message.method!, url, headers: message.headers, body: await buffer(message) };
    received.push(request);
    const { fault } = server;
    if (fault === null) return send(response, await handle(request));
    if (typeof fault === 'object') return send(response, fault);
    if (fault === 'never answers') return;
    if (fault === 'breaks the connection before its work') return response.destroy();
    if (fault === 'does not speak HTTP') return message.socket.end('\u0000\u0007 nonsense\r\n\r\n');
    const { status } = await handle(request);
    if (fault === 'breaks the connection after its work') return response.destroy();
    if (fault === 'answers 1 MB') return send(response, { status, body: ' '.repeat(1_000_000) });
    if (fault === 'answers half') {
      response.writeHead(status, { 'content-length': '100' }).write('half');
      return setImmediate(() => response.destroy());
    }
    response.writeHead(status);
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return server;
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, headers).end(body);
}
