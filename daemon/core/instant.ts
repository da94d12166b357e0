const format = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** What people are told to write. */
export const instantExample = '2026-11-26T12:34:56Z';

/**
 * An ISO 8601 instant, or a day, which begins at midnight UTC; ms since 1970. Null for anything else: for a time without a zone,
 * which would be this computer's, and for a day that the calendar does not have, which Date.parse takes for another.
 */
export function parseInstant(text: string): number | null {
  const parts = format.exec(text);
  if (parts === null) return null;
  const [year, month, day] = parts.slice(1, 4).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  const timeMs = Date.parse(text);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && Number.isFinite(timeMs) ? timeMs : null;
}
