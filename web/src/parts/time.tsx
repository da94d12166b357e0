import { localTime, utcDateTime, utcTime } from '../format.ts';
import { texts } from '../texts.ts';

/** A time in UTC; the local one on hover. */
export function Time({ iso, date = false }: { iso: string | null; date?: boolean }) {
  if (iso === null) return <span>–</span>;
  return (
    <time
      dateTime={iso}
      onMouseEnter={({ currentTarget }) => {
        currentTarget.title = texts.local(localTime(iso));
      }}
    >
      {date ? utcDateTime(iso) : utcTime(iso)}
    </time>
  );
}
