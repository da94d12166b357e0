/** The clients' half of the bench of many clients, in a process of its own. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export type ListenerOrder =
  | { readonly do: 'connect'; readonly url: string; readonly clients: number; readonly stalled: number }
  | { readonly do: 'report'; readonly frames: number; readonly withinMs: number };

export interface ListenerReport {
  /** Clients that got every frame once and in order. */
  readonly complete: number;
  /** What went wrong first with the others. */
  readonly faults: readonly string[];
  /** From append to receipt. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly cpuSeconds: number;
}

interface Client {
  readonly socket: WebSocket;
  last: number;
  fault: string | null;
}

/** Connections under way at a time. */
const atOnce = 100;
/** Latencies are counted in steps of 0.1 ms up to a minute. */
const stepsPerMs = 10;
const latencies = new Uint32Array(60_000 * stepsPerMs);
const reading: Client[] = [];
const stalledSockets: WebSocket[] = [];

async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/frames/stream?since=0`, { perMessageDeflate: false });
  await once(socket, 'open');
  socket.on('error', () => {});
  return socket;
}

/** `{"seq":123,…,"sample":1790000000000000,…}` without parsing all of it: the clients share two cores with the station. */
const sampleKey = Buffer.from('"sample":');
function numberAt(text: Buffer, start: number): number {
  let value = 0;
  for (let i = start; text[i]! >= 0x30 && text[i]! <= 0x39; i++) value = 10 * value + text[i]! - 0x30;
  return value;
}

function listen(client: Client): void {
  client.socket.on('message', (data: Buffer) => {
    const seq = numberAt(data, '{"seq":'.length);
    if (seq !== client.last + 1) client.fault ??= `${seq} follows ${client.last}`;
    client.last = seq;
    const bornUs = numberAt(data, data.indexOf(sampleKey) + sampleKey.length);
    const ms = performance.timeOrigin + performance.now() - bornUs / 1000;
    latencies[Math.max(0, Math.min(latencies.length - 1, Math.floor(ms * stepsPerMs)))]!++;
  });
  client.socket.on('close', (code) => {
    client.fault ??= `closed with ${code} behind ${client.last}`;
  });
}

function quantileMs(share: number): number {
  const wanted = share * latencies.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  const step = latencies.findIndex((count) => {
    seen += count;
    return count > 0 && seen >= wanted;
  });
  return (step + 1) / stepsPerMs;
}

process.on('message', async (order: ListenerOrder) => {
  if (order.do === 'connect') {
    for (let i = 0; i < order.clients; i += atOnce) {
      const batch = Array.from({ length: Math.min(atOnce, order.clients - i) }, () => connect(order.url));
      for (const socket of await Promise.all(batch)) {
        if (stalledSockets.length < order.stalled) {
          socket.pause();
          stalledSockets.push(socket);
        } else {
          const client = { socket, last: 0, fault: null };
          listen(client);
          reading.push(client);
        }
      }
    }
    process.send!('connected');
    return;
  }
  const deadline = performance.now() + order.withinMs;
  const waiting = () => reading.some(({ last, fault }) => last < order.frames && fault === null);
  while (waiting() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  const faults = reading.flatMap(({ last, fault }) => fault ?? (last === order.frames ? [] : `stays at ${last}`));
  const { user, system } = process.cpuUsage();
  const report: ListenerReport = {
    complete: reading.length - faults.length,
    faults: faults.slice(0, 5),
    latencyMs: { p50: quantileMs(0.5), p99: quantileMs(0.99), max: quantileMs(1) },
    cpuSeconds: (user + system) / 1e6,
  };
  process.send!(report, () => process.exit(0));
});
