import type { LiveChannel } from '../../../daemon/api/live-wire.ts';
import { inksOf } from './overlay.ts';

/** A canvas of the size that it has on the page, in CSS pixels; null while it is not shown. */
function prepared(canvas: HTMLCanvasElement) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const context = canvas.getContext('2d');
  if (width === 0 || context === null) return null;
  const ratio = Math.min(2, devicePixelRatio);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, inks: inksOf(canvas) };
}

/** Levels over frequency; the line is where the signal is expected, the other one where it is. */
export function paintSpectrum(canvas: HTMLCanvasElement, look: LiveChannel): void {
  const on = prepared(canvas);
  if (on === null) return;
  const { context, width, height, inks } = on;
  const { spectrum, lowHz, highHz, offsetHz } = look;
  const [low, high] = [spectrum.reduce((a, b) => Math.min(a, b), 255), spectrum.reduce((a, b) => Math.max(a, b), 0)];
  const range = Math.max(15 / look.stepDb, high - low) * 1.08;
  const x = (hz: number) => ((hz - lowHz) / (highHz - lowHz)) * width;
  context.fillStyle = inks.line;
  context.fillRect(x(0), 0, 1, height);
  if (Number.isFinite(offsetHz)) {
    context.fillStyle = inks.warn;
    context.fillRect(x(offsetHz) - 1, 0, 2, height);
  }
  context.beginPath();
  spectrum.forEach((level, i) => {
    context.lineTo(((i + 0.5) / spectrum.length) * width, height - 2 - ((level - low) / range) * (height - 4));
  });
  context.strokeStyle = inks.accent;
  context.lineWidth = 1.3;
  context.stroke();
}

/** The symbols of PSK as dots, or traces of the eye of FSK. */
export function paintPoints(canvas: HTMLCanvasElement, look: LiveChannel): void {
  const on = prepared(canvas);
  if (on === null) return;
  const { context, width, height, inks } = on;
  context.fillStyle = inks.line;
  context.fillRect(0, height / 2, width, 1);
  if (look.shape === 'constellation') {
    context.fillRect(width / 2, 0, 1, height);
    const half = Math.min(width, height) / 2;
    context.fillStyle = inks.accent;
    context.globalAlpha = 0.6;
    for (let i = 0; i + 1 < look.points.length; i += 2)
      context.fillRect(
        width / 2 + (look.points[i]! / 127) * half - 1,
        height / 2 - (look.points[i + 1]! / 127) * half - 1,
        2,
        2,
      );
  } else {
    const { traceLength, points } = look;
    if (traceLength < 2) return;
    context.strokeStyle = inks.accent;
    context.globalAlpha = 0.5;
    context.beginPath();
    for (let i = 0; i < points.length; i++) {
      const at = i % traceLength;
      const [x, y] = [(at / (traceLength - 1)) * width, (height / 2) * (1 - points[i]! / 127)];
      if (at === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** How often each soft symbol came, from −1.5 to 1.5. */
export function paintHistogram(canvas: HTMLCanvasElement, { histogram }: LiveChannel): void {
  const on = prepared(canvas);
  if (on === null) return;
  const { context, width, height, inks } = on;
  const most = Math.max(1, ...histogram);
  const bar = width / histogram.length;
  context.fillStyle = inks.accent;
  histogram.forEach((count, i) => {
    const size = (count / most) * (height - 4);
    context.fillRect(i * bar, height - size, Math.max(1, bar - 0.5), size);
  });
  context.fillStyle = inks.quiet;
  for (const symbol of [-1, 0, 1]) context.fillRect(((symbol + 1.5) / 3) * width, 0, 1, height);
}
