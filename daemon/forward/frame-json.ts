import type { StoredFrame } from '../api/wire.ts';
import type { NetworkStation } from '../network/message.ts';
import type { CollectorContext } from './collector.ts';

/** A frame for a reader that knows nothing of the station: as the API gives it, with who received it. One line, no newline. */
export function frameJson(frame: StoredFrame, context: CollectorContext): string {
  const { seq, ...rest } = frame;
  return JSON.stringify({ seq, ...rest, ledger_id: context.ledgerId, station: receiverJson(context) });
}

/** Who received it. */
export function receiverJson({ station: { altitudeM, ...place } }: CollectorContext): NetworkStation {
  return { ...place, altitude_m: altitudeM };
}
