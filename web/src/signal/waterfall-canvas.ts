import { effect } from '@preact/signals';
import type { LiveRow } from '../../../daemon/api/live-wire.ts';
import { remPx } from '../parts/rem.ts';
import { isDark } from '../theme.ts';
import { canvasPainter } from './canvas-painter.ts';
import { followed, scaleOf } from './level-scale.ts';
import { emptyOverlay, inksOf, paintOverlay, waterfallTopPx } from './overlay.ts';
import type { SignalState } from './signal-state.ts';
import { webglPainter } from './webgl-painter.ts';

export interface WaterfallCanvas {
  row(row: LiveRow): void;
  /** Columns that there is room for. */
  readonly columns: number;
  close(): void;
}

export interface WaterfallElements {
  readonly frame: HTMLElement;
  /** The waterfall itself. */
  readonly below: HTMLCanvasElement;
  /** Spectrum, axes and channels. */
  readonly above: HTMLCanvasElement;
}

/** Finer than this nobody sees. */
const pixelRatio = () => Math.min(2, devicePixelRatio);
/** Picture elements that a row is high: more where letters are larger, so that the rows that are kept fill a large screen too. */
const rowHeightOf = (ratio: number, rem: number) => Math.max(1, Math.round((ratio * rem) / 16));
/** CSS pixels that a row is high. */
export const rowHeightPx = (): number => rowHeightOf(pixelRatio(), remPx.peek()) / pixelRatio();

/** Looked at while there is no capture, and so no row. */
const nowhere = { lowHz: 0, highHz: 1 };

/** Paints when something came or changed, and never otherwise. @param resized when the room has changed */
export function waterfallCanvas(
  { frame, below, above }: WaterfallElements,
  state: SignalState,
  resized: () => void,
): WaterfallCanvas {
  const { ring } = state;
  const painter = webglPainter(below, ring) ?? canvasPainter(below, ring);
  const context = above.getContext('2d')!;
  let inks = inksOf(frame);
  let wanted = 0;
  let columns = 0;
  let [width, height, ratio] = [0, 0, 1];

  function paint(): void {
    wanted = 0;
    const span = state.span.peek();
    if (width === 0) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const rem = remPx.peek();
    const rowHeight = rowHeightOf(ratio, rem);
    const scale = state.scale.peek();
    const colours = state.colours.peek();
    painter?.paint({ span: span ?? nowhere, scale, colours, rowHeight, empty: inks.ground });
    emptyOverlay(context, { width, height, inks, rem });
    if (span !== null) paintOverlay(context, state, { span, width, height, rowHeight: rowHeight / ratio, inks, rem });
  }
  function soon(): void {
    if (wanted === 0) wanted = requestAnimationFrame(paint);
  }

  const sizes = new ResizeObserver(() => {
    ratio = pixelRatio();
    [width, height] = [frame.clientWidth, frame.clientHeight];
    above.width = Math.round(width * ratio);
    above.height = Math.round(height * ratio);
    below.width = above.width;
    const top = waterfallTopPx(remPx.peek());
    below.style.top = `${top}px`;
    below.style.height = `${height - top}px`;
    below.height = Math.max(1, Math.round((height - top) * ratio));
    columns = Math.max(64, Math.min(ring.widest, above.width));
    resized();
    soon();
  });
  sizes.observe(frame);
  const ends = [
    effect(() => {
      for (const one of [state.span, state.scale, state.colours, state.channel]) void one.value;
      soon();
    }),
    effect(() => {
      isDark();
      void remPx.value;
      // The attribute of the theme is set by another effect of the same change.
      queueMicrotask(() => {
        inks = inksOf(frame);
        soon();
      });
    }),
  ];

  return {
    get columns() {
      return columns;
    },
    row(row) {
      const first = ring.count === 0;
      const slot = ring.push(row);
      painter?.row(slot);
      if (state.auto.peek()) state.scale.value = followed(first ? null : state.scale.peek(), scaleOf(ring, slot));
      soon();
    },
    close() {
      cancelAnimationFrame(wanted);
      sizes.disconnect();
      for (const end of ends) end();
      painter?.close();
    },
  };
}
