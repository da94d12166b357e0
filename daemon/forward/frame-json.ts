import type { StoredFrame } from '../api/wire.ts';
import type { CollectorContext } from './collector.ts';

/** A frame for a reader that knows nothing of the station: as the API gives it, with who received it. One line, no newline. */
export function frameJson(frame: StoredFrame, { station, ledgerId }: CollectorContext): string {
  const { seq, ...rest } = frame;
  const { callsign, name, latitude, longitude, altitudeM } = station;
  const receiver = { callsign, name, latitude, longitude, altitude_m: altitudeM };
  return JSON.stringify({ seq, ...rest, ledger_id: ledgerId, station: receiver });
}
