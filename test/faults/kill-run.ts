/**
 * A station that receives about 20 frames a second and delivers them to JetStream and to a SiDS server is killed with
 * SIGKILL again and again, while the network to both fails in every way. Afterwards each frame has to be where it belongs.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import WebSocket from 'ws';
import type { CollectorReport, StoredFrame } from '../../daemon/api/wire.ts';
import { planStream } from '../../daemon/network/stream.ts';
import { openLedgerForReading } from '../../daemon/store/ledger.ts';
import { prng } from '../../dsp/core/prng.ts';
import { downlinkd, type Running } from '../daemon/process.ts';
import { startNatsServer } from '../network/nats-server.ts';
import { type FlakyProxy, flakyProxy, type Weather } from './flaky-proxy.ts';
import { type SidsSink, sidsKey, sidsSink } from './sids-sink.ts';

export interface KillRun {
  readonly kills: number;
  readonly seed: number;
  /** How long a collector is away, the longest, s. */
  readonly longestAwayS: number;
  readonly say?: (line: string) => void;
}

export interface KillReport {
  readonly kills: number;
  readonly seconds: number;
  /** Frames in the ledger. */
  readonly frames: number;
  /** Frames that clients were told of. */
  readonly announced: number;
  readonly announcedNotInLedger: number;
  /** Numbers that are missing between the first and the last. */
  readonly gaps: number;
  readonly idsTwice: number;
  readonly stream: {
    readonly messages: number;
    readonly missing: number;
    readonly twice: number;
    readonly unknown: number;
  };
  readonly sids: {
    readonly missing: number;
    readonly repeats: number;
    readonly refused: number;
    readonly unknown: number;
  };
}

const weathers: readonly Weather[] = ['refuses', 'stalls', 'dropsAnswers', 'away'];
const fairShare = 0.5;
const drainMs = 240_000;
/** Frames that the server refuses for good: "SIMULATED nnnn17". */
const refusedNumber = /^53494d554c4154454420.{8}3137/i;

export async function killRun({ kills, seed, longestAwayS, say = () => {} }: KillRun): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'downlinkd-kills-'));
  const random = prng(seed);
  const nats = await startNatsServer(folder);
  const sids = await sidsSink(() => random.uniform());
  const natsProxy = await flakyProxy(Number(nats.address.split(':')[1]));
  const sidsProxy = await flakyProxy(sids.port);
  const announced = new Map<number, string>();
  const began = performance.now();
  let running: Running | null = null;
  try {
    const connection = await connect({ servers: nats.address });
    await planStream(await jetstreamManager(connection), {
      name: 'FRAMES',
      replicas: 1,
      maxAgeDays: null,
      maxBytes: null,
      // Short, so that it is not this alone that keeps doubles away.
      dedupWindowS: 5,
    });
    const config = (frameIntervalS: number) => {
      const path = join(folder, `every-${frameIntervalS}.yaml`);
      writeFileSync(path, settings(frameIntervalS, natsProxy.port, sidsProxy.port));
      return path;
    };
    const busy = config(0.05);
    const quiet = config(3600);
    sids.refuses = (hex) => refusedNumber.test(hex);

    const storm = new AbortController();
    const storms = [natsProxy, sidsProxy].map((proxy) =>
      blow(proxy, sids, prng(seed + proxy.port), longestAwayS, storm.signal),
    );
    for (let kill = 1; kill <= kills; kill++) {
      running = await start(busy, announced);
      await sleep(500 + 5000 * random.uniform());
      running.child.kill('SIGKILL');
      await running.exit();
      if (kill % 10 === 0) say(`${kill} kills, ${announced.size} frames announced, ${sids.received.size} at SiDS`);
    }
    storm.abort();
    await Promise.all(storms);
    sids.busyShare = 0;
    running = await start(quiet, announced);
    await drained(running);
    running.child.kill('SIGTERM');
    await running.exit();

    const stream = await messageIds(connection);
    await connection.close();
    return { kills, seconds: (performance.now() - began) / 1000, ...judge(folder, announced, stream, sids) };
  } finally {
    running?.child.kill('SIGKILL');
    for (const one of [natsProxy, sidsProxy, sids]) await one.close();
    await nats.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function settings(frameIntervalS: number, natsPort: number, sidsPort: number): string {
  const sdr = (id: string, seed: number) =>
    `  - { id: ${id}, driver: simulator, sample_rate: 96000, receive: [GOMX-3], start: mid-pass, ebn0_db: 30, ` +
    `frame_interval_s: ${frameIntervalS}, seed: ${seed} }`;
  return `
station: { callsign: N0CALL, latitude: 48.1, longitude: 11.6 }
data_folder: data
api: { port: 0 }
kiss: false
sdrs:
${sdr('a', 1)}
${sdr('b', 2)}
collectors:
  - { id: network, type: nats, servers: ['127.0.0.1:${natsPort}'], simulated_frames: true, timeout_s: 2 }
  - { id: db, type: sids, url: 'http://127.0.0.1:${sidsPort}/', simulated_frames: true, timeout_s: 2 }
`;
}

const urls = new WeakMap<Running, string>();

/** Starts the station, and notes what it tells its clients. */
async function start(config: string, announced: Map<number, string>): Promise<Running> {
  const running = downlinkd('run', '--config', config, '--log-level', 'error');
  const [, url] = await running.seen(/listens on (http:\S+)/);
  urls.set(running, url!);
  const socket = new WebSocket(
    `${url!.replace('http', 'ws')}/api/frames/stream?since=${Math.max(0, ...announced.keys())}`,
  );
  socket.on('message', (data) => {
    const { seq, id } = JSON.parse(String(data)) as StoredFrame;
    announced.set(seq, id);
  });
  socket.on('error', () => {});
  await Promise.race([once(socket, 'open'), running.exit()]);
  return running;
}

/** Makes the weather of one proxy, until it is told to end; then it is fair. */
async function blow(
  proxy: FlakyProxy,
  sids: SidsSink,
  random: ReturnType<typeof prng>,
  longestAwayS: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const fair = random.uniform() < fairShare;
    const weather = fair ? 'fair' : weathers[Math.floor(random.uniform() * weathers.length)]!;
    await proxy.set(weather);
    sids.busyShare = random.uniform() < 0.3 ? 0.5 : 0;
    const longestMs = weather === 'away' && random.uniform() < 0.1 ? longestAwayS * 1000 : 3000;
    await sleep(200 + longestMs * random.uniform(), signal);
  }
  await proxy.set('fair');
}

