import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { remPx } from '../parts/rem.ts';
import { texts } from '../texts.ts';
import { listenToGestures } from './gestures.ts';
import { waterfallTopPx } from './overlay.ts';
import { levelAt } from './row-ring.ts';
import type { SignalState } from './signal-state.ts';
import { hzAt } from './span.ts';
import { rowHeightPx, type WaterfallCanvas, waterfallCanvas } from './waterfall-canvas.ts';

export interface WaterfallProps {
  readonly state: SignalState;
  readonly opened: (canvas: WaterfallCanvas) => void;
  readonly resized: () => void;
}

interface Pointed {
  readonly left: number;
  readonly top: number;
  readonly text: string;
}

/** The waterfall with all that lies over it. */
export function Waterfall({ state, opened, resized }: WaterfallProps) {
  const [frame, below, above] = [
    useRef<HTMLDivElement>(null),
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
  ];
  const trouble = state.trouble.value;
  const pointed = useSignal<Pointed | null>(null);
  useEffect(() => {
    const elements = { frame: frame.current!, below: below.current!, above: above.current! };
    const canvas = waterfallCanvas(elements, state, resized);
    const deaf = listenToGestures(elements.frame, state);
    opened(canvas);
    return () => {
      deaf();
      canvas.close();
    };
  }, []);

  function point(event: PointerEvent): void {
    const { left, top, width } = frame.current!.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const text = describe(state, x / width, y - waterfallTopPx(remPx.peek()));
    // Where there is no room at the right of the pointer, at its left.
    pointed.value =
      text === null
        ? null
        : { left: x > width - 12 * remPx.peek() ? x - 11.3 * remPx.peek() : x + 14, top: y + 14, text };
  }

  return (
    <div
      ref={frame}
      class={trouble !== null && state.ring.slot(0) === null ? 'waterfall empty' : 'waterfall'}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows, + and − move and zoom it, as the buttons above do.
      tabIndex={0}
      aria-label={texts.signal.waterfall}
      aria-describedby="waterfall-keys"
      onPointerMove={point}
      onPointerLeave={() => (pointed.value = null)}
    >
      <canvas ref={below} class="below" />
      <canvas ref={above} class="above" role="img" aria-label={inWords(state)} />
      <p id="waterfall-keys" class="visually-hidden">
        {texts.signal.keys}
      </p>
      {trouble !== null && <p class="nothing">{texts.signal.nothing(trouble)}</p>}
      {pointed.value !== null && (
        <p class="pointed" style={{ left: `${pointed.value.left}px`, top: `${pointed.value.top}px` }}>
          {pointed.value.text}
        </p>
      )}
    </div>
  );
}

function inWords({ span, capture, trouble }: SignalState): string {
  if (trouble.value !== null) return texts.signal.nothing(trouble.value);
  if (span.value === null || capture.value === null) return texts.signal.waiting;
  return texts.signal.waterfallOf(capture.value.sdr, span.value.lowHz, span.value.highHz);
}

/** @param y CSS pixels below the top of the waterfall; negative over the spectrum */
function describe({ span, ring }: SignalState, x: number, y: number): string | null {
  if (span.value === null) return null;
  const hz = hzAt(span.value, x);
  const slot = ring.slot(Math.max(0, Math.floor(y / rowHeightPx())));
  const level = slot === null ? null : levelAt(ring, slot, hz);
  const time = slot === null ? null : new Date(ring.row(slot).timeMs).toISOString().slice(11, 21);
  return texts.signal.pointed(Math.round(hz), time, level);
}
