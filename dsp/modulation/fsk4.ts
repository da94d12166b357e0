import type { ModulationParams, ReceiverInput } from '../core/receiver.ts';
import type { Soft } from '../core/types.ts';
import { rootRaisedCosine } from '../filter/fir-design.ts';
import { doubleRate } from './channel-filter.ts';
import type { DemodulatorPlan } from './demodulator.ts';
import { onFmAudio } from './fm-audio-input.ts';
import { rescaled } from './front.ts';
import { FskAudioSymbols } from './fsk-audio-symbols.ts';
import { type Fsk4Levels, fitFsk4Levels } from './fsk4-levels.ts';
import { FSK4_ROLL_OFF, fsk4DeviationHz } from './fsk4-modulate.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

const maxRateError = 0.0025;
const filterSymbols = 12;
/** Share of Carson's bandwidth that passes the filter before the discriminator, and where it stops. */
const filterShare = { pass: 1, stop: 1.4 };
/** Symbols of a grain, for which levels are found anew, and on each side of it that they are found from. */
const grain = 16;
const side = 96;
/** A grain takes its levels from the best of three windows: of those around it, before it and behind it. A burst is too short to lose its ends. */
const shift = side / grain;
const lookAhead = 2 * side + grain;

/** The demodulator of four-level FSK: on FM audio, or on IQ behind an FM receiver. */
export function fsk4Plans(params: ModulationParams, input: ReceiverInput): readonly DemodulatorPlan[] {
  const { symbolRate } = params;
  const widthHz = 2 * Math.abs(fsk4DeviationHz(params)) + symbolRate * (1 + FSK4_ROLL_OFF);
  const hzPerUnit = input.kind === 'iq' ? 1 : Number.NaN;
  return [
    {
      name: 'four-level',
      variants: 1,
      errorEvents: 'singles',
      make: (sink) =>
        onFmAudio(
          { symbolRate, widthHz, filter: filterShare },
          input,
          (sampleRate, to) => {
            const double = sampleRate < 4 * symbolRate;
            const rate = double ? 2 * sampleRate : sampleRate;
            const last = fsk4(rate / symbolRate, hzPerUnit, rescaled(to, sampleRate / rate));
            return { stages: double ? [doubleRate(1, last.push)] : [], last };
          },
          sink,
        ),
    },
  ];
}

/**
 * Instantaneous frequency → two soft bits a symbol, of the number of the tone from the lowest one. With the symbol's level y (tones
 * at −3, −1, 1, 3) they are y and ±(|y| − 2), the sign that of y: so an inverted signal inverts both, and nothing that y says
 * is lost on a framing whose code is another one.
 */
function fsk4(samplesPerSymbol: number, hzPerUnit: number, sink: SymbolSink): SymbolDemodulator {
  const pulse = rootRaisedCosine(samplesPerSymbol, filterSymbols, FSK4_ROLL_OFF);
  const sum = pulse.reduce((a, b) => a + b);
  const taps = Float32Array.from(pulse, (tap) => tap / sum);
  const front = new FskAudioSymbols(samplesPerSymbol, maxRateError, { taps, timing: 'slope' });
  const { values } = front;
  const latency = front.latency + taps.length;
  const soft = new Float32Array(2 * grain) as Soft;
  const position = new Float64Array(2 * grain);
  const offsetHz = new Float32Array(2 * grain);
  const signalPower = new Float32Array(2 * grain);
  const noisePower = new Float32Array(2 * grain);
  /** Levels of the windows around the last grains, by the grain's number. */
  const fits: (Fsk4Levels | undefined)[] = new Array(32).fill(undefined);
  let emitted = 0;
  let fitted = 0;

  const levelsAround = (g: number): Fsk4Levels => {
    const centre = g * grain + grain / 2;
    return fitFsk4Levels(values, Math.max(values.start, centre - side), Math.min(values.end, centre + side));
  };
  const best = (g: number): Fsk4Levels => {
    let chosen = fits[g & 31]!;
    for (const other of [g - shift, g + shift]) {
      const fit = other >= 0 && other < fitted ? fits[other & 31] : undefined;
      if (fit !== undefined && fit.residual < chosen.residual) chosen = fit;
    }
    return chosen;
  };

  /** Emits symbols up to `limit`, in grains of fixed absolute boundaries; the windows behind it are there as far as they go. */
  const emit = (limit: number) => {
    const lastFit = Math.ceil(Math.min(values.end, limit + side) / grain);
    for (; fitted < lastFit; fitted++) fits[fitted & 31] = levelsAround(fitted);
    while (emitted < limit) {
      const g = Math.floor(emitted / grain);
      const { middle, unit, residual } = best(g);
      const stop = Math.min(limit, (g + 1) * grain);
      const n = stop - emitted;
      for (let i = 0; i < n; i++) {
        const y = unit > 0 ? (values.data[emitted + i - values.start]! - middle) / unit : 0;
        soft[2 * i] = y;
        soft[2 * i + 1] = unit > 0 ? (y < 0 ? y + 2 : y - 2) : 0;
        const t = front.position(emitted + i);
        position[2 * i] = t - samplesPerSymbol / 4;
        position[2 * i + 1] = t + samplesPerSymbol / 4;
      }
      offsetHz.fill(middle * hzPerUnit);
      // Mean square of the levels, and of both dimensions' noise.
      signalPower.fill(unit > 0 ? 5 : 0);
      noisePower.fill(unit > 0 ? 2 * Math.max(residual, 1e-4) : 0);
      sink.symbols({ n: 2 * n, soft: [soft], position, offsetHz, signalPower, noisePower });
      emitted = stop;
    }
    values.discardBefore(emitted - 2 * side - grain);
  };

  const push = (x: Float32Array, n: number) => {
    for (let at = 0; at < n; at += 4096) {
      const take = Math.min(4096, n - at);
      front.push(at === 0 && take === n ? x : x.subarray(at, at + take), take);
      const ready = Math.floor((values.end - lookAhead) / grain) * grain;
      // Grain by grain: how many windows are there must not depend on how much comes at once.
      for (let limit = emitted + grain; limit <= ready; limit += grain) emit(limit);
    }
  };

  return {
    push,
    flush() {
      const pad = new Float32Array(1024);
      for (let left = latency + lookAhead * samplesPerSymbol; left > 0; left -= pad.length) push(pad, pad.length);
      for (let limit = emitted + grain; emitted < values.end; limit += grain) emit(Math.min(limit, values.end));
    },
    reset() {
      front.reset();
      fits.fill(undefined);
      emitted = 0;
      fitted = 0;
    },
  };
}