async function drained(running: Running): Promise<void> {
  const until = performance.now() + drainMs;
  for (;;) {
    const { collectors } = (await (await fetch(`${urls.get(running)}/api/collectors`)).json()) as {
      collectors: CollectorReport[];
    };
    if (collectors.every(({ queued, aside }) => queued === 0 && aside.length === 0)) return;
    if (performance.now() > until) throw new Error(`not delivered in time: ${JSON.stringify(collectors)}`);
    await sleep(200);
  }
}

/** The ids of all messages, in order. */
async function messageIds(connection: NatsConnection): Promise<string[]> {
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info('FRAMES');
  const ids: string[] = [];
  if (state.messages === 0) return ids;
  const consumer = await jetstream(connection).consumers.get('FRAMES');
  for await (const message of await consumer.consume()) {
    ids.push(message.headers?.get('Nats-Msg-Id') ?? '');
    if (message.info.pending === 0) break;
  }
  return ids;
}

function judge(folder: string, announced: ReadonlyMap<number, string>, stream: readonly string[], sids: SidsSink) {
  const ledger = openLedgerForReading(join(folder, 'data'));
  const frames: StoredFrame[] = [];
  for (let since = 0; ; since = frames.at(-1)!.seq) {
    const page = ledger.frames({ since, limit: 5000 });
    if (page.length === 0) break;
    frames.push(...page);
  }
  ledger.close();
  const ids = new Set(frames.map(({ id }) => id));
  const bySeq = new Map(frames.map(({ seq, id }) => [seq, id]));
  const inStream = new Set(stream);
  const wanted = frames.filter(({ frame }) => !sids.refuses(frame));
  const keys = new Set(wanted.map(({ time, frame }) => sidsKey(time ?? '', frame)));
  let repeats = 0;
  for (const count of sids.received.values()) repeats += count - 1;
  return {
    frames: frames.length,
    announced: announced.size,
    announcedNotInLedger: [...announced].filter(([seq, id]) => bySeq.get(seq) !== id).length,
    gaps: frames.filter(({ seq }, i) => seq !== i + 1).length,
    idsTwice: frames.length - ids.size,
    stream: {
      messages: stream.length,
      missing: frames.filter(({ id }) => !inStream.has(id)).length,
      twice: stream.length - inStream.size,
      unknown: [...inStream].filter((id) => !ids.has(id)).length,
    },
    sids: {
      missing: [...keys].filter((key) => !sids.received.has(key)).length,
      repeats,
      refused: frames.length - wanted.length,
      unknown: [...sids.received.keys()].filter((key) => !keys.has(key)).length,
    },
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** What a report says went wrong, in words. */
export function failuresOf({ frames, announcedNotInLedger, gaps, idsTwice, stream, sids }: KillReport): string[] {
  const counts: [number, string][] = [
    [announcedNotInLedger, 'frames were announced and are not in the ledger'],
    [gaps, 'gaps in the ledger'],
    [idsTwice, 'ids twice in the ledger'],
    [stream.missing, 'frames are not in the stream'],
    [stream.twice, 'frames are twice in the stream'],
    [stream.unknown, 'messages of the stream are no frames of the ledger'],
    [sids.missing, 'frames are not at the SiDS server'],
    [sids.unknown, 'frames of the SiDS server are not in the ledger'],
  ];
  const found = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return frames > 0 ? found : ['no frame was received', ...found];
}
