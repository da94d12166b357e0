import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** Of every row, in CSS pixels. */
  readonly rowHeight: number;
  /** The row that is in view at first, and that Tab goes to; -1: the first one. */
  readonly begin: number;
  /** With one link, that has this `tabIndex`: Tab goes to one row, arrow keys to the others. */
  readonly row: (item: Item, tabIndex: 0 | -1) => ComponentChildren;
}

/** Rows outside of the view, so that none is missing while it scrolls. */
const spare = 6;

/** A long list of which only the rows in view are there. */
export function WindowList<Item>({ label, items, keyOf, rowHeight, begin, row }: Props<Item>) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const [active, setActive] = useState(Math.max(0, begin));
  useLayoutEffect(() => {
    const element = box.current!;
    element.scrollTop = (begin + 0.5) * rowHeight - element.clientHeight / 2;
    setTop(element.scrollTop);
  }, []);
  const wanted = useRef<number | null>(null);
  // Before another key is pressed: the row that had the focus may be gone.
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    box.current!.querySelector<HTMLElement>(`li[aria-posinset="${wanted.current + 1}"] a`)?.focus();
    wanted.current = null;
  });

  function onKeyDown(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const last = items.length - 1;
    const step = steps[event.key];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? last : step === undefined ? null : active + step;
    if (to === null || last < 0) return;
    event.preventDefault();
    const next = Math.min(last, Math.max(0, to));
    const element = box.current!;
    const least = (next + 1) * rowHeight - element.clientHeight;
    element.scrollTop = Math.min(next * rowHeight, Math.max(least, element.scrollTop));
    wanted.current = next;
    setTop(element.scrollTop);
    setActive(next);
  }

  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const shown = items.slice(first, Math.ceil((top + height) / rowHeight) + spare);
  // Where the row that Tab goes to is out of view, it is the first one in view.
  const inView = active >= first && active < first + shown.length;
  const stop = inView ? active : Math.min(Math.ceil(top / rowHeight), items.length - 1);
  return (
    <div ref={box} class="window-list" onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      <ul aria-label={label} onKeyDown={onKeyDown} style={{ height: `${items.length * rowHeight}px` }}>
        {shown.map((item, i) => (
          <li
            key={keyOf(item)}
            onFocusIn={() => setActive(first + i)}
            aria-setsize={items.length}
            aria-posinset={first + i + 1}
            style={{ top: `${(first + i) * rowHeight}px`, height: `${rowHeight}px` }}
          >
            {row(item, first + i === stop ? 0 : -1)}
          </li>
        ))}
      </ul>
    </div>
  );
}
