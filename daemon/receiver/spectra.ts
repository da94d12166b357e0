import { bytesPerSample, type SampleFormat } from '../../dsp/kernels/sample-format.ts';
import { type BlockSpectrum, blockSpectrum } from '../../dsp/spectrum/block-spectrum.ts';
import { findSignal } from '../../dsp/spectrum/find-signal.ts';
import { dopplerAt } from '../tracking/doppler-curve.ts';
import { type BlockSampler, blockSampler } from './block-sampler.ts';
import { type ChannelPlan, halfWidthHz } from './channel-plan.ts';
import type { HeardSignal, LiveMessage, LiveOrder, RowOrder } from './live-order.ts';
import { partOf, type RowMaker, rowMaker } from './row-maker.ts';
import type { TimeOfSample } from './timeline.ts';

export interface SpectraTask {
  readonly format: SampleFormat;
  readonly centreHz: number;
  readonly sampleRate: number;
  readonly channels: readonly ChannelPlan[];
  readonly timeOf: TimeOfSample;
  readonly now: () => number;
}

/** Spectra of a capture, of a bounded share of its samples: one row a second always, others while somebody looks. */
export interface Spectra {
  push(bytes: Uint8Array, samples: number, firstSample: number, gap: boolean): void;
  order(order: LiveOrder): void;
}

const leastSize = 256;
const mostSize = 32_768;
/** Bins of the transform in a column: a carrier that one of them holds stands out of the noise the more, the narrower it is. */
const binsAColumn = 4;
/** Samples that are transformed in a second for those who look, and always. */
const liveSamplesPerS = 400_000;
const slowSamplesPerS = 250_000;
const slowBlocksPerS = [8, 16] as const;
/** Columns of the rows that are kept of a pass. */
export const slowBins = 512;
/** Bins of the slow spectra in half of the narrowest signal. */
const binsInHalfWidth = 4;
/** The receiver's own spike, bins to either side of its centre. */
const spikeBins = 2;
const usableOfRate = 0.45;
/** Noise beside a signal is taken from so many of its half widths, and at least from this far. */
const besideHalfWidths = 4;
const besideHz = 20_000;

export function makeSpectra(task: SpectraTask, post: (message: LiveMessage) => void): Spectra {
  const slow = sampled(slowSize(task), slowBlocks(task), task, (at) => [
    rowMaker({ bins: slowBins, rowsPerS: 1 }, at, (row, sums, blocks) => {
      const hearing = withoutSpike(sums);
      const heard = task.channels.map((plan, i) => heardOf(plan, row.channelsHz[i]!, hearing, blocks, task));
      post({ kind: 'second', row, heard });
    }),
  ]);
  let live: Sampled | null = null;
  return {
    push(bytes, samples, firstSample, gap) {
      slow.push(bytes, samples, firstSample, gap);
      live?.push(bytes, samples, firstSample, gap);
    },
    order({ rows }) {
      live = null;
      if (rows.length === 0) return;
      const size = Math.max(...rows.map((row) => sizeFor(row, task)));
      const fastest = Math.max(...rows.map(({ rowsPerS }) => rowsPerS));
      live = sampled(size, Math.max(fastest, liveSamplesPerS / size), task, (at) =>
        rows.map((order) => rowMaker(order, at, (row) => post({ kind: 'row', id: order.id, row }))),
      );
    },
  };
}

type Sampled = BlockSampler;

/** Rows of any number of kinds from the same transforms. */
function sampled(
  size: number,
  blocksPerS: number,
  task: SpectraTask,
  makersOf: (capture: Parameters<typeof rowMaker>[1]) => readonly RowMaker[],
): Sampled {
  const { format, sampleRate, centreHz, channels, timeOf, now } = task;
  const spectrum: BlockSpectrum = blockSpectrum(size, format);
  const power = new Float32Array(size);
  const at = (sample: number) => {
    const timeMs = timeOf(sample);
    const channelsHz = Float64Array.from(channels, ({ frequencyHz, doppler }) =>
      doppler === undefined || timeMs === null ? frequencyHz : frequencyHz + dopplerAt(doppler, frequencyHz, timeMs),
    );
    return { timeMs, channelsHz };
  };
  const makers = makersOf({ centreHz, sampleRate, size, at, now });
  const sampler = blockSampler(size, sampleRate / blocksPerS, bytesPerSample[format], (bytes, firstSample) => {
    power.fill(0);
    spectrum.add(bytes, power);
    for (const maker of makers) maker.add(power, firstSample);
  });
  return {
    push(bytes, samples, firstSample, gap) {
      if (gap) for (const maker of makers) maker.restart();
      sampler.push(bytes, samples, firstSample, gap);
    },
  };
}

function powerOfTwo(size: number): number {
  return Math.max(leastSize, Math.min(mostSize, 2 ** Math.ceil(Math.log2(size))));
}

function sizeFor(order: RowOrder, { centreHz, sampleRate }: SpectraTask): number {
  const [lowHz, highHz] = partOf(order, centreHz, sampleRate);
  return powerOfTwo((binsAColumn * order.bins * sampleRate) / (highHz - lowHz));
}

function slowSize({ sampleRate, channels }: SpectraTask): number {
  const narrowest = Math.min(sampleRate / 100, ...channels.map(({ mode }) => halfWidthHz(mode.modulation)));
  return powerOfTwo(Math.max(slowBins, (binsInHalfWidth * sampleRate) / narrowest));
}

function slowBlocks(task: SpectraTask): number {
  const [least, most] = slowBlocksPerS;
  return Math.max(least, Math.min(most, slowSamplesPerS / slowSize(task)));
}

/** The bins of the receiver's spike filled with what is beside it. */
function withoutSpike(sums: Float32Array): Float32Array {
  const middle = sums.length >> 1;
  const beside = (sums[middle - spikeBins - 1]! + sums[middle + spikeBins + 1]!) / 2;
  return sums.slice().fill(beside, middle - spikeBins, middle + spikeBins + 1);
}

function heardOf(
  { mode, searchHz }: ChannelPlan,
  expectedHz: number,
  sums: Float32Array,
  averages: number,
  { centreHz, sampleRate }: SpectraTask,
): HeardSignal {
  const half = halfWidthHz(mode.modulation);
  const binHz = sampleRate / sums.length;
  const toBin = (hz: number) => (hz - centreHz) / binHz + sums.length / 2;
  const beside = searchHz + Math.max(besideHz, besideHalfWidths * half);
  const usable = usableOfRate * sampleRate;
  const found = findSignal(sums, {
    expected: toBin(expectedHz),
    reach: searchHz / binHz,
    width: (2 * half) / binHz,
    low: toBin(Math.max(expectedHz - beside, centreHz - usable)),
    high: toBin(Math.min(expectedHz + beside, centreHz + usable)),
    averages,
  });
  return found && { snrDb: found.snrDb, offsetHz: (found.centre - toBin(expectedHz)) * binHz };
}
