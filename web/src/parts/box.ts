/** A rectangle of a picture, by its middle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const overlap = (a: Box, b: Box): boolean =>
  2 * Math.abs(a.x - b.x) < a.width + b.width && 2 * Math.abs(a.y - b.y) < a.height + b.height;

export const isInside = (a: Box, b: Box): boolean =>
  2 * Math.abs(a.x - b.x) + a.width <= b.width && 2 * Math.abs(a.y - b.y) + a.height <= b.height;
