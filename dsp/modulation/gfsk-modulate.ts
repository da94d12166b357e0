import type { ModulationParams } from '../core/receiver.ts';
import type { ModulateOptions, Waveform } from './modulate.ts';

/** Reach of the Gaussian pulse to either side of its symbol's middle, in symbols: four symbols long in all. */
const REACH = 2;
/** Points of a frequency pulse a symbol. */
export const PULSE_STEPS = 1024;
const DEFAULT_INDEX = 0.5;
/** The carrier is on for this long before the first and behind the last bit, in symbols. */
const RAMP = 1;

/**
 * Phase-continuous FSK, shaped by a Gaussian filter: phase = π·h·Σ a[k]·q(t/T − k − ½), q the integral of the Gaussian-filtered
 * rectangle (from 0 to 1). h = 2·deviationHz/symbolRate, 0.5 when no deviation is given; its sign is the polarity.
 */
export function modulateGfsk(bits: Uint8Array, params: ModulationParams, options: ModulateOptions): Waveform {
  const index =
    options.modulationIndex ??
    (params.deviationHz === undefined ? DEFAULT_INDEX : (2 * params.deviationHz) / params.symbolRate);
  if (!Number.isFinite(index) || index === 0) throw new RangeError('FSK needs a deviation that is not zero');
  const levels = Float64Array.from(bits, (bit) => (bit > 0 ? 1 : -1));
  return modulateFrequency(levels, index, gaussianPulse(options.bt ?? 0.5), params, options);
}

/** What one symbol does to the frequency: samples from `reach` symbols before its middle to `reach` behind it. */
export interface FrequencyPulse {
  readonly reach: number;
  /** 2·reach·PULSE_STEPS + 1 values, scaled here to an area of one symbol. */
  readonly frequency: Float64Array;
}

/** A carrier whose frequency is Σ levels[k]·pulse(t − k) times half of `index` symbol rates; one symbol of a ramp at each end. */
export function modulateFrequency(
  levels: Float64Array,
  index: number,
  { reach, frequency }: FrequencyPulse,
  params: ModulationParams,
  options: ModulateOptions,
): Waveform {
  const pulse = phasePulse(frequency);
  const step = symbolsPerSample(params, options);
  const start = options.startSample ?? 0;
  const first = Math.ceil(start - RAMP / step);
  const last = Math.floor(start + (levels.length + RAMP) / step);
  const iq = new Float32Array(2 * (last - first + 1));
  const scale = Math.PI * index;
  const phase0 = options.phase ?? 0;
  let open = 0; // the first symbol whose pulse is not over
  let turned = 0; // what the finished ones turned, in units of π·h
  for (let n = first; n <= last; n++) {
    const x = (n - start) * step - 0.5;
    while (open < levels.length && x - open >= reach) turned += levels[open++]!;
    let turn = turned;
    for (let k = open; k < levels.length && x - k > -reach; k++) {
      const u = (x - k + reach) * PULSE_STEPS;
      const i = Math.floor(u);
      const q = pulse[i]! + (pulse[i + 1]! - pulse[i]!) * (u - i);
      turn += levels[k]! * q;
    }
    const phase = phase0 + scale * turn;
    iq[2 * (n - first)] = Math.cos(phase);
    iq[2 * (n - first) + 1] = Math.sin(phase);
  }
  return { iq, firstSample: first };
}

/** Symbols that pass in one sample, the transmitter's clock error counted in. */
export function symbolsPerSample(params: ModulationParams, options: ModulateOptions): number {
  const step = params.symbolRate / (options.sampleRate * (1 + (options.clockPpm ?? 0) * 1e-6));
  if (!(step > 0 && step <= 0.5)) throw new RangeError('a symbol must last at least two samples');
  return step;
}

/** The integral of a pulse, from 0 to 1. */
function phasePulse(frequency: Float64Array): Float64Array {
  const n = frequency.length - 1;
  const q = new Float64Array(n + 2);
  for (let i = 1; i <= n; i++) q[i] = q[i - 1]! + (frequency[i - 1]! + frequency[i]!) / 2;
  const area = q[n]!;
  for (let i = 0; i <= n; i++) q[i] = q[i]! / area;
  q[n + 1] = 1;
  return q;
}

/** A rectangle of one symbol behind a Gaussian low-pass. */
function gaussianPulse(bt: number): FrequencyPulse {
  if (!(bt > 0)) throw new RangeError(`bandwidth-time product ${bt} must be positive`);
  // A Gaussian low-pass with −3 dB at B has an impulse response of this standard deviation (in symbols).
  const sigma = Math.sqrt(Math.LN2) / (2 * Math.PI * bt);
  const cumulative = (t: number) => {
    if (sigma === 0) return t < 0 ? 0 : t > 0 ? 1 : 0.5;
    return normalCdf(t / sigma);
  };
  const frequency = Float64Array.from({ length: 2 * REACH * PULSE_STEPS + 1 }, (_, i) => {
    const t = i / PULSE_STEPS - REACH;
    return cumulative(t + 0.5) - cumulative(t - 0.5);
  });
  return { reach: REACH, frequency };
}

/** Normal distribution function by its Taylor series at the middle and its continued fraction in the tails: error below 1e-12. */
function normalCdf(z: number): number {
  if (z < 0) return 1 - normalCdf(-z);
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let k = 3; term > 1e-17; k += 2) {
      term *= (z * z) / k;
      sum += term;
    }
    return 0.5 + density * sum;
  }
  let fraction = z;
  for (let k = 60; k >= 1; k--) fraction = z + k / fraction;
  return 1 - density / fraction;
}
