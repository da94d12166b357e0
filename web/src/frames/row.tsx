import type { StoredFrame } from '../../../daemon/api/wire.ts';
import { fixed, offset, utcDateTime } from '../format.ts';
import { texts } from '../texts.ts';
import { asciiOf } from './bytes.ts';
import { isWeak } from './filter.ts';

const t = texts.frames;
const previewBytes = 48;

/** What a row says; laid out by style.css in one line, or two on a phone. */
export function Row({ frame }: { frame: StoredFrame }) {
  const [time, date] = utcDateTime(frame.time).replace(' UTC', '').split(' ').reverse();
  return (
    <>
      <span class="seq">{frame.seq}</span>
      <span class="time">
        {date !== undefined && <span class="date">{date} </span>}
        {time}
      </span>
      <span class="name">
        {frame.satellite ?? t.unknownSatellite}
        {frame.simulated && <span class="tag">{t.isSimulated}</span>}
        {isWeak(frame) && <span class="tag warn">{t.isWeak}</span>}
      </span>
      <span class="mode">{frame.mode}</span>
      <span class="snr">{frame.snr_db === null ? '–' : `${fixed(frame.snr_db, 1)} dB`}</span>
      <span class="offset">{offset(frame.offset_hz)}</span>
      <span class="size">{t.bytes(frame.frame.length / 2)}</span>
      <span class="preview mono">{asciiOf(frame.frame.slice(0, 2 * previewBytes))}</span>
    </>
  );
}

export function Heads() {
  const { seq, time, utc, satellite, mode, snr, offset: off, bytes, preview } = t.columns;
  return (
    <div class="frame-row heads" aria-hidden="true">
      <span class="seq">{seq}</span>
      <span class="time">
        <span class="date">{time} </span>
        {utc}
      </span>
      <span class="name">{satellite}</span>
      <span class="mode">{mode}</span>
      <span class="snr">{snr}</span>
      <span class="offset">{off}</span>
      <span class="size">{bytes}</span>
      <span class="preview">{preview}</span>
    </div>
  );
}
