import { remPx } from '../parts/rem.ts';
import { texts } from '../texts.ts';
import type { Rgb } from './painter.ts';
import { nameOfChannel, type SignalState } from './signal-state.ts';
import { frequencyTicks, placeOf, type Span, widthHz } from './span.ts';

/** Heights in rem: the spectrum of the newest row, the frequency axis below it, then the waterfall. */
const [spectrumRem, axisRem] = [6, 1.375];

/** CSS pixels over the waterfall. @param rem CSS pixels too */
export const waterfallTopPx = (rem: number): number => Math.round((spectrumRem + axisRem) * rem);
const spectrumPx = (rem: number): number => Math.round(spectrumRem * rem);

/** Colours and the letters. */
export interface Inks {
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly panel: string;
  readonly ground: Rgb;
  readonly accent: string;
  readonly warn: string;
  readonly font: string;
}

/** The colours of the page, as they are now. */
export function inksOf(element: Element): Inks {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: of('ink'),
    quiet: of('quiet'),
    line: of('line'),
    panel: of('panel'),
    ground: rgbOf(of('ground')),
    accent: of('accent'),
    warn: of('warn'),
    font: `${0.75 * remPx.value}px system-ui, sans-serif`,
  };
}

/** @param hex #rrggbb, as in style.css */
const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

export interface OverlayLook {
  readonly span: Span;
  readonly width: number;
  readonly height: number;
  /** CSS pixels. */
  readonly rowHeight: number;
  readonly inks: Inks;
  /** CSS pixels. */
  readonly rem: number;
}

export function emptyOverlay(
  context: CanvasRenderingContext2D,
  { width, height, inks, rem }: Pick<OverlayLook, 'width' | 'height' | 'inks' | 'rem'>,
): void {
  context.clearRect(0, 0, width, height);
  context.fillStyle = inks.panel;
  context.fillRect(0, 0, width, waterfallTopPx(rem));
}

/** Spectrum, axes, and where each channel is, over the waterfall, on an empty canvas scaled to CSS pixels. */
export function paintOverlay(context: CanvasRenderingContext2D, state: SignalState, look: OverlayLook): void {
  context.font = look.inks.font;
  frequencyAxis(context, look);
  channelBoxes(context, state, look);
  spectrum(context, state, look);
  timeAxis(context, state, look);
  noData(context, state, look);
  channelNames(context, state, look);
}

const unitRoomRem = 2.125;

function frequencyAxis(context: CanvasRenderingContext2D, { span, width, inks, rem }: OverlayLook): void {
  const base = spectrumPx(rem) + 1.06 * rem;
  const { hz, digits } = frequencyTicks(span, width / (6.5 * rem));
  context.textAlign = 'center';
  for (const at of hz) {
    const x = Math.round(placeOf(span, at) * width) + 0.5;
    context.fillStyle = inks.line;
    context.fillRect(x - 0.5, 0, 1, spectrumPx(rem) + 4);
    context.fillStyle = inks.quiet;
    const text = (at / 1e6).toFixed(digits);
    const half = context.measureText(text).width / 2;
    if (x > half + unitRoomRem * rem && x < width - half) context.fillText(text, x, base);
  }
  context.fillStyle = inks.quiet;
  context.textAlign = 'left';
  context.fillText(texts.signal.unit, 2, base);
}

function spectrum(context: CanvasRenderingContext2D, state: SignalState, look: OverlayLook): void {
  const { span, width, inks, rem } = look;
  const spectrumHeight = spectrumPx(rem);
  const { ring } = state;
  const slot = ring.slot(0);
  if (slot === null) return;
  const { floorDb, rangeDb } = state.scale.value;
  const { lowHz, highHz, bins } = ring.row(slot);
  const binHz = (highHz - lowHz) / bins;
  const from = Math.max(0, Math.floor((span.lowHz - lowHz) / binHz));
  const to = Math.min(bins, Math.ceil((span.highHz - lowHz) / binHz));
  context.beginPath();
  for (let i = from; i < to; i++) {
    const db = ring.baseDb + ring.stepDb * ring.levels[slot * ring.widest + i]!;
    const y = spectrumHeight * (1 - Math.max(0, Math.min(1, (db - floorDb) / rangeDb)));
    context.lineTo(placeOf(span, lowHz + (i + 0.5) * binHz) * width, y);
  }
  context.strokeStyle = inks.accent;
  context.lineWidth = 1;
  context.stroke();
}

