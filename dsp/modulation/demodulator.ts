import type { ErrorEvents } from '../coding/error-events.ts';
import type { ModulationParams, ReceiverInput } from '../core/receiver.ts';
import { afskPlans } from './afsk-plans.ts';
import { defaultSearchHz } from './carrier-search.ts';
import type { Pushing, Stage } from './channel-filter.ts';
import { chain, front, rescaled } from './front.ts';
import { fskAudioPlans } from './fsk-audio.ts';
import { fskIq } from './fsk-iq.ts';
import { fskSubaudioPlans } from './fsk-subaudio.ts';
import { fsk4Plans } from './fsk4.ts';
import { psk } from './psk.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** A demodulator to be made, with the number of soft-symbol variants that it will give. */
export interface DemodulatorPlan {
  readonly name: string;
  readonly variants: number;
  /** What its most likely errors look like, where need be by the modulation index that it finds. */
  readonly errorEvents: ErrorEvents | ((index: number) => ErrorEvents);
  /** A fallback beside a better demodulator: little list decoding is spent on it. */
  readonly fallback?: true;
  /** It measures carrier, Es/N0 and index far better than the others: frames wait for what it says of them. */
  readonly measuring?: true;
  /** Whether it can decode a convolutional code jointly. */
  readonly joint?: true;
  /** Whether it detects symbols in turns with a code. */
  readonly iterative?: true;
  readonly make: (sink: SymbolSink) => SymbolDemodulator;
}

/** What they all work on, if they share the first stages. */
export interface FrontEnd extends Pushing {
  /** Brings out what the stages hold back. */
  flush(): void;
}

/** Demodulators that are meant to run side by side, in step. */
export interface Demodulators {
  /** The stages before all of them; without it each takes the input itself. */
  readonly front?: (next: Stage) => FrontEnd;
  readonly plans: readonly DemodulatorPlan[];
}

function alone(plans: readonly DemodulatorPlan[]): Demodulators {
  return { plans };
}

/** What the framing means to the demodulator. */
export interface FramingDemands {
  /** Symbols of the longest frame under a convolutional code, which is decoded with the modulation; 0: no such code. */
  readonly codedSymbols: number;
  /** Channel bits of the words, one of which precedes every such frame: all as long, some 100 symbols. */
  readonly syncWords?: readonly Uint8Array[];
}

/**
 * The demodulators of a modulation on an input.
 * @throws RangeError when the symbol rate does not fit the input
 */
export function makeDemodulators(
  params: ModulationParams,
  input: ReceiverInput,
  demands: FramingDemands = { codedSymbols: 0 },
): Demodulators {
  const { symbolRate, kind } = params;
  const { sampleRate } = input;
  if (!(sampleRate >= 2 * symbolRate))
    throw new RangeError(`${symbolRate} Bd does not fit an input of ${sampleRate} samples/s`);
  switch (kind) {
    case 'fsk-subaudio':
      return alone(fskSubaudioPlans(params, input));
    case 'fsk':
      return input.kind === 'iq' ? fskIq(params, input, demands) : alone(fskAudioPlans(params, sampleRate));
    case 'fsk4':
      return alone(fsk4Plans(params, input));
    case 'afsk':
      return alone(afskPlans(params, input));
    case 'bpsk':
    case 'bpsk-manchester':
    case 'dbpsk':
    case 'dbpsk-manchester':
      return alone([
        {
          name: 'psk',
          variants: 1,
          errorEvents: 'singles',
          ...(kind === 'dbpsk' || kind === 'dbpsk-manchester' ? { iterative: true } : {}),
          make: (sink) => pskFrom(params, input, sink),
        },
      ]);
  }
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
  const { blockDetector } = last;
  return { ...chain(stages, last, iqInput ? 2 : 1), ...(blockDetector ? { blockDetector } : {}) };
}
