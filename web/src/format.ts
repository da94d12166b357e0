/** Numbers and times as the page shows them. */
export function utcTime(iso: string | null): string {
  return iso === null ? '–' : `${iso.slice(11, 19)} UTC`;
}

export function utcDateTime(iso: string | null): string {
  return iso === null ? '–' : `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

let localFormat: Intl.DateTimeFormat | undefined;

/** In the place where the reader is. */
export function localTime(iso: string): string {
  // Made once, and not before it is asked for: making one takes longer than all else of a small page.
  localFormat ??= new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
  return localFormat.format(new Date(iso));
}

/** With a minus sign as long as a plus sign; nothing is less than nothing. */
export function fixed(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined) return '–';
  const text = value.toFixed(digits);
  return text.replace('-', Number(text) === 0 ? '' : '−');
}

export function megahertz(hz: number): string {
  return `${(hz / 1e6).toFixed(4)} MHz`;
}

/** Signed, in Hz or kHz. */
export function offset(hz: number | null | undefined): string {
  if (hz === null || hz === undefined) return '–';
  const sign = hz < 0 ? '−' : '+';
  const size = Math.abs(hz);
  return size < 1000 ? `${sign}${size.toFixed(0)} Hz` : `${sign}${(size / 1000).toFixed(2)} kHz`;
}

/** Time until something, such as 1:02:03 or 4:05. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