/** A box over the spectrum, and its edges down the waterfall, as the Doppler shift has them. */
function channelBoxes(context: CanvasRenderingContext2D, state: SignalState, look: OverlayLook): void {
  const { ring, capture, channel } = state;
  const { span, width, height, rowHeight, inks, rem } = look;
  const [spectrumHeight, waterfallTop] = [spectrumPx(rem), waterfallTopPx(rem)];
  capture.value?.channels.forEach((one, index) => {
    const chosen = one === channel.value;
    const slot = ring.slot(0);
    const hz = slot === null ? undefined : ring.row(slot).channelsHz[index];
    if (hz === undefined) return;
    const half = one.bandwidthHz / 2;
    const [left, right] = [placeOf(span, hz - half) * width, placeOf(span, hz + half) * width];
    context.fillStyle = chosen ? inks.warn : inks.quiet;
    context.globalAlpha = 0.22;
    context.fillRect(left, 0, right - left, spectrumHeight);
    context.globalAlpha = 1;
    context.strokeStyle = chosen ? '#ffb84d' : '#ffffff';
    context.lineWidth = chosen ? 1.5 : 1;
    context.setLineDash(chosen ? [] : [4, 4]);
    const rows = Math.min(ring.count, Math.ceil((height - waterfallTop) / rowHeight));
    for (const edge of [-half, half]) {
      context.beginPath();
      for (let age = 0; age < rows; age += 4) {
        const then = ring.row(ring.slot(age)!).channelsHz[index];
        if (then !== undefined) context.lineTo(placeOf(span, then + edge) * width, waterfallTop + age * rowHeight);
      }
      context.stroke();
    }
    context.setLineDash([]);
  });
}

function channelNames(context: CanvasRenderingContext2D, state: SignalState, look: OverlayLook): void {
  const { ring, capture, channel } = state;
  const slot = ring.slot(0);
  if (slot === null) return;
  const { channelsHz } = ring.row(slot);
  const ends: number[] = [];
  const { rem } = look;
  const many = (capture.value?.channels.length ?? 0) > 1;
  capture.value?.channels.forEach((one, index) => {
    const hz = channelsHz[index];
    if (hz === undefined || Math.abs(hz - (look.span.lowHz + look.span.highHz) / 2) > widthHz(look.span) / 2) return;
    const text = many ? nameOfChannel(one) : one.satellite;
    const room = context.measureText(text).width + rem / 2;
    const left = Math.max(0, Math.min(look.width - room, placeOf(look.span, hz) * look.width - room / 2));
    // Names that would lie over each other go below each other.
    let line = ends.findIndex((end) => end < left);
    if (line < 0) line = ends.length;
    ends[line] = left + room;
    if (line * 1.125 * rem > spectrumPx(rem)) return;
    context.fillStyle = one === channel.value ? look.inks.warn : look.inks.quiet;
    context.fillRect(left, 2 + 1.125 * rem * line, room, rem);
    context.fillStyle = look.inks.panel;
    context.textAlign = 'left';
    context.fillText(text, left + rem / 4, 2 + (0.75 + 1.125 * line) * rem);
  });
}

/** Below the oldest row, where there is room for it: that nothing is known of the time before. */
function noData(context: CanvasRenderingContext2D, { ring }: SignalState, look: OverlayLook): void {
  const { width, height, rowHeight, inks, rem } = look;
  const top = waterfallTopPx(rem) + ring.count * rowHeight;
  if (height - top < 3 * rem) return;
  const oldest = ring.slot(ring.count - 1);
  context.fillStyle = inks.quiet;
  context.textAlign = 'center';
  const time = oldest === null ? null : new Date(ring.row(oldest).timeMs).toISOString().slice(11, 19);
  context.fillText(time === null ? texts.signal.waiting : texts.signal.noDataBefore(time), width / 2, top + 1.8 * rem);
}

const timeStepsS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];
const leastTimeGapRem = 3.5;

function timeAxis(context: CanvasRenderingContext2D, state: SignalState, look: OverlayLook): void {
  const { ring } = state;
  const waterfallTop = waterfallTopPx(look.rem);
  const rows = Math.min(ring.count, Math.floor((look.height - waterfallTop) / look.rowHeight));
  if (rows < 2) return;
  const [newest, oldest] = [ring.row(ring.slot(0)!).timeMs, ring.row(ring.slot(rows - 1)!).timeMs];
  const pixelsPerS = (rows * look.rowHeight) / Math.max(0.001, (newest - oldest) / 1000);
  const stepMs = 1000 * (timeStepsS.find((step) => step * pixelsPerS >= leastTimeGapRem * look.rem) ?? 7200);
  context.textAlign = 'left';
  context.lineWidth = 3;
  context.strokeStyle = '#000000';
  context.fillStyle = '#ffffff';
  for (let age = 0; age < rows - 1; age++) {
    const { timeMs } = ring.row(ring.slot(age)!);
    const mark = Math.floor(timeMs / stepMs) * stepMs;
    if (ring.row(ring.slot(age + 1)!).timeMs >= mark) continue;
    const y = waterfallTop + (age + 1) * look.rowHeight;
    if (y < waterfallTop + 8 || y > look.height - 4) continue;
    context.fillRect(0, y, 8, 1);
    const text = texts.signal.clock(new Date(mark).toISOString().slice(11, 19));
    context.strokeText(text, 11, y + look.rem / 4);
    context.fillText(text, 11, y + look.rem / 4);
  }
}
