/** A part of the spectrum, Hz. */
export interface Span {
  readonly lowHz: number;
  readonly highHz: number;
}

const narrowestHz = 500;

export const widthHz = ({ lowHz, highHz }: Span): number => highHz - lowHz;

/** @param x from 0 at the left edge to 1 at the right one */
export const hzAt = (span: Span, x: number): number => span.lowHz + x * widthHz(span);

export const placeOf = (span: Span, hz: number): number => (hz - span.lowHz) / widthHz(span);

/** Inside of `whole`: moved where there is room, else narrowed. */
export function within(span: Span, whole: Span): Span {
  const width = Math.min(widthHz(whole), Math.max(Math.min(narrowestHz, widthHz(whole)), widthHz(span)));
  const lowHz = Math.min(whole.highHz - width, Math.max(whole.lowHz, span.lowHz));
  return { lowHz, highHz: lowHz + width };
}

/** The frequency `atHz` stays where it is. @param factor below 1: nearer */
export function zoomed(span: Span, whole: Span, atHz: number, factor: number): Span {
  const least = Math.min(narrowestHz, widthHz(whole));
  const width = Math.min(widthHz(whole), Math.max(least, widthHz(span) * factor));
  const lowHz = atHz - placeOf(span, atHz) * width;
  return within({ lowHz, highHz: lowHz + width }, whole);
}

/** @param part of the width, positive towards higher frequencies */
export function panned(span: Span, whole: Span, part: number): Span {
  const by = part * widthHz(span);
  return within({ lowHz: span.lowHz + by, highHz: span.highHz + by }, whole);
}

/** Two fingers: what was below each of them stays below it. Places from 0 to 1. */
export function pinched(
  span: Span,
  whole: Span,
  before: readonly [number, number],
  after: readonly [number, number],
): Span {
  const apart = after[1] - after[0];
  if (Math.abs(apart) < 0.01) return span;
  const [a, b] = [hzAt(span, before[0]), hzAt(span, before[1])];
  const width = Math.abs((b - a) / apart);
  const lowHz = a - after[0] * width;
  return within({ lowHz, highHz: lowHz + width }, whole);
}

/** Round frequencies, at most `most` of them, and how many digits of MHz tell them apart. */
export function frequencyTicks(span: Span, most: number): { readonly hz: readonly number[]; readonly digits: number } {
  const stepHz = roundStep(widthHz(span) / Math.max(1, most));
  const hz: number[] = [];
  for (let k = Math.ceil(span.lowHz / stepHz); k * stepHz <= span.highHz; k++) hz.push(k * stepHz);
  return { hz, digits: Math.max(0, Math.min(6, 6 - Math.floor(Math.log10(stepHz)))) };
}

/** The next of 1, 2, 5, 10, 20 … */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}
