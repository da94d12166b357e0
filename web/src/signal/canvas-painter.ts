import { colourMap } from './colour-map.ts';
import type { Painter, WaterfallLook } from './painter.ts';
import type { RowRing } from './row-ring.ts';

/** Without WebGL: rows that came are painted on top of what is moved down; all of them when the look changed. */
export function canvasPainter(canvas: HTMLCanvasElement, ring: RowRing): Painter | null {
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) return null;
  let fresh = 0;
  let painted = '';
  let colours = colourMap('viridis');

  function paintRow(image: ImageData, age: number, look: WaterfallLook): void {
    const slot = ring.slot(age);
    const { data, width } = image;
    if (slot === null) {
      for (let x = 0; x < width; x++) data.set([...look.empty, 255], 4 * x);
      return;
    }
    const { lowHz, highHz, bins } = ring.row(slot);
    const { floorDb, rangeDb } = look.scale;
    const [first, step] = [look.span.lowHz, (look.span.highHz - look.span.lowHz) / width];
    const toBin = bins / (highHz - lowHz);
    const toColour = (255 * ring.stepDb) / rangeDb;
    const offset = (floorDb - ring.baseDb) / ring.stepDb;
    for (let x = 0; x < width; x++) {
      const bin = Math.floor((first + (x + 0.5) * step - lowHz) * toBin);
      const inside = bin >= 0 && bin < bins;
      const level = inside ? (ring.levels[slot * ring.widest + bin]! - offset) * toColour : 0;
      const at = 4 * Math.max(0, Math.min(255, Math.round(level)));
      for (let c = 0; c < 4; c++) data[4 * x + c] = inside || c === 3 ? colours[at + c]! : look.empty[c]!;
    }
  }

  return {
    row() {
      fresh++;
    },
    paint(look) {
      const { width, height } = canvas;
      // The automatic scale moves by little: rows that stand there keep their colours.
      const name = [
        look.span.lowHz,
        look.span.highHz,
        look.colours,
        look.empty,
        Math.round(look.scale.floorDb / 3),
        Math.round(look.scale.rangeDb / 3),
        width,
        height,
      ].join();
      const rows = Math.ceil(height / look.rowHeight);
      if (name !== painted || fresh > rows) {
        painted = name;
        fresh = rows;
        colours = colourMap(look.colours);
      }
      if (fresh === 0) return;
      const moved = fresh * look.rowHeight;
      if (fresh < rows) context.drawImage(canvas, 0, moved);
      const image = context.createImageData(width, 1);
      for (let age = 0; age < fresh; age++) {
        paintRow(image, age, look);
        for (let y = 0; y < look.rowHeight; y++) context.putImageData(image, 0, age * look.rowHeight + y);
      }
      fresh = 0;
    },
    close() {},
  };
}
