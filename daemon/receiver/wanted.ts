import { formatMode, type Mode } from '../../dsp/mode.ts';
import type { SdrStatus } from '../api/wire.ts';
import { StationError } from '../core/error.ts';
import type { Wanted } from './channel-plan.ts';

/** What this file needs to know of a satellite. */
interface KnownSatellite {
  readonly name: string;
  readonly note?: string;
  readonly transmitters: readonly { readonly id: string; readonly frequencyHz: number; readonly mode: Mode }[];
}

export interface ReceiveRequest {
  readonly satellite: string;
  readonly transmitter?: string;
  readonly offsetHz?: number;
  readonly repair?: boolean;
}

export type NotReceived = SdrStatus['not_received'][number];

/**
 * The transmitters that an SDR is asked to receive, and the satellites that have none.
 * @throws StationError SETTINGS_INVALID when a named transmitter does not exist; what `find` throws
 */
export function resolveWanted(
  requests: readonly ReceiveRequest[],
  find: (nameOrNorad: string) => KnownSatellite,
): { readonly wanted: readonly Wanted[]; readonly notReceived: readonly NotReceived[] } {
  const wanted: Wanted[] = [];
  const notReceived: NotReceived[] = [];
  for (const { satellite: name, transmitter: id, offsetHz = 0, repair = true } of requests) {
    const satellite = find(name);
    const chosen = satellite.transmitters.filter((transmitter) => id === undefined || transmitter.id === id);
    if (id !== undefined && chosen.length === 0) {
      const ids = satellite.transmitters.map((transmitter) => transmitter.id).join(', ') || 'none';
      throw new StationError('SETTINGS_INVALID', `${satellite.name} has no transmitter '${id}' (it has: ${ids})`);
    }
    if (chosen.length === 0) {
      const reason = satellite.note ?? 'no transmitter is known';
      notReceived.push({ satellite: satellite.name, transmitter: null, mode: null, reason });
    }
    for (const { id: transmitter, frequencyHz, mode } of chosen) {
      const where = { frequencyHz: frequencyHz + offsetHz };
      wanted.push({ satellite: satellite.name, transmitter, mode, ...where, ...(repair ? {} : { repair }) });
    }
  }
  return { wanted, notReceived };
}

export function outsideCapture({ satellite, transmitter, mode, frequencyHz }: Wanted): NotReceived {
  const reason = `${(frequencyHz / 1e6).toFixed(3)} MHz lies outside of the capture`;
  return { satellite, transmitter, mode: formatMode(mode), reason };
}
