import type { ModulationParams } from '../core/receiver.ts';
import { doubleRate, type Stage } from './channel-filter.ts';
import { usualBt } from './cpm/pulse-estimator.ts';
import type { DemodulatorPlan } from './demodulator.ts';
import { chain, front, ofAudio, rescaled } from './front.ts';
import { fskCpm } from './fsk-cpm.ts';
import { fskReal, fskRealVariants } from './fsk-real.ts';
import { type RemodulateOptions, Remodulator } from './remodulate.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** The audio's gain is unknown: its deviation is taken for that of GMSK. */
const assignedIndex = 0.5;
/** Carrier search that the synchroniser does in one go, in symbol rates. */
const leastSearch = 0.13;
/** Symbols on each side that a level comes from: a burst's preamble is 256 long. */
const levelSide = 96;

interface Remodulation {
  readonly name: string;
  readonly zeroLine: RemodulateOptions['zeroLine'];
  readonly alpha: number;
  /** The carrier is searched within ± this, Hz of a signal with the assigned deviation, and at least as far as costs little. */
  readonly searchHz: number;
}

/**
 * Two ways back from audio to Iq. With the audio's own zero line where it is DC-coupled: the carrier's offset is then a
 * constant, which the synchroniser finds. With a restored one where a sound card's high-pass has bent it: it jitters, so
 * the detector gets a short memory.
 */
const remodulations: readonly Remodulation[] = [
  { name: 'remodulated', zeroLine: 'kept', alpha: 0.75, searchHz: 1100 },
  { name: 'remodulated-ac', zeroLine: 'restored', alpha: 0.6, searchHz: 0 },
];

/**
 * The demodulators of FSK on FM audio, to run side by side. A convolutional code is decoded after them: the long phase
 * memory of a joint decoding does not bear what is uncertain in the scale and the zero line.
 */
export function fskAudioPlans(params: ModulationParams, sampleRate: number): readonly DemodulatorPlan[] {
  const robust: DemodulatorPlan = {
    name: 'discriminator',
    variants: fskRealVariants,
    errorEvents: 'singles',
    fallback: true,
    make: (sink) => fskFromAudio(params, sampleRate, sink),
  };
  const plans = remodulations.map(
    (way): DemodulatorPlan => ({
      name: way.name,
      variants: 1,
      errorEvents: 'pairs',
      make: (sink) => fskRemodulated(params, sampleRate, way, sink),
    }),
  );
  return [...plans, robust];
}

function fskFromAudio(params: ModulationParams, sampleRate: number, sink: SymbolSink): SymbolDemodulator {
  const { symbolRate } = params;
  const double = sampleRate < 4 * symbolRate;
  const rate = double ? 2 * sampleRate : sampleRate;
  const last = fskReal({ sampleRate: rate, symbolRate, hzPerUnit: Number.NaN }, rescaled(sink, sampleRate / rate));
  return chain(double ? [doubleRate(1, last.push)] : [], last, 1);
}

function fskRemodulated(
  params: ModulationParams,
  sampleRate: number,
  way: Remodulation,
  sink: SymbolSink,
): SymbolDemodulator {
  const { symbolRate } = params;
  const searchHz = Math.min(Math.max(way.searchHz, leastSearch * symbolRate), 0.46 * sampleRate);
  let toFront: Stage = () => {};
  const remodulator = new Remodulator(
    { sampleRate, symbolRate, h: assignedIndex, sideSymbols: levelSide, zeroLine: way.zeroLine },
    (iq, n) => toFront(iq, n),
  );
  let toCpm: Stage = () => {};
  const passHz = Math.min(searchHz + 0.9 * symbolRate, 0.45 * sampleRate);
  const minRate = Math.max(4.5 * symbolRate, 2.2 * passHz);
  const { stages, rate } = front({ kind: 'iq', sampleRate }, 0, passHz, minRate, (iq, n) => toCpm(iq, n));
  // Where the zero line is restored, its jitter is all that a pulse estimate would see.
  const cpm = fskCpm(
    {
      sampleRate: rate,
      symbolRate,
      searchHz,
      h: assignedIndex,
      alpha: way.alpha,
      ...(way.zeroLine === 'kept' ? {} : { bt: usualBt }),
    },
    // Of audio of unknown gain nobody knows how many Hz its zero line is off.
    rescaled(ofAudio(sink), sampleRate / rate, () => Number.NaN),
  );
  toCpm = cpm.push;
  toFront = stages[0]?.push ?? cpm.push;
  const first = { push: (x: Float32Array, n: number) => remodulator.push(x, n), reset: () => remodulator.reset() };
  return chain([first, ...stages], cpm, 1, remodulator.latency);
}
