import type { CollectorSource } from '../../daemon/api/collector-routes.ts';
import type { ControlSource } from '../../daemon/api/control-routes.ts';
import { ApiError } from '../../daemon/api/error.ts';
import type { FollowerLimits } from '../../daemon/api/frame-followers.ts';
import type { FrameSource } from '../../daemon/api/frame-source.ts';
import type { KissSettings } from '../../daemon/api/kiss-server.ts';
import { type Api, makeApi } from '../../daemon/api/server.ts';
import type { TrackingSource } from '../../daemon/api/tracking-routes.ts';
import type { StatusReport, StoredFrame } from '../../daemon/api/wire.ts';
import { makeLiveFeeds } from '../../daemon/live-feeds.ts';
import { dissect } from '../../daemon/telemetry/dissect.ts';
import { sampleFrame } from '../store/sample-frame.ts';

/** A ledger in memory. */
export function memoryLedger(): FrameSource & {
  frames_: StoredFrame[];
  add(count: number, bytes?: number, change?: (seq: number) => Partial<StoredFrame>): StoredFrame[];
} {
  const frames_: StoredFrame[] = [];
  return {
    frames_,
    lastSeq: () => frames_.length,
    frames: ({ since, limit, upTo = Number.POSITIVE_INFINITY, satellite, simulated }) =>
      frames_
        .slice(since, upTo)
        .filter((f) => satellite === undefined || satellite.includes(f.satellite!))
        .filter((f) => simulated === undefined || f.simulated === simulated)
        .slice(0, limit),
    add(count, bytes = 4, change = () => ({})) {
      const first = frames_.length + 1;
      const added = Array.from({ length: count }, (_, i) => ({
        seq: first + i,
        id: (first + i).toString(16).padStart(32, '0'),
        ...sampleFrame({ frame: (first + i).toString(16).padStart(2 * bytes, '0'), ...change(first + i) }),
        copies: [],
      }));
      frames_.push(...added);
      return added;
    },
  };
}

const status: Omit<StatusReport, 'stream_clients'> = {
  version: '1.2.3',
  uptime_s: 1.5,
  simulated: true,
  station: { callsign: 'N0CALL', name: null, latitude: 1, longitude: 2, altitude_m: null },
  clock: { time: '2026-01-31T12:00:00.000Z', synchronised: null, source: null },
  ledger: { id: 'x', last_seq: 0, waiting_frames: 0, lost_frames: 0, error: null },
  sdrs: [],
};

/** Time of the followers of frames, and of heartbeats, that passes only when `vi.advanceTimersByTime` says so. */
export const heldTime = ['setInterval', 'clearInterval', 'performance'] as const;

export async function benchApi(
  options: {
    host?: string;
    followerLimits?: FollowerLimits;
    kiss?: KissSettings;
    broken?: boolean;
    tracking?: TrackingSource;
    collectors?: CollectorSource;
    control?: ControlSource;
    pageFolder?: string;
  } = {},
) {
  const ledger = memoryLedger();
  const errors: unknown[] = [];
  const api: Api = await makeApi(options.host ?? '127.0.0.1', {
    version: '1.2.3',
    frames: ledger,
    status: () => {
      if (options.broken) throw new Error('secret detail');
      return status;
    },
    satellites: () => [],
    satelliteName(text) {
      const name = { 40949: 'GOMX-3', 'gomx-3': 'GOMX-3', 'ao-73': 'AO-73' }[text.toLowerCase()];
      if (name === undefined) throw new ApiError('SATELLITE_UNKNOWN', `unknown satellite '${text}'`);
      return name;
    },
    telemetry: (frame) => dissect(frame),
    collectors: options.collectors ?? null,
    tracking: options.tracking ?? null,
    live: makeLiveFeeds([], { now: () => 0, monotonic: () => 0 }),
    control: options.control ?? null,
    pageFolder: options.pageFolder ?? '/nowhere',
    onError: (error) => errors.push(error),
    kiss: options.kiss ?? null,
    ...(options.followerLimits ? { followerLimits: options.followerLimits } : {}),
  });
  return { api, ledger, errors };
}
