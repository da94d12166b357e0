import type { ModulationParams } from '../core/receiver.ts';
import { defaultAfCarrierHz, defaultAfskDeviationHz } from './afsk-modulate.ts';
import type { Pushing, Stage } from './channel-filter.ts';
import { front, ofAudio, rescaled } from './front.ts';
import { fskCpm } from './fsk-cpm.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** Keyed tones have rectangular pulses; audio filters round them. */
const pulseBt = 1;
/** Clicks of the FM discriminator turn the audio's phase: a shorter memory than on IQ. */
const alpha = 0.8;
/** How far the audio carrier may be off, in symbol rates. */
const search = 0.15;

/**
 * AFSK audio as what it is, continuous-phase modulation of an audio carrier: mixed to 0 Hz and detected coherently, two to
 * four decibels better than by a second discriminator. `offsetHz` of the symbols is 0 and their index is left out: the audio
 * says nothing of the radio carrier.
 */
export function afskCpm(
  params: ModulationParams,
  sampleRate: number,
  sink: SymbolSink,
): { stages: Pushing[]; last: SymbolDemodulator } {
  const { symbolRate } = params;
  const deviationHz = Math.abs(params.deviationHz ?? defaultAfskDeviationHz);
  const carrierHz = params.afCarrierHz ?? defaultAfCarrierHz;
  const passHz = Math.min(deviationHz + 0.65 * symbolRate, 0.9 * carrierHz);
  let toCpm: Stage = () => {};
  const { stages, rate } = front(
    { kind: 'fm-audio', sampleRate },
    carrierHz,
    passHz,
    Math.max(4.5 * symbolRate, 2.2 * passHz),
    (iq, n) => toCpm(iq, n),
  );
  const radio = ofAudio(sink);
  const offsetless: SymbolSink = {
    symbols(block) {
      block.offsetHz.fill(0, 0, block.n);
      radio.symbols(block);
    },
  };
  const last = fskCpm(
    {
      sampleRate: rate,
      symbolRate,
      searchHz: search * symbolRate,
      h: (2 * deviationHz) / symbolRate,
      alpha,
      bt: pulseBt,
    },
    rescaled(offsetless, sampleRate / rate),
  );
  toCpm = last.push;
  return { stages, last };
}
