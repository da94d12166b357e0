import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { StoredFrame } from '../../../daemon/api/wire.ts';
import { isNarrow } from '../parts/narrow.ts';
import { remPx } from '../parts/rem.ts';
import { texts } from '../texts.ts';
import { Heads, Row } from './row.tsx';
import { rowWindow, scrollToRow } from './window.ts';

/** As in frames.css. */
const rowRem = { wide: 2.125, narrow: 3.375 };

/** The rows in view of a list of any length. @param rows the newest first @param nearEnd called when its end comes into view @param atEnd told whether its last row is in view */
export function FrameList(props: {
  rows: readonly StoredFrame[];
  open: number | null;
  /** @param follows with the arrow keys, from a frame that is open */
  choose: (seq: number, follows: boolean) => void;
  close: () => void;
  nearEnd: () => void;
  atEnd: (is: boolean) => void;
}) {
  const { rows, open, choose, close, nearEnd, atEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [active, setActive] = useState<number | null>(open);
  const rowHeight = remPx.value * (isNarrow.value ? rowRem.narrow : rowRem.wide);
  const anchor = useRef<{ seq: number; into: number } | null>(null);

  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setView({ top: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // New frames come in above: who reads further down goes on reading the same ones.
  useLayoutEffect(() => {
    const element = box.current!;
    const at = anchor.current === null ? -1 : indexOf(rows, anchor.current.seq);
    if (at >= 0) element.scrollTop = at * rowHeight + anchor.current!.into;
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, [rows, rowHeight]);

  const { first, end } = rowWindow(view.top, view.height, rowHeight, rows.length);
  const drawn = rows.slice(first, end);
  useLayoutEffect(() => {
    if (end >= rows.length) nearEnd();
  }, [end, rows.length]);
  const lastInView = view.top + view.height >= (rows.length - 1) * rowHeight;
  useLayoutEffect(() => atEnd(lastInView), [lastInView]);
  // Another frame may be opened by a link: there is one mark.
  useEffect(() => {
    if (open !== null) setActive(open);
  }, [open]);

  function scrolled(): void {
    const { scrollTop: top, clientHeight: height } = box.current!;
    const row = rows[Math.floor(top / rowHeight)];
    anchor.current = top < rowHeight || row === undefined ? null : { seq: row.seq, into: top % rowHeight };
    setView({ top, height });
  }

  function key(event: KeyboardEvent): void {
    const at = active === null ? -1 : indexOf(rows, active);
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && active !== null) choose(active, false);
    else if (to === undefined || rows.length === 0) return;
    else {
      const row = Math.max(0, Math.min(rows.length - 1, to));
      setActive(rows[row]!.seq);
      if (open !== null) choose(rows[row]!.seq, true);
      box.current!.scrollTop = scrollToRow(row, view.top, view.height, rowHeight);
    }
    event.preventDefault();
  }

  return (
    <div class="frame-list">
      <Heads />
      <div
        ref={box}
        class="rows"
        role="listbox"
        tabIndex={0}
        aria-label={texts.frames.list}
        aria-activedescendant={drawn.some(({ seq }) => seq === active) ? `frame-${active}` : undefined}
        onScroll={scrolled}
        onKeyDown={key}
      >
        <div class="all" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
          {drawn.map((frame, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list is focused, and says which row is active
            <div
              key={frame.seq}
              id={`frame-${frame.seq}`}
              class={`frame-row${frame.seq === active ? ' active' : ''}`}
              role="option"
              aria-selected={frame.seq === open}
              aria-posinset={first + i + 1}
              aria-setsize={rows.length}
              style={{ transform: `translateY(${(first + i) * rowHeight}px)` }}
              onClick={() => {
                setActive(frame.seq);
                choose(frame.seq, false);
              }}
            >
              <Row frame={frame} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Rows go down from the highest number. */
function indexOf(rows: readonly StoredFrame[], seq: number): number {
  let [low, high] = [0, rows.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = rows[middle]!.seq;
    if (found === seq) return middle;
    if (found > seq) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
