import { createHash } from 'node:crypto';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import type { CollectorContext } from '../../daemon/forward/collector.ts';
import type { NetworkFrame, NetworkStation } from '../../daemon/network/message.ts';
import type { CollectorSettingsOf } from '../../daemon/settings/settings.ts';
import { collectorContext as anyContext } from '../forward/collector-context.ts';
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
  const station = { callsign: 'DL1ABC/P', name: 'Test', latitude: 52.5, longitude: 13.4, altitudeM: 34 };
  return anyContext({ id: 'network', station, ledgerId: 'ledger-1', ...change });
}

/** A frame as a ledger would have stored it. */
export function networkFrame(ledger: string, seq: number, change: Partial<StoredFrame> = {}): StoredFrame {
  const frame = { ...sampleFrame({ frame: Buffer.from(`frame ${seq}`).toString('hex') }), ...change };
  const id = createHash('sha256').update(`${ledger}\n${seq}\n${frame.frame}`).digest('hex').slice(0, 32);
  return { seq, id, ...frame, copies: [] };
}

export const networkFrames = (count: number): StoredFrame[] =>
  Array.from({ length: count }, (_, i) => networkFrame('ledger-1', i + 1));

export interface Sky {
  /** Frames by ledger; each ledger is a station of its own. */
  readonly byLedger: ReadonlyMap<string, readonly StoredFrame[]>;
  readonly frames: number;
  readonly transmissions: number;
}

/**
 * Transmissions that several stations hear, at their own times and strengths: of `satellites`, each says the same twice, 5 s
 * apart, before it says something else.
 */
export function sky(options: { stations: number; transmissions: number; hearers: number; satellites: number }): Sky {
  const { stations, transmissions, hearers, satellites } = options;
  const byLedger = new Map<string, StoredFrame[]>();
  const ledgers = Array.from({ length: stations }, (_, i) => `ledger-${i + 1}`);
  for (const ledger of ledgers) byLedger.set(ledger, []);
  for (let n = 0; n < transmissions; n++) {
    const norad = 40_000 + (n % satellites);
    const text = `satellite ${norad} says ${Math.floor(n / satellites / 2)} `.padEnd(120, 'x');
    const at = Date.UTC(2026, 0, 31) + Math.floor(n / satellites) * 5000;
    for (let h = 0; h < hearers; h++) {
      const ledger = ledgers[(n * 7 + h) % stations]!;
      const own = byLedger.get(ledger)!;
      own.push(
        networkFrame(ledger, own.length + 1, {
          norad,
          satellite: `SAT-${norad}`,
          frame: Buffer.from(text).toString('hex'),
          // Clocks and distances: up to 0.9 s apart.
          time: new Date(at + ((h * 37) % 900)).toISOString(),
          snr_db: 5 + (h % 20),
        }),
      );
    }
  }
  return { byLedger, frames: transmissions * hearers, transmissions };
}

/** The frame as it is in a message. */
export function asMessage(ledger: string, frame: StoredFrame): NetworkFrame {
  return { ...frame, ledger, station: stationOfLedger(ledger) };
}

export const stationOfLedger = (ledger: string): NetworkStation => ({
  callsign: ledger.replace('ledger-', 'ST'),
  name: null,
  latitude: 50,
  longitude: 10,
  altitude_m: null,
});
