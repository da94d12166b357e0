import type { ModulationParams, ReceiverInput } from '../core/receiver.ts';
import { afskPlans } from './afsk-plans.ts';
import { defaultSearchHz } from './carrier-search.ts';
import type { Stage } from './channel-filter.ts';
import { fmReceiver } from './fm-receiver.ts';
import { chain, front, rescaled } from './front.ts';
import { fskAudioPlans } from './fsk-audio.ts';
import { fskCpm } from './fsk-cpm.ts';
import { fskReal, fskRealVariants } from './fsk-real.ts';
import { fskSubaudioPlans } from './fsk-subaudio.ts';
import { psk } from './psk.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** GMSK and MSK, what most satellites send. */
const nominalIndex = 0.5;
/** Indices that the sequence detector is made for; beyond them the discriminator serves alone. */
const indexRange = [0.42, 1.1] as const;
/** From here on the likeliest error is a single symbol. */
const singleErrorsFrom = 0.85;

/** Where the adaptive receiver starts that finds the index by itself: it converges from here to 0.55 … 1.1. */
const adaptiveStart = 0.7;

/**
 * Indices to be received side by side: the declared one is a prior only, since many published deviations are wrong or
 * missing. Each receiver follows the index that it finds: one near ½, where the squaring synchroniser serves, one above.
 */
function modulationIndices({ deviationHz, symbolRate }: ModulationParams): number[] {
  if (deviationHz === undefined) return [nominalIndex, adaptiveStart];
  const declared = (2 * Math.abs(deviationHz)) / symbolRate;
  if (declared < indexRange[0] || declared > indexRange[1]) return [];
  return Math.abs(declared - nominalIndex) < 0.05 ? [nominalIndex, adaptiveStart] : [declared, nominalIndex];
}

/** A demodulator to be made, with the number of soft-symbol variants that it will give. */
export interface DemodulatorPlan {
  readonly name: string;
  readonly variants: number;
  /** What its most likely errors look like: two neighbouring symbols of CPM near h ½, else single ones. */
  readonly errorEvents: 'pairs' | 'singles';
  /** A fallback beside a better demodulator: little list decoding is spent on it. */
  readonly fallback?: true;
  /** Whether it can decode a convolutional code jointly. */
  readonly joint?: true;
  /** Whether it decodes differential bits iteratively with a code. */
  readonly differential?: true;
  readonly make: (sink: SymbolSink) => SymbolDemodulator;
}

/** What the framing means to the demodulator. */
export interface FramingDemands {
  /** Symbols of the longest frame under a convolutional code, which is decoded with the modulation; 0: no such code. */
  readonly codedSymbols: number;
  /** Channel bits of the words, one of which precedes every such frame: all as long, some 100 symbols. */
  readonly syncWords?: readonly Uint8Array[];
}

/**
 * The demodulators of a modulation on an input: all of them are meant to run side by side.
 * @throws RangeError when the symbol rate does not fit the input
 */
export function makeDemodulators(
  params: ModulationParams,
  input: ReceiverInput,
  demands: FramingDemands = { codedSymbols: 0 },
): readonly DemodulatorPlan[] {
  const { symbolRate, kind } = params;
  const { sampleRate } = input;
  if (!(sampleRate >= 2 * symbolRate))
    throw new RangeError(`${symbolRate} Bd does not fit an input of ${sampleRate} samples/s`);
  switch (kind) {
    case 'fsk-subaudio':
      return fskSubaudioPlans(params, input);
    case 'fsk': {
      if (input.kind !== 'iq') return fskAudioPlans(params, sampleRate);
      const real: DemodulatorPlan = {
        name: 'discriminator',
        variants: fskRealVariants,
        errorEvents: 'singles',
        make: (sink) => fskFromIq(params, input, sink),
      };
      const plans: DemodulatorPlan[] = modulationIndices(params).map((h) => ({
        name: h === nominalIndex ? 'cpm' : `cpm-${h.toFixed(2)}`,
        variants: 1,
        errorEvents: h < singleErrorsFrom ? 'pairs' : 'singles',
        joint: true,
        make: (sink) => cpmFromIq(params, input, h, demands, sink),
      }));
      return plans.length > 0 ? [...plans, { ...real, fallback: true }] : [real];
    }
    case 'afsk':
      return afskPlans(params, input);
    case 'bpsk':
    case 'bpsk-manchester':
    case 'dbpsk':
    case 'dbpsk-manchester':
      return [
        {
          name: 'psk',
          variants: 1,
          errorEvents: 'singles',
          ...(kind === 'dbpsk' || kind === 'dbpsk-manchester' ? { differential: true } : {}),
          make: (sink) => pskFrom(params, input, sink),
        },
      ];
  }
}

