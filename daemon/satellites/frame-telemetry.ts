import type { DecodedFrame, StoredFrame, TelemetryReport } from '../api/wire.ts';
import { ConfigError } from '../settings/config-error.ts';
import { dissect } from '../telemetry/dissect.ts';
import { type Catalogue, findSatellite, SatelliteNotFound } from './catalogue.ts';
import type { Satellite } from './satellite.ts';

type Frame = Pick<DecodedFrame, 'satellite' | 'transmitter' | 'mode' | 'frame'> &
  Partial<Pick<StoredFrame, 'simulated'>>;

/** Reads the fields of frames with what their satellites' files name. A satellite that is not known any more names nothing. */
export function frameTelemetry(catalogue: Catalogue): (frame: Frame) => TelemetryReport {
  const known = new Map<string, Satellite | null>();
  let { entries } = catalogue;
  return (frame) => {
    // Its folders were read again.
    if (entries !== catalogue.entries) known.clear();
    entries = catalogue.entries;
    const { satellite: name, transmitter: id } = frame;
    if (name !== null && !known.has(name)) known.set(name, satelliteNamed(catalogue, name));
    const satellite = name === null ? null : known.get(name);
    const transmitter = satellite?.transmitters.find((t) => t.id === id);
    return dissect(frame, (transmitter ?? satellite)?.telemetry);
  };
}

function satelliteNamed(catalogue: Catalogue, name: string): Satellite | null {
  try {
    return findSatellite(catalogue, name);
  } catch (error) {
    if (error instanceof SatelliteNotFound || error instanceof ConfigError) return null;
    throw error;
  }
}
