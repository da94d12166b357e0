import { levelScale, writeLevels } from '../../dsp/spectrum/levels.ts';
import type { RowOrder, SpectrumRow } from './live-order.ts';

export interface RowMaker {
  /** The power spectrum of one block, lowest frequency first. */
  add(power: Float32Array, firstSample: number): void;
  /** What was begun is given up. */
  restart(): void;
}

export interface RowCapture {
  readonly centreHz: number;
  readonly sampleRate: number;
  /** Bins, and samples, of a block. */
  readonly size: number;
  /** Where each channel is at a sample, and the time of it. */
  readonly at: (sample: number) => { readonly timeMs: number | null; readonly channelsHz: Float64Array };
  /** Milliseconds of a clock that is not set. */
  readonly now: () => number;
}

/** A recording is read faster than it was made: its rows come no faster than this times what is asked. */
const fastest = 1.25;

/**
 * Means of spectra over the time of a row.
 * @param onRow its levels are valid until it returns; `sums` and `blocks` are what they were made of
 */
export function rowMaker(
  order: RowOrder,
  capture: RowCapture,
  onRow: (row: SpectrumRow, sums: Float32Array, blocks: number) => void,
): RowMaker {
  const { centreHz, sampleRate, size } = capture;
  const [lowHz, highHz] = partOf(order, centreHz, sampleRate);
  const binHz = sampleRate / size;
  // Bin k is centred on k − size/2 and reaches half a bin to either side.
  const edge = (hz: number) => (hz - centreHz) / binHz + size / 2 + 0.5;
  const sums = new Float32Array(size);
  const levels = new Uint8Array(order.bins);
  const rowSamples = sampleRate / order.rowsPerS;
  const leastMs = 1000 / order.rowsPerS / fastest;
  let blocks = 0;
  let from = 0;
  /** Sample at which the row is over. */
  let due = Number.NaN;
  let rowAt = Number.NEGATIVE_INFINITY;

  function restart(): void {
    blocks = 0;
    sums.fill(0);
  }

  return {
    restart() {
      restart();
      due = Number.NaN;
    },
    add(power, firstSample) {
      if (blocks === 0) from = firstSample;
      for (let k = 0; k < size; k++) sums[k] = sums[k]! + power[k]!;
      blocks += 1;
      const end = firstSample + size;
      if (Number.isNaN(due)) due = firstSample + rowSamples;
      if (end < due || capture.now() - rowAt < leastMs) return;
      rowAt = capture.now();
      due = Math.max(due, end - rowSamples) + rowSamples;
      writeLevels(sums, blocks, edge(lowHz), edge(highHz), levels);
      onRow({ ...capture.at((from + end) / 2), lowHz, highHz, ...levelScale, levels }, sums, blocks);
      restart();
    },
  };
}

/** What of the wanted part lies in the capture; all of that when nothing does. */
export function partOf(order: RowOrder, centreHz: number, sampleRate: number): readonly [number, number] {
  const low = centreHz - sampleRate / 2;
  const high = centreHz + sampleRate / 2;
  const lowHz = Math.max(low, order.lowHz ?? low);
  const highHz = Math.min(high, order.highHz ?? high);
  return lowHz < highHz ? [lowHz, highHz] : [low, high];
}
