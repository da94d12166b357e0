import type { ModulationParams } from '../core/receiver.ts';
import { symbolsPerSample } from './gfsk-modulate.ts';
import type { ModulateOptions, Waveform } from './modulate.ts';

/** Roll-off that amateur satellites use, and receivers assume (framings.md, section 2). */
const ROLL_OFF = 0.35;
/** Reach of the pulse to either side, in chips. */
const REACH = 8;
const STEPS = 512;

const pulse = rootRaisedCosine();

/**
 * BPSK with root-raised-cosine pulses: a[k]·h(t/T − k − ½), ∫h² = T, bit 1 positive. Manchester sends two chips a symbol, first
 * half as the bit, second half opposite. DBPSK sends one reference symbol before the first bit and then a phase change
 * for each 0; DBPSK Manchester for each 1 (framings.md, section 2).
 */
export function modulatePsk(bits: Uint8Array, params: ModulationParams, options: ModulateOptions): Waveform {
  const manchester = params.kind === 'bpsk-manchester' || params.kind === 'dbpsk-manchester';
  const differential = params.kind === 'dbpsk' || params.kind === 'dbpsk-manchester';
  const symbols = differential ? differentialSymbols(bits, manchester ? 1 : 0) : bits;
  const chips = manchester ? manchesterChips(symbols) : symbols;
  const perSymbol = manchester ? 2 : 1;
  const step = symbolsPerSample({ ...params, symbolRate: params.symbolRate * perSymbol }, options);
  // The reference symbol goes before the first bit's place.
  const start = (options.startSample ?? 0) - (differential ? perSymbol / step : 0);
  const first = Math.ceil(start - (REACH - 0.5) / step);
  const last = Math.floor(start + (chips.length + REACH - 0.5) / step);
  const iq = new Float32Array(2 * (last - first + 1));
  const phase = options.phase ?? 0;
  const re = Math.cos(phase);
  const im = Math.sin(phase);
  for (let n = first; n <= last; n++) {
    const x = (n - start) * step - 0.5;
    const from = Math.max(0, Math.ceil(x - REACH));
    const to = Math.min(chips.length - 1, Math.floor(x + REACH));
    let sum = 0;
    for (let k = from; k <= to; k++) {
      const u = (x - k + REACH) * STEPS;
      const i = Math.floor(u);
      const h = pulse[i]! + (pulse[i + 1]! - pulse[i]!) * (u - i);
      sum += chips[k]! > 0 ? h : -h;
    }
    iq[2 * (n - first)] = sum * re;
    iq[2 * (n - first) + 1] = sum * im;
  }
  return { iq, firstSample: first };
}

/** One reference symbol, then the phase changes for every bit equal to `change`. */
function differentialSymbols(bits: Uint8Array, change: 0 | 1): Uint8Array {
  const out = new Uint8Array(bits.length + 1);
  for (let k = 0; k < bits.length; k++) out[k + 1] = out[k]! ^ (bits[k]! > 0 === (change === 1) ? 1 : 0);
  return out;
}

function manchesterChips(symbols: Uint8Array): Uint8Array {
  const chips = new Uint8Array(2 * symbols.length);
  for (let k = 0; k < symbols.length; k++) {
    chips[2 * k] = symbols[k]! > 0 ? 1 : 0;
    chips[2 * k + 1] = symbols[k]! > 0 ? 0 : 1;
  }
  return chips;
}

/** h(t) for t = −REACH … REACH in steps of 1/STEPS, energy 1 (so that random chips have unit mean power). */
function rootRaisedCosine(): Float64Array {
  const n = 2 * REACH * STEPS;
  const a = ROLL_OFF;
  const h = new Float64Array(n + 2);
  let energy = 0;
  for (let i = 0; i <= n; i++) {
    const t = i / STEPS - REACH;
    if (t === 0) h[i] = 1 - a + (4 * a) / Math.PI;
    else if (Math.abs(Math.abs(4 * a * t) - 1) < 1e-9) {
      const quarter = Math.PI / (4 * a);
      h[i] = (a / Math.SQRT2) * ((1 + 2 / Math.PI) * Math.sin(quarter) + (1 - 2 / Math.PI) * Math.cos(quarter));
    } else {
      const p = Math.PI * t;
      h[i] = (Math.sin(p * (1 - a)) + 4 * a * t * Math.cos(p * (1 + a))) / (p * (1 - (4 * a * t) ** 2));
    }
    energy += h[i]! ** 2 / STEPS;
  }
  const scale = 1 / Math.sqrt(energy);
  for (let i = 0; i <= n; i++) h[i] = h[i]! * scale;
  return h;
}