type IqInput = Extract<ReceiverInput, { kind: 'iq' }>;

function fskWidthHz(params: ModulationParams): number {
  return 2 * Math.abs(params.deviationHz ?? params.symbolRate / 4) + params.symbolRate;
}

function cpmFromIq(
  params: ModulationParams,
  input: IqInput,
  h: number,
  demands: FramingDemands,
  sink: SymbolSink,
): SymbolDemodulator {
  const { symbolRate } = params;
  const { sampleRate } = input;
  const searchHz = input.searchHz ?? defaultSearchHz(sampleRate, fskWidthHz(params));
  const passHz = Math.min(searchHz + 0.9 * symbolRate, 0.45 * sampleRate);
  const minRate = Math.max(4.5 * symbolRate, 2.2 * passHz);
  let toCpm: Stage = () => {};
  const { stages, rate } = front(input, input.offsetHz ?? 0, passHz, minRate, (iq, n) => toCpm(iq, n));
  const coded = demands.codedSymbols > 0;
  const cpm = fskCpm(
    {
      sampleRate: rate,
      symbolRate,
      searchHz,
      h,
      ...(coded ? { historySymbols: demands.codedSymbols, syncWords: demands.syncWords ?? [] } : {}),
    },
    rescaled(sink, sampleRate / rate),
  );
  toCpm = cpm.push;
  return chain(stages, cpm, 2);
}

function fskFromIq(params: ModulationParams, input: IqInput, sink: SymbolSink): SymbolDemodulator {
  const { symbolRate } = params;
  const { sampleRate } = input;
  const widthHz = fskWidthHz(params);
  const searchHz = input.searchHz ?? defaultSearchHz(sampleRate, widthHz);
  const passHz = Math.min(searchHz + widthHz / 2, 0.45 * sampleRate);
  const minRate = Math.max(4.5 * symbolRate, 2.2 * passHz);
  let toFm: Stage = () => {};
  let toSymbols: Stage = () => {};
  const { stages, rate } = front(input, input.offsetHz ?? 0, passHz, minRate, (iq, n) => toFm(iq, n));
  const fm = fmReceiver(rate, symbolRate, widthHz, searchHz, (audio, n) => toSymbols(audio, n));
  toFm = fm.stage.push;
  const last = fskReal(
    { sampleRate: rate, symbolRate, hzPerUnit: 1 },
    rescaled(sink, sampleRate / rate, fm.offsetHzAt),
  );
  toSymbols = last.push;
  return chain([...stages, fm.stage], last, 2, (fm.latency * sampleRate) / rate);
}

function pskFrom(params: ModulationParams, input: ReceiverInput, sink: SymbolSink): SymbolDemodulator {
  const { symbolRate, kind } = params;
  const { sampleRate } = input;
  const manchester = kind.endsWith('manchester');
  const chipRate = manchester ? 2 * symbolRate : symbolRate;
  const iqInput = input.kind === 'iq';
  const nominalHz = symbolRate <= 2400 ? 1500 : 12_000;
  const shiftHz = iqInput
    ? (input.offsetHz ?? 0)
    : input.kind === 'ssb-audio'
      ? (input.carrierHz ?? nominalHz)
      : nominalHz;
  const asked = input.kind === 'fm-audio' ? undefined : input.searchHz;
  // ±1 kHz is promised. Where nobody says where the carrier is, a wide signal may lie anywhere in the audio band, and the
  // recording's clock may be off as well (3CAT-2: 4.5 kHz low and 1.3 % slow); a narrow one would meet its image.
  const anywhere = input.kind === 'ssb-audio' && input.carrierHz === undefined && chipRate > 4800;
  const audioSearchHz = anywhere ? Math.max(1000, nominalHz - 0.75 * chipRate) : 1000;
  const searchHz = asked ?? (iqInput ? defaultSearchHz(sampleRate, 1.35 * chipRate) : audioSearchHz);
  let toPsk: Stage = () => {};
  const minRate = Math.max(4.5 * chipRate, 4.4 * searchHz);
  const { stages, rate } = front(input, shiftHz, searchHz + 0.7 * chipRate, minRate, (iq, n) => toPsk(iq, n));
  const last = psk(
    {
      sampleRate: rate,
      symbolRate,
      searchHz,
      differential: kind.startsWith('d'),
      manchester,
      ...(anywhere ? { maxRateError: 0.02 } : {}),
    },
    rescaled(sink, sampleRate / rate),
  );
  toPsk = last.push;
  const { differentialDecoder } = last;
  return { ...chain(stages, last, iqInput ? 2 : 1), ...(differentialDecoder ? { differentialDecoder } : {}) };
}
