import type { ReceiverInput } from '../core/receiver.ts';
import { defaultSearchHz } from './carrier-search.ts';
import type { Pushing, Stage } from './channel-filter.ts';
import { fmReceiver } from './fm-receiver.ts';
import { chain, front, rescaled } from './front.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** Real audio at `sampleRate` in, symbols out. */
export type AudioReceiver = (
  sampleRate: number,
  sink: SymbolSink,
) => { stages: readonly Pushing[]; last: SymbolDemodulator; latency?: number };

export interface FmSignal {
  readonly symbolRate: number;
  /** Carson's bandwidth, Hz. */
  readonly widthHz: number;
  /** How much of the width passes the filter before the discriminator, and where it stops. */
  readonly filter: { readonly pass: number; readonly stop: number };
}

/** A receiver of FM audio on audio, or on Iq behind an FM receiver. */
export function onFmAudio(
  signal: FmSignal,
  input: ReceiverInput,
  make: AudioReceiver,
  sink: SymbolSink,
): SymbolDemodulator {
  const { sampleRate } = input;
  if (input.kind !== 'iq') {
    // Audio of unknown gain cannot tell the radio carrier.
    const audio = make(
      sampleRate,
      rescaled(sink, 1, () => Number.NaN),
    );
    return chain(audio.stages, audio.last, 1, audio.latency);
  }
  const { symbolRate, widthHz, filter } = signal;
  const searchHz = input.searchHz ?? defaultSearchHz(sampleRate, widthHz);
  const passHz = Math.min(searchHz + widthHz / 2, 0.45 * sampleRate);
  let toFm: Stage = () => {};
  let toAudio: Stage = () => {};
  const { stages, rate } = front(input, input.offsetHz ?? 0, passHz, 2.5 * passHz, (iq, n) => toFm(iq, n));
  const fm = fmReceiver(rate, symbolRate, widthHz, searchHz, (audio, n) => toAudio(audio, n), filter);
  toFm = fm.push;
  const audio = make(rate, rescaled(sink, sampleRate / rate, fm.offsetHzAt));
  toAudio = audio.stages[0]?.push ?? audio.last.push;
  const latency = ((fm.latency + (audio.latency ?? 0)) * sampleRate) / rate;
  return chain([...stages, fm, ...audio.stages], audio.last, 2, latency);
}
