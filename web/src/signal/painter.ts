import type { ColourMapName } from './colour-map.ts';
import type { LevelScale } from './level-scale.ts';
import type { Span } from './span.ts';

export type Rgb = readonly [number, number, number];

export interface WaterfallLook {
  readonly span: Span;
  readonly scale: LevelScale;
  readonly colours: ColourMapName;
  /** Red, green and blue, 0 to 255, where there are no data. */
  readonly empty: Rgb;
  /** Picture elements that a row is high. */
  readonly rowHeight: number;
}

/** Paints the rows of a ring on a canvas, the newest on top. */
export interface Painter {
  /** A row came into this slot of the ring. */
  row(slot: number): void;
  paint(look: WaterfallLook): void;
  close(): void;
}
