/** A time as the public sees it: ISO 8601 UTC, to the millisecond. */
export function iso(timeMs: number): string {
  return new Date(Math.round(timeMs)).toISOString();
}
