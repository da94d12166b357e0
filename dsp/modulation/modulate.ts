import type { ModulationParams } from '../core/receiver.ts';
import type { Iq } from '../core/types.ts';
import { modulateAfsk } from './afsk-modulate.ts';
import { modulateFsk4 } from './fsk4-modulate.ts';
import { modulateGfsk } from './gfsk-modulate.ts';
import { modulatePsk } from './psk-modulate.ts';

export interface ModulateOptions {
  /** Hz; need not be a multiple of the symbol rate. */
  readonly sampleRate: number;
  /** Sample, fractions allowed, at which the first bit begins. Default 0. */
  readonly startSample?: number;
  /** The symbol period is longer by this many parts per million. Default 0. */
  readonly clockPpm?: number;
  /** Constant carrier phase in rad. Default 0. */
  readonly phase?: number;
  /** Bandwidth-time product of the Gaussian filter of FSK; Infinity sends plain rectangles. Default 0.5. */
  readonly bt?: number;
  /** FSK: used instead of 2 · deviationHz / symbolRate; negative inverts. */
  readonly modulationIndex?: number;
}

/** Complex envelope of one burst, unit mean power. */
export interface Waveform {
  readonly iq: Iq;
  /** Index of the first sample of `iq` on the axis of `startSample`; may be negative (ramps). */
  readonly firstSample: number;
}

/**
 * Channel bits 0/1 of one burst → complex envelope of unit mean power. Of four-level FSK two bits make a symbol. Bit k lasts from startSample + k·T to
 * startSample + (k + 1)·T; the pulse shapes reach beyond both ends.
 * @throws RangeError on rates, bits or parameters that make no signal.
 */
export function modulate(bits: Uint8Array, params: ModulationParams, options: ModulateOptions): Waveform {
  if (!(params.symbolRate > 0 && Number.isFinite(params.symbolRate)))
    throw new RangeError(`symbol rate ${params.symbolRate} must be positive`);
  if (!(options.sampleRate > 0 && Number.isFinite(options.sampleRate)))
    throw new RangeError(`sample rate ${options.sampleRate} must be positive`);
  if (!Number.isFinite(options.startSample ?? 0)) throw new RangeError('start sample must be finite');
  if (bits.length === 0) throw new RangeError('a burst needs at least one bit');
  switch (params.kind) {
    case 'fsk':
    case 'fsk-subaudio':
      return modulateGfsk(bits, params, options);
    case 'fsk4':
      return modulateFsk4(bits, params, options);
    case 'afsk':
      return modulateAfsk(bits, params, options);
    case 'bpsk':
    case 'bpsk-manchester':
    case 'dbpsk':
    case 'dbpsk-manchester':
      return modulatePsk(bits, params, options);
  }
}
