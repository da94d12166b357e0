import type { ModulationParams } from '../core/receiver.ts';
import { rootRaisedCosine } from '../filter/fir-design.ts';
import { type FrequencyPulse, modulateFrequency, PULSE_STEPS } from './gfsk-modulate.ts';
import type { ModulateOptions, Waveform } from './modulate.ts';

/** Roll-off of the pulses of four-level FSK. Source: CML MX929B, FX929 (the modem of RD-LAP); found in EQUiSat's signal. */
export const FSK4_ROLL_OFF = 0.2;
const REACH = 6;

/** Deviation of the outer tones where none is given: tones a third of the symbol rate apart (EQUiSat: 1600 Hz at 4800 Bd). */
export const fsk4DeviationHz = ({ deviationHz, symbolRate }: ModulationParams): number => deviationHz ?? symbolRate / 2;

/**
 * Four tones at −1, −⅓, ⅓ and 1 times deviationHz, root-raised-cosine pulses, phase-continuous. Two bits a symbol, the number
 * of the tone from the lowest one, its upper bit first; a missing last bit is 0.
 */
export function modulateFsk4(bits: Uint8Array, params: ModulationParams, options: ModulateOptions): Waveform {
  const deviationHz = fsk4DeviationHz(params);
  const index = options.modulationIndex ?? (2 * deviationHz) / params.symbolRate;
  if (!Number.isFinite(index) || index === 0) throw new RangeError('FSK needs a deviation that is not zero');
  const levels = Float64Array.from({ length: Math.ceil(bits.length / 2) }, (_, k) => {
    return (2 * (2 * bits[2 * k]! + (bits[2 * k + 1] ?? 0)) - 3) / 3;
  });
  return modulateFrequency(levels, index, rootRaisedCosinePulse(), params, options);
}

function rootRaisedCosinePulse(): FrequencyPulse {
  const frequency = rootRaisedCosine(PULSE_STEPS, 2 * REACH, FSK4_ROLL_OFF);
  return { reach: REACH, frequency: frequency.subarray(0, 2 * REACH * PULSE_STEPS + 1) };
}
