import { makeFft } from '../filter/fft.ts';
import { rootRaisedCosine } from '../filter/fir-design.ts';
import { filtered, histogramOf, type SymbolLook, type SymbolPiece, scaled, shifted, valueAt } from './symbol-look.ts';

/** Roll-off that amateur satellites use. */
const rollOff = 0.35;
const spanSymbols = 8;
/** The carrier is looked for this far from the middle of the spectrum, of the chip rate. */
const carrierReach = 0.15;
/** The phase is taken anew for so many symbols. */
const phaseBlock = 32;
const mostPoints = 512;

/**
 * Constellation of BPSK: matched filter, carrier by the line that squaring leaves, timing by maximum energy (the line of the
 * energy at the symbol rate, M. Oerder and H. Meyr, 1988), phase by the mean of the squares.
 * @param manchester two chips a symbol, the second opposite to the first
 */
export function lookAtPsk(symbolRate: number, manchester: boolean, piece: SymbolPiece): SymbolLook {
  const { iq, sampleRate, offsetHz } = piece;
  const chipRate = manchester ? 2 * symbolRate : symbolRate;
  const samplesPerChip = sampleRate / chipRate;
  const matched = filtered(
    shifted(iq, sampleRate, offsetHz),
    rootRaisedCosine(samplesPerChip, spanSymbols, rollOff),
    2,
  );
  const fineHz = carrierOf(matched, sampleRate, carrierReach * chipRate);
  const chips = sampled(shifted(matched, sampleRate, fineHz), samplesPerChip);
  const symbols = manchester ? paired(chips) : chips;
  turnToReal(symbols);
  const count = symbols.length >> 1;
  let mean = 0;
  for (let k = 0; k < count; k++) mean += Math.abs(symbols[2 * k]!) / count;
  const scale = mean > 0 ? 1 / mean : 0;
  const soft = Float64Array.from({ length: count }, (_, k) => symbols[2 * k]! * scale);
  const shown = Math.min(count, mostPoints);
  const points = Int8Array.from({ length: 2 * shown }, (_, i) => scaled(symbols[i]! * scale));
  return { fineHz, shape: 'constellation', traceLength: 0, points, histogram: histogramOf(soft) };
}

/** Half the frequency of the strongest line in the square. */
function carrierOf(iq: Float32Array, sampleRate: number, reachHz: number): number {
  const samples = iq.length >> 1;
  if (samples === 0) return 0;
  const size = 2 ** Math.max(4, Math.ceil(Math.log2(2 * samples)));
  const squares = new Float32Array(2 * size);
  for (let n = 0; n < samples; n++) {
    const re = iq[2 * n]!;
    const im = iq[2 * n + 1]!;
    squares[2 * n] = re * re - im * im;
    squares[2 * n + 1] = 2 * re * im;
  }
  makeFft(size).forward(squares);
  const power = (k: number) => {
    const at = 2 * (k & (size - 1));
    return squares[at]! ** 2 + squares[at + 1]! ** 2;
  };
  const reach = Math.min((size >> 1) - 2, Math.ceil((2 * reachHz * size) / sampleRate));
  let best = -reach;
  for (let k = -reach; k <= reach; k++) if (power(k) > power(best)) best = k;
  const [before, at, behind] = [power(best - 1), power(best), power(best + 1)];
  const bend = before - 2 * at + behind;
  const fraction = bend < 0 ? (0.5 * (before - behind)) / bend : 0;
  return ((best + fraction) * sampleRate) / size / 2;
}

/** One value a symbol, where the energy is greatest. */
function sampled(iq: Float32Array, samplesPerSymbol: number): Float64Array {
  const samples = iq.length >> 1;
  let re = 0;
  let im = 0;
  for (let n = 0; n < samples; n++) {
    const energy = iq[2 * n]! ** 2 + iq[2 * n + 1]! ** 2;
    re += energy * Math.cos((2 * Math.PI * n) / samplesPerSymbol);
    im += energy * Math.sin((2 * Math.PI * n) / samplesPerSymbol);
  }
  const first = ((Math.atan2(im, re) / (2 * Math.PI) + 1) % 1) * samplesPerSymbol;
  const count = Math.max(0, Math.floor((samples - 3 - first) / samplesPerSymbol) + 1);
  const out = new Float64Array(2 * count);
  for (let k = 0; k < count; k++) {
    out[2 * k] = valueAt(iq, first + k * samplesPerSymbol, 2, 0);
    out[2 * k + 1] = valueAt(iq, first + k * samplesPerSymbol, 2, 1);
  }
  return out;
}

/** Half the difference of the two chips of each symbol, in the one of the two pairings in which they are opposite. */
function paired(chips: Float64Array): Float64Array {
  const [even, odd] = [0, 1].map((from) => {
    const count = Math.max(0, ((chips.length >> 1) - from) >> 1);
    return Float64Array.from({ length: 2 * count }, (_, i) => {
      const at = 2 * (from + 2 * (i >> 1)) + (i & 1);
      return (chips[at]! - chips[at + 2]!) / 2;
    });
  }) as [Float64Array, Float64Array];
  const energy = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0) / Math.max(1, x.length);
  return energy(even) >= energy(odd) ? even : odd;
}

/** Turns symbols, in place, so that they lie on the real axis; what is left of the carrier may turn them slowly. */
function turnToReal(symbols: Float64Array): void {
  let last = 0;
  for (let from = 0; from < symbols.length; from += 2 * phaseBlock) {
    const to = Math.min(symbols.length, from + 2 * phaseBlock);
    let re = 0;
    let im = 0;
    for (let i = from; i < to; i += 2) {
      re += symbols[i]! ** 2 - symbols[i + 1]! ** 2;
      im += 2 * symbols[i]! * symbols[i + 1]!;
    }
    const half = Math.atan2(im, re) / 2;
    last = half + Math.PI * Math.round((last - half) / Math.PI);
    const cos = Math.cos(last);
    const sin = Math.sin(last);
    for (let i = from; i < to; i += 2) {
      const x = symbols[i]!;
      const y = symbols[i + 1]!;
      symbols[i] = x * cos + y * sin;
      symbols[i + 1] = y * cos - x * sin;
    }
  }
}
