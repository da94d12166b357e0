import type { ModulationParams } from '../core/receiver.ts';
import { symbolsPerSample } from './gfsk-modulate.ts';
import type { ModulateOptions, Waveform } from './modulate.ts';

/** What gr-satellites assumes where a satellite file says nothing (framings.md, section 2). */
export const DEFAULT_FM_DEVIATION_HZ = 3000;
/** Audio subcarrier of AFSK where a satellite file says nothing: Bell 202, between 1200 and 2200 Hz. */
export const defaultAfCarrierHz = 1700;
/** And its deviation. */
export const defaultAfskDeviationHz = 500;

/**
 * Two audio tones, phase-continuous, on an FM carrier. A 1 is afCarrierHz + deviationHz, a 0 is afCarrierHz − deviationHz;
 * the carrier moves by ± fmDeviationHz. Both phases are integrated in closed form, so that no sample rate is too low.
 */
export function modulateAfsk(bits: Uint8Array, params: ModulationParams, options: ModulateOptions): Waveform {
  const { fmDeviationHz = DEFAULT_FM_DEVIATION_HZ, symbolRate } = params;
  const { afCarrierHz = defaultAfCarrierHz, deviationHz = defaultAfskDeviationHz } = params;
  if (!Number.isFinite(afCarrierHz)) throw new RangeError("AFSK's audio carrier must be a number");
  if (!Number.isFinite(deviationHz) || deviationHz === 0)
    throw new RangeError('AFSK needs a deviation that is not zero');
  if (!(fmDeviationHz > 0 && Number.isFinite(fmDeviationHz))) throw new RangeError('FM deviation must be positive');

  const step = symbolsPerSample(params, options);
  const start = options.startSample ?? 0;
  const first = Math.ceil(start);
  const last = Math.ceil(start + bits.length / step) - 1;
  const iq = new Float32Array(2 * Math.max(0, last - first + 1));
  // Per symbol, so that a clock error moves the tones as well: one oscillator makes both.
  const upper = (2 * Math.PI * (afCarrierHz + deviationHz)) / symbolRate;
  const lower = (2 * Math.PI * (afCarrierHz - deviationHz)) / symbolRate;
  const fm = (2 * Math.PI * fmDeviationHz) / symbolRate;
  let symbol = 0;
  let audioPhase = 0; // at the start of `symbol`
  let carrierPhase = options.phase ?? 0;
  for (let n = first; n <= last; n++) {
    const x = (n - start) * step;
    while (symbol < bits.length - 1 && x >= symbol + 1) {
      const tone = bits[symbol]! > 0 ? upper : lower;
      carrierPhase += fm * cosineIntegral(audioPhase, tone, 1);
      audioPhase = (audioPhase + tone) % (2 * Math.PI);
      symbol++;
    }
    const phase = carrierPhase + fm * cosineIntegral(audioPhase, bits[symbol]! > 0 ? upper : lower, x - symbol);
    iq[2 * (n - first)] = Math.cos(phase);
    iq[2 * (n - first) + 1] = Math.sin(phase);
  }
  return { iq, firstSample: first };
}

/** ∫ cos(phase + tone·t) dt from 0 to `until`. */
function cosineIntegral(phase: number, tone: number, until: number): number {
  if (tone === 0) return Math.cos(phase) * until;
  return (Math.sin(phase + tone * until) - Math.sin(phase)) / tone;
}
