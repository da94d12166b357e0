import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import { openDeliveryStore } from '../../daemon/forward/delivery-store.ts';
import { openLedger } from '../../daemon/store/ledger.ts';
import { downlinkd, type Running } from '../daemon/process.ts';
import { sampleFrame } from '../store/sample-frame.ts';

export interface BacklogReport {
  readonly frames: number;
  /** From the start of the process to an API that answers, without frames and with them. */
  readonly emptyStartS: number;
  readonly startS: number;
  readonly deliveredS: number;
  readonly framesPerS: number;
  /** Resident memory of the station: when the first batch came, half-way, at the end, and the most. */
  readonly rssMb: { readonly first: number; readonly half: number; readonly end: number; readonly most: number };
  readonly missing: number;
  readonly twice: number;
  readonly outOfOrder: number;
}

/** Frames written to the ledger at a time. */
const atOnce = 5000;
/** Frames of a station are about this long. */
const frameBytes = 200;

export async function backlogRun(frames: number, say: (line: string) => void = () => {}): Promise<BacklogReport> {
  const folder = mkdtempSync(join(tmpdir(), 'downlinkd-backlog-'));
  let running: Running | null = null;
  const seen: number[] = [];
  const rss: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (data) => chunks.push(data));
    request.on('end', () => {
      const { frames: batch } = JSON.parse(String(Buffer.concat(chunks))) as { frames: StoredFrame[] };
      for (const { seq } of batch) seen.push(seq);
      if (running !== null) rss.push(residentMb(running));
      response.writeHead(204).end();
    });
  });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const config = join(folder, 'station.yaml');
    writeFileSync(config, settings(port));

    const [empty, emptyStartS] = await started(config);
    empty.child.kill('SIGTERM');
    await empty.exit();
    fill(join(folder, 'data'), frames);
    say(`${frames} frames are in the ledger`);

    const began = performance.now();
    const [station, startS] = await started(config);
    running = station;
    while (seen.length < frames) {
      const before = seen.length;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      say(`${seen.length} delivered, ${residentMb(running).toFixed(0)} MB`);
      if (seen.length === before && running.child.exitCode !== null) throw new Error(running.output.stderr);
    }
    const deliveredS = (performance.now() - began) / 1000;
    running.child.kill('SIGTERM');
    await running.exit();
    const distinct = new Set(seen);
    return {
      ...{ frames, emptyStartS, startS, deliveredS, framesPerS: Math.round(frames / deliveredS) },
      rssMb: { first: rss[0]!, half: rss[Math.floor(rss.length / 2)]!, end: rss.at(-1)!, most: Math.max(...rss) },
      missing: frames - distinct.size,
      twice: seen.length - distinct.size,
      outOfOrder: seen.filter((seq, i) => i > 0 && seq <= seen[i - 1]!).length,
    };
  } finally {
    running?.child.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function settings(port: number): string {
  return `
station: { callsign: N0CALL }
data_folder: data
api: { port: 0 }
kiss: false
collectors:
  - { id: hook, type: webhook, url: 'http://127.0.0.1:${port}/' }
sdrs:
  - { id: sim, driver: simulator, sample_rate: 48000, receive: [AO-73], frame_interval_s: 3600 }
`;
}

/** What a month without the network leaves: a collector that stands at the beginning, and a ledger that went on. */
function fill(dataFolder: string, frames: number): void {
  const ledger = openLedger(dataFolder, 'N0CALL');
  const store = openDeliveryStore(dataFolder);
  const { cursor } = store.open('hook', ledger.ledgerId, 0);
  if (cursor !== ledger.lastSeq()) throw new Error(`the collector stands at ${cursor} of ${ledger.lastSeq()}`);
  store.close();
  for (let done = 0; done < frames; done += atOnce)
    ledger.append(
      Array.from({ length: Math.min(atOnce, frames - done) }, (_, i) =>
        sampleFrame({ frame: (done + i).toString(16).padStart(2 * frameBytes, '0') }),
      ),
    );
  ledger.close();
}

async function started(config: string): Promise<[Running, number]> {
  const began = performance.now();
  const running = downlinkd('run', '--config', config, '--log-level', 'error');
  const [, url] = await running.seen(/listens on (http:\S+)/);
  await (await fetch(`${url}/api/status`)).arrayBuffer();
  return [running, (performance.now() - began) / 1000];
}

function residentMb({ child }: Running): number {
  const pages = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return Number(pages ?? 0) / 1024;
}
