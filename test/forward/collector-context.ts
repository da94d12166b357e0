import { tmpdir } from 'node:os';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import type { CollectorContext } from '../../daemon/forward/collector.ts';
import { sampleFrame } from '../store/sample-frame.ts';

/** A station that could be anybody's. */
export function collectorContext(change: Partial<CollectorContext> = {}): CollectorContext {
  return {
    id: 'test',
    station: { callsign: 'N0CALL', name: 'Roof', latitude: 49.7, longitude: 8.9, altitudeM: 120.4 },
    ledgerId: 'b7c5c2b8-1111-4222-8333-444455556666',
    software: 'downlinkd 0.1.0',
    dataFolder: tmpdir(),
    now: () => Date.now(),
    log: { info() {}, warn() {} },
    ...change,
  };
}

export function storedFrame(seq: number, change: Partial<StoredFrame> = {}): StoredFrame {
  return { ...sampleFrame(), seq, id: `frame-${seq}`, copies: [], ...change };
}
