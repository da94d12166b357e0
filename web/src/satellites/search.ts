import type { SatelliteEntry } from '../../../daemon/api/wire.ts';

export type Filter = 'all' | 'tracked' | 'received' | 'decodable' | 'silent';

/** Satellites that have every word of the search in their names, number, modes or frequencies, whatever the dashes and spaces. */
export function found(
  satellites: readonly SatelliteEntry[],
  search: string,
  filter: Filter,
): readonly SatelliteEntry[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .map((word) => joined(word).replace(/^0+(?=\d)/, ''))
    .filter(Boolean);
  return satellites.filter((one) => fits(one, filter) && words.every((word) => textOf(one).includes(word)));
}

export function isReceived({ transmitters }: SatelliteEntry): boolean {
  return transmitters.some(({ received }) => received);
}

function fits(one: SatelliteEntry, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'tracked':
      return one.tracked !== null;
    case 'received':
      return isReceived(one);
    case 'decodable':
      return one.transmitters.length > 0;
    case 'silent':
      return one.transmitters.length === 0;
  }
}

const texts = new WeakMap<SatelliteEntry, string>();

function textOf(one: SatelliteEntry): string {
  let text = texts.get(one);
  if (text === undefined) {
    const own = [one.name, ...one.alternative_names, one.norad ?? ''];
    const radio = one.transmitters.flatMap(({ mode, frequency_hz, id }) => [mode, id, (frequency_hz / 1e6).toFixed(4)]);
    text = joined([...own, ...radio].join('\n').toLowerCase());
    texts.set(one, text);
  }
  return text;
}

/** AO-73, AO 73 and AO73 are the same. */
const joined = (text: string): string => text.replace(/[ -]/g, '');
