import type { StoredFrame } from '../api/wire.ts';
import { StationError } from '../core/error.ts';
import type { CollectorContext } from './collector.ts';

const placeholders = ['station', 'norad', 'satellite'] as const;
type Placeholder = (typeof placeholders)[number];

/** What a topic says in place of what is not known. */
const unknown = 'unknown';

/**
 * Reads a template such as `downlinkd/{station}/frames/{norad}`.
 * @param allowed the words in braces that it may hold
 * @returns the topic of a frame
 * @throws StationError SETTINGS_INVALID
 */
export function topicTemplate(
  template: string,
  allowed: readonly Placeholder[],
  { id, station, ledgerId }: Pick<CollectorContext, 'id' | 'station' | 'ledgerId'>,
): (frame: Pick<StoredFrame, 'norad' | 'satellite'>) => string {
  const invalid = (what: string) =>
    new StationError('SETTINGS_INVALID', `collector ${id}: the topic '${template}' ${what}`);
  for (const [whole, word] of template.matchAll(/\{([^{}]*)\}/g)) {
    if (!allowed.some((known) => known === word))
      throw invalid(`has ${whole}, expected ${allowed.map((known) => `{${known}}`).join(', ')}`);
  }
  if (/[+#\0]/.test(template)) throw invalid('has a wildcard (+ or #), frames need one topic');
  if (template.startsWith('$')) throw invalid("begins with $, which is the broker's own");
  const receiver = topicLevel(station.callsign ?? station.name ?? ledgerId);
  return ({ norad, satellite }) => {
    const values = { station: receiver, norad: String(norad ?? unknown), satellite: topicLevel(satellite ?? unknown) };
    return template.replace(/\{(\w+)\}/g, (_, word: Placeholder) => values[word]);
  };
}

/** A name as one level of a topic: what means something in a topic, and what can't be seen, becomes `_`. */
function topicLevel(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: brokers may end the connection because of them
  return name.toWellFormed().replace(/[+#/\u0000-\u001f\u007f-\u009f\ufffd]|^\$/g, '_');
}
