import { createHash } from 'node:crypto';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import type { CollectorContext } from '../../daemon/forward/collector.ts';
import type { CollectorSettingsOf } from '../../daemon/settings/settings.ts';
import { sampleFrame } from '../store/sample-frame.ts';

export function natsSettings(
  servers: string[],
  change: Partial<CollectorSettingsOf<'nats'>> = {},
): CollectorSettingsOf<'nats'> {
  return {
    type: 'nats',
    id: 'network',
    enabled: true,
    satellites: null,
    except: [],
    start: 'beginning',
    servers,
    timeoutS: 5,
    ...change,
  };
}

export function collectorContext(change: Partial<CollectorContext> = {}): CollectorContext {
  return {
    id: 'network',
    station: { callsign: 'DL1ABC/P', name: 'Test', latitude: 52.5, longitude: 13.4, altitudeM: 34 },
    ledgerId: 'ledger-1',
    software: 'downlinkd/test',
    dataFolder: '/nonexistent',
    now: Date.now,
    log: { info() {}, warn() {} },
    ...change,
  };
}

/** A frame as a ledger would have stored it. */
export function networkFrame(ledger: string, seq: number, change: Partial<StoredFrame> = {}): StoredFrame {
  const frame = { ...sampleFrame({ frame: Buffer.from(`frame ${seq}`).toString('hex') }), ...change };
  const id = createHash('sha256').update(`${ledger}\n${seq}\n${frame.frame}`).digest('hex').slice(0, 32);
  return { seq, id, ...frame, copies: [] };
}

export const networkFrames = (count: number): StoredFrame[] =>
  Array.from({ length: count }, (_, i) => networkFrame('ledger-1', i + 1));
