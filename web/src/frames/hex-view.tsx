import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TelemetryField } from '../../../daemon/api/wire.ts';
import { isNarrow } from '../parts/narrow.ts';
import { texts } from '../texts.ts';
import { bytesOf, printable } from './bytes.ts';
import { bytesOfField, fieldAt } from './field-bytes.ts';
import { scrollToRow } from './window.ts';

const t = texts.frames.one;
/** More would make the page slow; the download has them all. */
const mostBytes = 4096;
/** Longer ones scroll by themselves; these scroll with the page. */
const mostWholeBytes = 1024;

/** Bytes in hex and ASCII, those of the field `hot` marked; tells which field the byte under the pointer or the cursor is of. */
export function HexView(props: {
  hex: string;
  fields: readonly TelemetryField[];
  hot: number;
  setHot: (field: number) => void;
}) {
  const { hex, fields, hot, setHot } = props;
  const [cursor, setCursor] = useState<number | null>(null);
  const perRow = isNarrow.value ? 8 : 16;
  const bytes = bytesOf(hex.slice(0, 2 * mostBytes));
  const marked = bytesOfField(fields[hot]);
  const rows = Array.from({ length: Math.ceil(bytes.length / perRow) }, (_, i) => i * perRow);

  const box = useRef<HTMLElement>(null);
  /** A key scrolls bytes below a pointer that rests: only one that is moved counts again. */
  const byKey = useRef(false);

  /** Scrolls these bytes alone: a field that is pointed at stays under the pointer. */
  function show(byte: number): void {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    const row = Math.floor(byte / perRow);
    box.current!.scrollTop = scrollToRow(row, scrollTop, clientHeight, scrollHeight / Math.max(1, rows.length));
  }

  const firstMarked = marked?.[0] ?? null;
  useLayoutEffect(() => {
    if (cursor === null && firstMarked !== null) show(firstMarked);
  }, [firstMarked]);

  function look(byte: number | null): void {
    setCursor(byte);
    setHot(byte === null ? -1 : fieldAt(fields, byte));
  }

  function key(event: KeyboardEvent): void {
    const at = cursor ?? -1;
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + perRow,
      ArrowUp: at - perRow,
      Home: 0,
      End: bytes.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    const byte = Math.max(0, Math.min(bytes.length - 1, to));
    byKey.current = true;
    look(byte);
    box.current!.children[Math.floor(byte / perRow)]?.scrollIntoView({ block: 'nearest' });
    event.preventDefault();
  }

  const over = (event: Event) => {
    const at = (event.target as HTMLElement).dataset['at'];
    if (at !== undefined && !byKey.current) look(Number(at));
  };
  const kind = (at: number) => {
    const inField = marked !== null && at >= marked[0] && at < marked[1];
    return `${inField ? 'hot' : ''}${at === cursor ? ' cursor' : ''}` || undefined;
  };
  return (
    <>
      <section
        ref={box}
        class={bytes.length <= mostWholeBytes ? 'hex mono whole' : 'hex mono'}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go through the bytes
        tabIndex={0}
        aria-label={`${t.content}. ${t.bytesHelp}`}
        onPointerOver={over}
        onPointerMove={() => {
          byKey.current = false;
        }}
        onPointerLeave={() => byKey.current || look(null)}
        onKeyDown={key}
        onBlur={() => look(null)}
      >
        {rows.map((start) => (
          <div key={start} class="hex-row" aria-hidden="true">
            <span class="at">{start.toString(16).padStart(4, '0')}</span>
            <span class="digits">
              {[...bytes.subarray(start, start + perRow)].map((byte, i) => (
                <span key={i} data-at={start + i} class={kind(start + i)}>
                  {byte.toString(16).padStart(2, '0')}
                </span>
              ))}
            </span>
            <span class="ascii">
              {[...bytes.subarray(start, start + perRow)].map((byte, i) => (
                <span key={i} data-at={start + i} class={kind(start + i)}>
                  {printable(byte)}
                </span>
              ))}
            </span>
          </div>
        ))}
      </section>
      <p class="quiet byte-says" role="status">
        {cursor === null ? t.bytesHelp : say(cursor, bytes[cursor]!, fields)}
      </p>
      {hex.length > 2 * mostBytes && <p class="quiet">{t.cut(mostBytes)}</p>}
    </>
  );
}

function say(at: number, byte: number, fields: readonly TelemetryField[]): string {
  const text = byte >= 0x20 && byte < 0x7f ? `'${printable(byte)}'` : '';
  return t.byteIs(at, byte.toString(16).padStart(2, '0'), text, fields[fieldAt(fields, at)]?.name ?? null);
}
