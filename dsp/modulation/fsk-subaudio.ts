import type { ModulationParams, ReceiverInput } from '../core/receiver.ts';
import type { Real } from '../core/types.ts';
import { firReal } from '../filter/fir-decimator.ts';
import { lowPass } from '../filter/fir-design.ts';
import { DEFAULT_FM_DEVIATION_HZ } from './afsk-modulate.ts';
import type { Pushing, Stage } from './channel-filter.ts';
import type { DemodulatorPlan } from './demodulator.ts';
import { onFmAudio } from './fm-audio-input.ts';
import { rescaled } from './front.ts';
import { fskAudioPlans } from './fsk-audio.ts';

/** Edge of the band of subaudio FSK, in symbol rates: speech begins above it. Source: gr-satellites, LilacSat-2. */
const passShare = 2 / 3;
const samplesPerSymbol = 8;

/** Highest frequency of speech, Hz. */
export const speechHz = 3000;
/** Carson's bandwidth and some more: speech is to stay above the FM threshold. */
const filterShare = { pass: 1, stop: 1.5 };

/** The demodulators of slow FSK under the speech of an FM transmitter, to run side by side. */
export function fskSubaudioPlans(params: ModulationParams, input: ReceiverInput): readonly DemodulatorPlan[] {
  const { symbolRate, fmDeviationHz = DEFAULT_FM_DEVIATION_HZ } = params;
  const signal = { symbolRate, widthHz: 2 * (fmDeviationHz + speechHz), filter: filterShare };
  // The rate behind an FM receiver is known where it is made; the plans themselves do not depend on it.
  return fskAudioPlans(params, input.sampleRate).map((plan, index) => ({
    ...plan,
    make: (sink) =>
      onFmAudio(
        signal,
        input,
        (sampleRate, to) => {
          const { rate, latency, stage } = subaudioFilter(symbolRate, sampleRate);
          const last = fskAudioPlans(params, rate)[index]!.make(rescaled(to, sampleRate / rate));
          return { stages: [stage(last.push)], last, latency };
        },
        sink,
      ),
  }));
}

/**
 * Low-pass at 2/3 of the symbol rate that takes speech away from the data under it, decimated: FM audio at `sampleRate` →
 * the same at `rate`.
 */
function subaudioFilter(
  symbolRate: number,
  sampleRate: number,
): { rate: number; latency: number; stage: (next: Stage) => Pushing } {
  const decimation = Math.max(1, Math.floor(sampleRate / (samplesPerSymbol * symbolRate)));
  const taps = lowPass({ sampleRate, passHz: passShare * symbolRate, stopHz: symbolRate, stopDb: 60 });
  const filter = firReal(taps, { decimation });
  let out = new Float32Array(1 << 12) as Real;
  return {
    rate: sampleRate / decimation,
    latency: filter.latency,
    stage: (next) => ({
      push(x, n) {
        if (out.length < filter.maxOut(n)) out = new Float32Array(filter.maxOut(n)) as Real;
        const written = filter.process(x as Real, n, out);
        if (written > 0) next(out, written);
      },
      reset: () => filter.reset(),
    }),
  };
}
