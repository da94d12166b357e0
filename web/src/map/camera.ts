/** The part of the map that is looked at: `zoom` times as large, its upper left corner at x, y. */
export interface Camera {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const mapWidth = 960;
export const mapHeight = 500;
export const wholeMap: Camera = { zoom: 1, x: 0, y: 0 };
const mostZoom = 16;
/** Of what is seen, at each side: a satellite there is nearly out of view. */
const edge = 0.1;

/** The point at `atX`, `atY` of the map stays where it is. */
export function zoomed({ zoom, x, y }: Camera, factor: number, atX: number, atY: number): Camera {
  const next = Math.max(1, Math.min(mostZoom, zoom * factor));
  const by = zoom / next;
  return inside({ zoom: next, x: atX - (atX - x) * by, y: atY - (atY - y) * by });
}

/** @param dx, dy of the map's width and height as it is seen */
export function moved({ zoom, x, y }: Camera, dx: number, dy: number): Camera {
  return inside({ zoom, x: x + (dx * mapWidth) / zoom, y: y + (dy * mapHeight) / zoom });
}

/** The point comes to the middle, unless it lies well inside of what is seen. */
export function brought(camera: Camera, atX: number, atY: number): Camera {
  const { zoom, x, y } = camera;
  const isInside = (part: number) => part > edge && part < 1 - edge;
  if (isInside(((atX - x) * zoom) / mapWidth) && isInside(((atY - y) * zoom) / mapHeight)) return camera;
  return inside({ zoom, x: atX - mapWidth / 2 / zoom, y: atY - mapHeight / 2 / zoom });
}

/** Nothing beside the map is looked at. */
function inside({ zoom, x, y }: Camera): Camera {
  const clamp = (value: number, size: number) => Math.max(0, Math.min(size - size / zoom, value));
  return { zoom, x: clamp(x, mapWidth), y: clamp(y, mapHeight) };
}
