import type { FrameSource } from '../../daemon/api/frame-source.ts';
import type { StreamLimits } from '../../daemon/api/frame-stream.ts';
import { type Api, makeApi } from '../../daemon/api/server.ts';
import type { TrackingSource } from '../../daemon/api/tracking-routes.ts';
import type { StatusReport, StoredFrame } from '../../daemon/api/wire.ts';
import { dissect } from '../../daemon/telemetry/dissect.ts';
import { sampleFrame } from '../store/sample-frame.ts';

/** A ledger in memory. */
export function memoryLedger(): FrameSource & {
  frames_: StoredFrame[];
  add(count: number, bytes?: number): StoredFrame[];
} {
  const frames_: StoredFrame[] = [];
  return {
    frames_,
    lastSeq: () => frames_.length,
    frames: ({ since, limit, satellite }) =>
      frames_.filter((f) => f.seq > since && (satellite === undefined || f.satellite === satellite)).slice(0, limit),
    add(count, bytes = 4) {
      const first = frames_.length + 1;
      const added = Array.from({ length: count }, (_, i) => ({
        seq: first + i,
        id: (first + i).toString(16).padStart(32, '0'),
        ...sampleFrame({ frame: (first + i).toString(16).padStart(2 * bytes, '0') }),
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
  clock: { time: '2026-01-31T12:00:00.000Z', synchronised: null },
  ledger: { id: 'x', last_seq: 0, waiting_frames: 0, lost_frames: 0, error: null },
  sdrs: [],
};

export async function benchApi(
  options: { host?: string; streamLimits?: StreamLimits; broken?: boolean; tracking?: TrackingSource } = {},
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
    satelliteName: (text) => (text === '40949' ? 'GOMX-3' : text),
    telemetry: (frame) => dissect(frame),
    tracking: options.tracking ?? null,
    page: { html: '<p>page', contentSecurityPolicy: "default-src 'none'" },
    onError: (error) => errors.push(error),
    ...(options.streamLimits ? { streamLimits: options.streamLimits } : {}),
  });
  return { api, ledger, errors };
}
