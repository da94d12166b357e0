import { framingKeys, framingNames } from '../../dsp/framing/index.ts';
import { keyOf, modulationKeys, modulationKinds } from '../../dsp/mode.ts';
import type { ModesReport } from '../api/wire.ts';
import { readSchema } from '../settings/schema-file.ts';

/** What a transmitter may say of itself. */
export function modesReport(): ModesReport {
  return {
    schema: readSchema('satellite').properties?.['transmitters']?.items,
    modulations: modulationKinds.map((kind) => ({ kind, keys: modulationKeys[kind] })),
    framings: framingNames.map((kind) => ({ kind, keys: framingKeys(kind).map(keyOf) })),
  };
}
