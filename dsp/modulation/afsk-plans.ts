import type { ModulationParams, ReceiverInput } from '../core/receiver.ts';
import { afskAudio, defaultAfCarrierHz, defaultAfskDeviationHz } from './afsk.ts';
import { afskCpm } from './afsk-cpm.ts';
import { DEFAULT_FM_DEVIATION_HZ } from './afsk-modulate.ts';
import { defaultSearchHz } from './carrier-search.ts';
import type { Pushing, Stage } from './channel-filter.ts';
import type { DemodulatorPlan } from './demodulator.ts';
import { fmReceiver } from './fm-receiver.ts';
import { chain, front, rescaled } from './front.ts';
import { fskRealVariants } from './fsk-real.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** Real audio in, AFSK symbols out. */
type AudioReceiver = (
  params: ModulationParams,
  sampleRate: number,
  sink: SymbolSink,
) => { stages: Pushing[]; last: SymbolDemodulator };

/**
 * Filter before the discriminator, in Carson's bandwidths. Narrower than Carson's rule: what it takes from the tones
 * matters less than the clicks that it keeps out near the FM threshold (1.5 dB at 1200 Bd).
 */
const narrow = { pass: 0.76, stop: 1.1 };
/** From this index on the likeliest error is a single symbol. */
const singleErrorsFrom = 0.7;

/** The demodulators of AFSK, to run side by side: sequence detection, and the robust discriminator behind it. */
export function afskPlans(params: ModulationParams, input: ReceiverInput): readonly DemodulatorPlan[] {
  const h = (2 * Math.abs(params.deviationHz ?? defaultAfskDeviationHz)) / params.symbolRate;
  return [
    {
      name: 'afsk-cpm',
      variants: 1,
      errorEvents: h < singleErrorsFrom ? 'pairs' : 'singles',
      make: (sink) => receiver(params, input, sink, afskCpm),
    },
    {
      name: 'afsk',
      variants: fskRealVariants,
      errorEvents: 'singles',
      make: (sink) => receiver(params, input, sink, (p, rate, to) => afskAudio(p, rate, 0, to)),
    },
  ];
}

function receiver(
  params: ModulationParams,
  input: ReceiverInput,
  sink: SymbolSink,
  make: AudioReceiver,
): SymbolDemodulator {
  const { sampleRate } = input;
  if (input.kind !== 'iq') {
    // Audio of unknown gain cannot tell the radio carrier.
    const { stages, last } = make(
      params,
      sampleRate,
      rescaled(sink, 1, () => Number.NaN),
    );
    return chain(stages, last, 1);
  }
  const { fmDeviationHz = DEFAULT_FM_DEVIATION_HZ, afCarrierHz = defaultAfCarrierHz } = params;
  const audioHz = afCarrierHz + Math.abs(params.deviationHz ?? defaultAfskDeviationHz);
  const widthHz = 2 * (fmDeviationHz + audioHz);
  const searchHz = input.searchHz ?? defaultSearchHz(sampleRate, widthHz);
  const passHz = Math.min(searchHz + widthHz / 2, 0.45 * sampleRate);
  let toFm: Stage = () => {};
  let toAudio: Stage = () => {};
  const { stages, rate } = front(input, input.offsetHz ?? 0, passHz, 2.5 * passHz, (iq, n) => toFm(iq, n));
  const fm = fmReceiver(rate, params.symbolRate, widthHz, searchHz, (audio, n) => toAudio(audio, n), narrow);
  toFm = fm.stage.push;
  const audio = make(params, rate, rescaled(sink, sampleRate / rate, fm.offsetHzAt));
  toAudio = audio.stages[0]!.push;
  return chain([...stages, fm.stage, ...audio.stages], audio.last, 2, (fm.latency * sampleRate) / rate);
}
