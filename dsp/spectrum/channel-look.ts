import type { ModulationParams } from '../core/receiver.ts';
import type { Iq } from '../core/types.ts';
import { powerSpectrum } from '../filter/spectrum.ts';
import { findSignal } from './find-signal.ts';
import { lookAtAfsk, lookAtFsk } from './fsk-look.ts';
import { levelScale, writeLevels } from './levels.ts';
import { lookAtPsk } from './psk-look.ts';
import type { SymbolLook } from './symbol-look.ts';

/** A piece of a channel's samples; frequencies in Hz against where the signal is expected. */
export interface ChannelPiece {
  readonly iq: Iq;
  readonly sampleRate: number;
  readonly modulation: ModulationParams;
  /** Half of the band that the signal takes, and how far away it may be. */
  readonly halfWidthHz: number;
  readonly searchHz: number;
  /** Where the samples are flat. */
  readonly flatHz: readonly [number, number];
}

/** What a piece of a channel shows; see LiveChannel for the units. */
export interface ChannelLook {
  readonly snrDb: number;
  readonly offsetHz: number;
  readonly lowHz: number;
  readonly highHz: number;
  readonly floorDb: number;
  readonly stepDb: number;
  readonly spectrum: Uint8Array;
  readonly shape: 'constellation' | 'eye';
  readonly traceLength: number;
  readonly points: Int8Array;
  readonly histogram: Uint16Array;
}

const columns = 256;
/** Bins of the spectrum in half of the signal's width, and how many there may be. */
const binsInHalfWidth = 12;
const leastBins = 64;
const mostBins = 4096;
/** Pieces overlap by half: so many of them are independent. */
const independent = 0.75;

/** Spectrum, signal-to-noise ratio, offset, and the symbols of a piece of a channel. @throws RangeError for less than 128 samples */
export function lookAtChannel(piece: ChannelPiece): ChannelLook {
  const { iq, sampleRate, modulation, halfWidthHz, searchHz, flatHz } = piece;
  const samples = iq.length >> 1;
  if (samples < 2 * leastBins) throw new RangeError(`${samples} samples are too few to look at`);
  const wished = 2 ** Math.ceil(Math.log2((binsInHalfWidth * sampleRate) / halfWidthHz));
  const bins = Math.max(leastBins, Math.min(mostBins, wished, 2 ** Math.floor(Math.log2(samples / 2))));
  const { power, pieces } = meanSpectrum(iq, bins);
  const binHz = sampleRate / bins;
  const toBin = (hz: number) => hz / binHz + bins / 2;
  const found = findSignal(power, {
    expected: toBin(0),
    reach: searchHz / binHz,
    width: (2 * halfWidthHz) / binHz,
    low: toBin(Math.max(flatHz[0], -0.48 * sampleRate)),
    high: toBin(Math.min(flatHz[1], 0.48 * sampleRate)),
    averages: Math.max(1, independent * pieces),
  });
  const coarseHz = found === null ? 0 : (found.centre - bins / 2) * binHz;
  const look = symbolsOf(modulation, { iq, sampleRate, offsetHz: coarseHz, halfWidthHz });
  const shownHz = Math.min(sampleRate / 2, searchHz + 3 * halfWidthHz);
  const lowHz = Math.max(-shownHz, Math.min(flatHz[0], -halfWidthHz));
  const highHz = Math.min(shownHz, Math.max(flatHz[1], halfWidthHz));
  const spectrum = new Uint8Array(columns);
  writeLevels(power, 1, toBin(lowHz) + 0.5, toBin(highHz) + 0.5, spectrum);
  return {
    snrDb: found?.snrDb ?? Number.NaN,
    offsetHz: found === null ? Number.NaN : coarseHz + look.fineHz,
    ...{ lowHz, highHz, ...levelScale, spectrum },
    ...{ shape: look.shape, traceLength: look.traceLength, points: look.points, histogram: look.histogram },
  };
}

function symbolsOf(modulation: ModulationParams, piece: Parameters<typeof lookAtFsk>[1]): SymbolLook {
  switch (modulation.kind) {
    case 'fsk':
    case 'fsk-subaudio':
    case 'fsk4':
      return lookAtFsk(modulation.symbolRate, piece);
    case 'afsk':
      return lookAtAfsk(modulation, piece);
    case 'bpsk':
    case 'dbpsk':
      return lookAtPsk(modulation.symbolRate, false, piece);
    case 'bpsk-manchester':
    case 'dbpsk-manchester':
      return lookAtPsk(modulation.symbolRate, true, piece);
  }
}

function meanSpectrum(iq: Iq, bins: number): { readonly power: Float32Array; readonly pieces: number } {
  const samples = iq.length >> 1;
  const one = powerSpectrum(bins);
  const work = new Float32Array(bins);
  const power = new Float32Array(bins);
  const pieces = Math.floor((2 * (samples - bins)) / bins) + 1;
  for (let piece = 0; piece < pieces; piece++) {
    one.measure(iq, (piece * bins) >> 1, work);
    for (let k = 0; k < bins; k++) power[k] = power[k]! + work[k]! / pieces;
  }
  return { power, pieces };
}
