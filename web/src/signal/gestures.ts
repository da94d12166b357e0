import type { SignalState } from './signal-state.ts';
import { hzAt, panned, pinched, type Span, zoomed } from './span.ts';

/** Wheel, drag, pinch and keys on the waterfall. @returns what ends it */
export function listenToGestures(element: HTMLElement, state: SignalState): () => void {
  /** Where each pointer is, from 0 to 1 of the width. */
  const pointers = new Map<number, number>();
  const end = new AbortController();
  const { signal } = end;

  const place = (event: MouseEvent) => {
    const { left, width } = element.getBoundingClientRect();
    return (event.clientX - left) / width;
  };
  function change(make: (span: Span, whole: Span) => Span): void {
    const [span, whole] = [state.span.peek(), state.whole.peek()];
    if (span === null || whole === null) return;
    const next = make(span, whole);
    state.zoom.value = next.lowHz === whole.lowHz && next.highHz === whole.highHz ? null : next;
  }

  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const x = place(event);
      const steps = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / 100 : event.deltaY / 3;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        change((span, whole) => panned(span, whole, (event.deltaX || event.deltaY) / 1000));
      else change((span, whole) => zoomed(span, whole, hzAt(span, x), 1.25 ** steps));
    },
    { passive: false, signal },
  );
  element.addEventListener(
    'pointerdown',
    (event) => {
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, place(event));
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      const before = pointers.get(event.pointerId);
      if (before === undefined) return;
      const after = place(event);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      change((span, whole) =>
        other === undefined
          ? panned(span, whole, before - after)
          : pinched(span, whole, [before, other], [after, other]),
      );
      pointers.set(event.pointerId, after);
    },
    { signal },
  );
  for (const name of ['pointerup', 'pointercancel'] as const)
    element.addEventListener(name, (event) => pointers.delete(event.pointerId), { signal });
  element.addEventListener('dblclick', () => change((_, whole) => whole), { signal });
  element.addEventListener(
    'keydown',
    (event) => {
      const act = keys[event.key];
      if (act === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      change(act);
    },
    { signal },
  );
  return () => end.abort();
}

const step = 0.15;
const closer = (span: Span, whole: Span) => zoomed(span, whole, hzAt(span, 0.5), 0.5);
const wider = (span: Span, whole: Span) => zoomed(span, whole, hzAt(span, 0.5), 2);

const keys: Readonly<Record<string, (span: Span, whole: Span) => Span>> = {
  ArrowLeft: (span, whole) => panned(span, whole, -step),
  ArrowRight: (span, whole) => panned(span, whole, step),
  '+': closer,
  '=': closer,
  '-': wider,
  Home: (_, whole) => whole,
};
