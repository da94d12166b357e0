import type { ModulationParams } from '../core/receiver.ts';
import { defaultAfCarrierHz, defaultAfskDeviationHz } from './afsk-modulate.ts';
import type { Pushing } from './channel-filter.ts';
import { discriminator } from './discriminator.ts';
import { front, rescaled } from './front.ts';
import { fskReal } from './fsk-real.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/**
 * AFSK is FSK around an audio subcarrier: real audio → the same receiver as FSK after a discriminator. The audio's own
 * zero line says nothing of the radio carrier: `hzPerUnit` is NaN (unknown) or 0 (known from elsewhere).
 */
export function afskAudio(
  params: ModulationParams,
  sampleRate: number,
  hzPerUnit: number,
  sink: SymbolSink,
): { stages: Pushing[]; last: SymbolDemodulator } {
  const { symbolRate } = params;
  const deviationHz = params.deviationHz ?? defaultAfskDeviationHz;
  const carrierHz = params.afCarrierHz ?? defaultAfCarrierHz;
  const passHz = Math.min(
    Math.max(1.5 * Math.abs(deviationHz), Math.abs(deviationHz) + 0.4 * symbolRate),
    0.9 * carrierHz,
  );
  const minRate = Math.max(8 * symbolRate, 4 * passHz);
  let audio = new Float32Array(1 << 12);
  let demodulate = discriminator(sampleRate);
  let last: SymbolDemodulator | undefined;
  const { stages, rate } = front({ kind: 'fm-audio', sampleRate }, carrierHz, passHz, minRate, (iq, n) => {
    if (audio.length < n) audio = new Float32Array(n);
    demodulate.process(iq, n, audio);
    last!.push(audio, n);
  });
  demodulate = discriminator(rate);
  last = fskReal({ sampleRate: rate, symbolRate, hzPerUnit }, rescaled(sink, sampleRate / rate));
  stages.push({ push: () => {}, reset: () => demodulate.reset() });
  return { stages, last };
}
