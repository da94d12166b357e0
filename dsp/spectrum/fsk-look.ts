import type { ModulationParams } from '../core/receiver.ts';
import { lowPass } from '../filter/fir-design.ts';
import { filtered, histogramOf, type SymbolLook, type SymbolPiece, scaled, shifted, valueAt } from './symbol-look.ts';

const stopDb = 40;
const phases = 16;
const traceLength = 32;
const mostTraces = 64;

/** Eye of FSK: what the discriminator gives, timed where it is most open. Its middle lies half-way between the two tones. */
export function lookAtFsk(symbolRate: number, piece: SymbolPiece): SymbolLook {
  const band = narrowed(shifted(piece.iq, piece.sampleRate, piece.offsetHz), piece.sampleRate, piece.halfWidthHz);
  const hz = frequencies(band, piece.sampleRate);
  const eye = eyeOf(smoothed(hz, piece.sampleRate, symbolRate), piece.sampleRate / symbolRate);
  return { ...eye.look, fineHz: eye.middle };
}

/** The same of AFSK, behind an FM discriminator: the carrier is the mean of that, the eye is that of the audio tones. */
export function lookAtAfsk(
  { symbolRate, deviationHz = 500, afCarrierHz = 1700 }: ModulationParams,
  piece: SymbolPiece,
): SymbolLook {
  const { sampleRate } = piece;
  const hz = frequencies(
    narrowed(shifted(piece.iq, sampleRate, piece.offsetHz), sampleRate, piece.halfWidthHz),
    sampleRate,
  );
  let mean = 0;
  for (const value of hz) mean += value / hz.length;
  const audio = new Float32Array(2 * hz.length);
  for (let n = 0; n < hz.length; n++) audio[2 * n] = hz[n]! - mean;
  const tones = narrowed(shifted(audio, sampleRate, afCarrierHz), sampleRate, Math.abs(deviationHz) + symbolRate / 2);
  const eye = eyeOf(smoothed(frequencies(tones, sampleRate), sampleRate, symbolRate), sampleRate / symbolRate);
  return { ...eye.look, fineHz: mean };
}

function narrowed(iq: Float32Array, sampleRate: number, passHz: number): Float32Array {
  if (passHz > 0.3 * sampleRate) return iq;
  return filtered(iq, lowPass({ sampleRate, passHz, stopHz: 1.6 * passHz, stopDb }), 2);
}

/** Instantaneous frequency of each sample, Hz. */
function frequencies(iq: Float32Array, sampleRate: number): Float32Array {
  const out = new Float32Array(Math.max(0, (iq.length >> 1) - 1));
  for (let n = 0; n < out.length; n++) {
    const re0 = iq[2 * n]!;
    const im0 = iq[2 * n + 1]!;
    const re1 = iq[2 * n + 2]!;
    const im1 = iq[2 * n + 3]!;
    out[n] = (Math.atan2(im1 * re0 - re1 * im0, re1 * re0 + im1 * im0) * sampleRate) / (2 * Math.PI);
  }
  return out;
}

function smoothed(hz: Float32Array, sampleRate: number, symbolRate: number): Float32Array {
  return filtered(hz, lowPass({ sampleRate, passHz: 0.55 * symbolRate, stopHz: 1.3 * symbolRate, stopDb }), 1);
}

interface Levels {
  readonly middle: number;
  readonly amplitude: number;
  /** Distance of the two levels over their spread. */
  readonly opening: number;
}

function eyeOf(x: Float32Array, samplesPerSymbol: number): { middle: number; look: Omit<SymbolLook, 'fineHz'> } {
  const count = Math.max(0, Math.floor((x.length - 4) / samplesPerSymbol) - 2);
  const at = (phase: number) => {
    const values = new Float64Array(count);
    for (let k = 0; k < count; k++) values[k] = valueAt(x, (k + 1 + phase / phases) * samplesPerSymbol);
    return values;
  };
  let best = 0;
  let levels = levelsOf(at(0));
  for (let phase = 1; phase < phases; phase++) {
    const those = levelsOf(at(phase));
    if (those.opening <= levels.opening) continue;
    best = phase;
    levels = those;
  }
  const { middle, amplitude } = levels;
  const scale = amplitude > 0 ? 1 / amplitude : 0;
  const traces = Math.min(mostTraces, count);
  const points = new Int8Array(traces * traceLength);
  for (let trace = 0; trace < traces; trace++)
    for (let i = 0; i < traceLength; i++) {
      // Two symbols long, the instant of decision in the middle.
      const t = (trace + best / phases + (2 * i) / (traceLength - 1)) * samplesPerSymbol;
      points[trace * traceLength + i] = scaled((valueAt(x, t) - middle) * scale);
    }
  const soft = at(best).map((value) => (value - middle) * scale);
  return { middle, look: { shape: 'eye', traceLength, points, histogram: histogramOf(soft) } };
}

/** Two levels, parted by their own middle. */
function levelsOf(values: Float64Array): Levels {
  let middle = 0;
  for (const value of values) middle += value / values.length;
  let upper = middle;
  let lower = middle;
  for (let step = 0; step < 4; step++) {
    let [sumUpper, upperCount, sumLower] = [0, 0, 0];
    for (const value of values) {
      if (value >= middle) {
        sumUpper += value;
        upperCount += 1;
      } else sumLower += value;
    }
    if (upperCount === 0 || upperCount === values.length) break;
    upper = sumUpper / upperCount;
    lower = sumLower / (values.length - upperCount);
    middle = (upper + lower) / 2;
  }
  let spread = 0;
  for (const value of values) spread += (value - (value >= middle ? upper : lower)) ** 2 / values.length;
  return { middle, amplitude: (upper - lower) / 2, opening: (upper - lower) / Math.sqrt(spread + 1e-9) };
}
