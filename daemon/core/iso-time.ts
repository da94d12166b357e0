/** What people are told to write. */
export const isoTimeExample = '2026-11-26T12:34:56Z';

/**
 * Milliseconds since 1970 of an instant such as 2026-11-26T12:34:56.7Z, or of a date alone (its midnight, UTC); null for
 * anything else. A time without a zone is refused: it would mean this computer's. So is a day that its month does not have,
 * of which Date.parse makes one of the next month.
 */
export function readIsoTime(text: string): number | null {
  const match = /^((\d{4}-\d\d)-(\d\d))(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.exec(text);
  if (match === null) return null;
  const [, date, month, day] = match;
  const firstMs = Date.parse(`${month}-01`);
  const real = new Date(firstMs + (Number(day) - 1) * 86_400_000);
  if (Number.isNaN(real.getTime()) || !real.toISOString().startsWith(`${date}T`)) return null;
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? null : timeMs;
}
