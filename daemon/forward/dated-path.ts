/** What `{date}` becomes for a frame of unknown time. */
const undated = 'undated';
const placeholder = '{date}';

/** The file for a frame that was received at `time` (ISO 8601 UTC). */
export function datedPath(template: string, time: string | null): string {
  return template.replaceAll(placeholder, time === null ? undated : time.slice(0, 10));
}
