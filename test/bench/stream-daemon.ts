/** The station's half of the bench of many clients: a real ledger behind the real API, in a process of its own. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FollowerLimits } from '../../daemon/api/frame-followers.ts';
import { makeApi } from '../../daemon/api/server.ts';
import type { StatusReport } from '../../daemon/api/wire.ts';
import { makeLiveFeeds } from '../../daemon/live-feeds.ts';
import { makeAppender } from '../../daemon/store/appender.ts';
import { openLedger } from '../../daemon/store/ledger.ts';
import { dissect } from '../../daemon/telemetry/dissect.ts';
import { sampleFrame } from '../store/sample-frame.ts';

export type DaemonOrder =
  | { readonly do: 'listen'; readonly limits: FollowerLimits }
  | { readonly do: 'append'; readonly rate: number; readonly seconds: number }
  | { readonly do: 'stop' };
export type DaemonAnswer = { readonly url: string } | { readonly appended: number } | Usage;

export interface Usage {
  readonly rssBytes: number;
  readonly cpuSeconds: number;
}

/** How often frames that are due are appended. */
const appendEveryMs = 5;

const folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
const ledger = openLedger(folder, 'BENCH');
let api: Awaited<ReturnType<typeof makeApi>>;
const appender = makeAppender(ledger, {
  stored: (frames) => api.announce(frames),
  failed(error) {
    throw error;
  },
  lost(count) {
    throw new Error(`${count} frames lost`);
  },
});

const tell = (answer: DaemonAnswer) => void process.send!(answer);
const usage = (): Usage => {
  const { user, system } = process.cpuUsage();
  return { rssBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 };
};

process.on('message', async (order: DaemonOrder) => {
  switch (order.do) {
    case 'listen':
      api = await makeApi('127.0.0.1', {
        version: 'bench',
        frames: ledger,
        status: () => ({}) as StatusReport,
        satellites: () => [],
        satelliteName: (name) => name,
        tracking: null,
        live: makeLiveFeeds([], { now: () => 0, monotonic: () => 0 }),
        control: null,
        pageFolder: '/nowhere',
        onError: (error) => console.error(error),
        kiss: null,
        collectors: null,
        telemetry: (frame) => dissect(frame),
        followerLimits: order.limits,
      });
      tell({ url: await api.listen(0) });
      break;
    case 'append':
      append(order.rate, order.rate * order.seconds);
      break;
    case 'stop':
      await api.close();
      ledger.close();
      rmSync(folder, { recursive: true });
      process.disconnect?.();
  }
});

/** Frames carry the time of their birth, µs, in place of a sample count. */
function append(rate: number, count: number): void {
  const start = performance.now();
  let added = 0;
  tell(usage());
  const timer = setInterval(() => {
    const due = Math.min(count, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; added < due; added++) {
      const bornUs = Math.round((performance.timeOrigin + performance.now()) * 1000);
      appender.add(sampleFrame({ sample: bornUs, frame: (added % 256).toString(16).padStart(2, '0').repeat(100) }));
    }
    if (added < count) return;
    clearInterval(timer);
    appender.flush();
    tell(usage());
    tell({ appended: count });
  }, appendEveryMs);
}
