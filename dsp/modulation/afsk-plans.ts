import type { ModulationParams, ReceiverInput } from '../core/receiver.ts';
import { afskAudio } from './afsk.ts';
import { afskCpm } from './afsk-cpm.ts';
import { DEFAULT_FM_DEVIATION_HZ, defaultAfCarrierHz, defaultAfskDeviationHz } from './afsk-modulate.ts';
import type { DemodulatorPlan } from './demodulator.ts';
import { onFmAudio } from './fm-audio-input.ts';
import { fskRealVariants } from './fsk-real.ts';

/**
 * Filter before the discriminator, in Carson's bandwidths. Narrower than Carson's rule: what it takes from the tones
 * matters less than the clicks that it keeps out near the FM threshold (1.5 dB at 1200 Bd).
 */
const narrow = { pass: 0.76, stop: 1.1 };
/** From this index on the likeliest error is a single symbol. */
const singleErrorsFrom = 0.7;

/** The demodulators of AFSK, to run side by side: sequence detection, and the robust discriminator behind it. */
export function afskPlans(params: ModulationParams, input: ReceiverInput): readonly DemodulatorPlan[] {
  const { symbolRate, fmDeviationHz = DEFAULT_FM_DEVIATION_HZ, afCarrierHz = defaultAfCarrierHz } = params;
  const deviationHz = Math.abs(params.deviationHz ?? defaultAfskDeviationHz);
  const h = (2 * deviationHz) / symbolRate;
  const signal = { symbolRate, widthHz: 2 * (fmDeviationHz + afCarrierHz + deviationHz), filter: narrow };
  return [
    {
      name: 'afsk-cpm',
      variants: 1,
      errorEvents: h < singleErrorsFrom ? 'pairs' : 'singles',
      make: (sink) => onFmAudio(signal, input, (rate, to) => afskCpm(params, rate, to), sink),
    },
    {
      name: 'afsk',
      variants: fskRealVariants,
      errorEvents: 'singles',
      fallback: true,
      make: (sink) => onFmAudio(signal, input, (rate, to) => afskAudio(params, rate, 0, to), sink),
    },
  ];
}
