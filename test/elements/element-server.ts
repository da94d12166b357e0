import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that counts requests and answers as told. */
export async function elementServer() {
  const requests: IncomingMessage[] = [];
  const server = {
    requests,
    url: '',
    answer: ((response) => response.end('')) as Answer,
    async close() {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  const http = createServer((request, response) => {
    requests.push(request);
    server.answer(response, request);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/gp.php`;
  return server;
}

export const text =
  (body: string | Uint8Array, headers: Record<string, string> = {}, status = 200): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);
