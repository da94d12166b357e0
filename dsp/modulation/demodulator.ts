import type { ModulationParams, ReceiverInput } from '../core/receiver.ts';
import { CoarseCarrier } from '../sync/coarse-carrier.ts';
import { Derotator } from '../sync/derotator.ts';
import { channelFilter, doubleRate, type Pushing, realToIq, type Stage } from './channel-filter.ts';
import { discriminator } from './discriminator.ts';
import { fskReal, fskRealVariants } from './fsk-real.ts';
import { psk } from './psk.ts';
import type { SymbolBlock, SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** Deviation of the FM that carries AFSK where a satellite file says nothing, Hz. */
const defaultFmDeviationHz = 3000;
/** Audio subcarrier of AFSK where a satellite file says nothing: Bell 202, between 1200 and 2200 Hz. */
const defaultAfCarrierHz = 1700;

/** A demodulator with the number of soft-symbol variants that it gives. */
export interface Demodulator extends SymbolDemodulator {
  readonly variants: number;
}

/** Stages in the order of the signal's way; pushing into the first, flushing and resetting all. */
function chain(stages: readonly Pushing[], last: SymbolDemodulator, padItems: number, variants: number): Demodulator {
  const first = stages[0]?.push ?? last.push;
  return {
    variants,
    push: first,
    flush() {
      // Zeros push what the filters still hold through them; the last stage then completes its symbols.
      first(new Float32Array(padItems * 2048), 2048);
      last.flush();
    },
    reset() {
      for (const stage of stages) stage.reset();
      last.reset();
    },
  };
}

/** Positions and offsets of a later stage in terms of the input: sample · factor, offset + hz. */
function rescaled(sink: SymbolSink, factor: number, offsetHz: (sample: number) => number): SymbolSink {
  return {
    symbols(block: SymbolBlock) {
      for (let i = 0; i < block.n; i++) {
        block.offsetHz[i] = block.offsetHz[i]! + offsetHz(block.position[i]!);
        block.position[i] = block.position[i]! * factor;
      }
      sink.symbols(block);
    },
  };
}

/** Down-conversion of an Iq or SSB input to about `samplesPerSymbol` and not below `minRate`: the stages and the rate. */
function front(
  input: ReceiverInput,
  shiftHz: number,
  passHz: number,
  minRate: number,
  next: Stage,
): { stages: Pushing[]; rate: number } {
  const real = input.kind !== 'iq';
  const stages: Pushing[] = [];
  let rate = input.sampleRate;
  let push = next;
  const double = rate < minRate;
  if (double) {
    const up = doubleRate(2, push);
    stages.unshift(up);
    push = up.push;
  }
  const factor = Math.max(1, Math.floor(rate / minRate));
  const needsFilter = real || factor > 1;
  if (needsFilter) {
    const stop = Math.min(rate / factor - passHz, real ? 2 * shiftHz - passHz : rate, rate - passHz);
    const pass = Math.min(passHz, 0.9 * stop, 0.45 * rate);
    const filter = channelFilter(rate, pass, Math.max(stop, 1.1 * pass), factor, push);
    stages.unshift(filter);
    push = filter.push;
  }
  if (real) {
    const mix = realToIq(rate, shiftHz, push);
    stages.unshift(mix);
  } else if (shiftHz !== 0) {
    const mix = iqMixer(rate, shiftHz, push);
    stages.unshift(mix);
  }
  rate /= factor;
  if (double) rate *= 2;
  return { stages, rate };
}

function iqMixer(sampleRate: number, shiftHz: number, next: Stage): Pushing {
  let out = new Float32Array(1 << 13);
  let index = 0;
  const cycles = shiftHz / sampleRate;
  return {
    push(x, n) {
      if (out.length < 2 * n) out = new Float32Array(2 * n);
      for (let i = 0; i < n; i++) {
        const turns = (index + i) * cycles;
        const angle = -2 * Math.PI * (turns - Math.floor(turns));
        const re = Math.cos(angle);
        const im = Math.sin(angle);
        out[2 * i] = x[2 * i]! * re - x[2 * i + 1]! * im;
        out[2 * i + 1] = x[2 * i]! * im + x[2 * i + 1]! * re;
      }
      index += n;
      next(out, n);
    },
    reset() {
      index = 0;
    },
  };
}

/** Iq at `rate`, carrier within ±searchHz → instantaneous frequency, Hz from the tracked carrier. */
function fmReceiver(
  rate: number,
  symbolRate: number,
  widthHz: number,
  searchHz: number,
  next: Stage,
): { stage: Pushing; offsetHzAt: (sample: number) => number; latency: number } {
  const carrier = new CoarseCarrier({ sampleRate: rate, symbolRate, widthHz, searchHz });
  const derotator = new Derotator(rate);
  const demodulate = discriminator(rate);
  let audio = new Float32Array(1 << 12);
  const pass = Math.min(widthHz / 2, 0.4 * rate);
  const filter = channelFilter(rate, pass, Math.min(1.5 * pass + 0.02 * rate, rate - pass), 1, (iq, n) => {
    if (audio.length < n) audio = new Float32Array(n);
    demodulate.process(iq, n, audio);
    next(audio, n);
  });
  return {
    latency: carrier.latency,
    offsetHzAt: (sample) => derotator.hzAt(sample),
    stage: {
      push(iq, n) {
        derotator.push(iq, n);
        carrier.push(iq, n, (sample, hz) => {
          derotator.estimate(sample, hz);
          const { output } = derotator;
          const ready = output.end - output.start;
          if (ready > 0) {
            filter.push(output.data, ready / 2);
            output.start = output.end;
          }
        });
      },
      reset() {
        carrier.reset();
        derotator.reset();
        demodulate.reset();
        filter.reset();
      },
    },
  };
}

/**
 * AFSK is FSK around an audio subcarrier: real audio → the same receiver as FSK after a discriminator. The audio's own
 * zero line says nothing of the radio carrier: `hzPerUnit` is NaN (unknown) or 0 (known from elsewhere).
 */
function afskAudio(
  params: ModulationParams,
  sampleRate: number,
  hzPerUnit: number,
  sink: SymbolSink,
): { stages: Pushing[]; last: SymbolDemodulator } {
  const { symbolRate } = params;
  const deviationHz = params.deviationHz ?? 500;
  const carrierHz = params.afCarrierHz ?? defaultAfCarrierHz;
  const passHz = Math.min(
    Math.max(1.5 * Math.abs(deviationHz), Math.abs(deviationHz) + 0.4 * symbolRate),
    0.9 * carrierHz,
  );
  const minRate = Math.max(8 * symbolRate, 4 * passHz);
  let audio = new Float32Array(1 << 12);
  let demodulate = discriminator(sampleRate);
  let last: SymbolDemodulator | undefined;
  const { stages, rate } = front({ kind: 'fm-audio', sampleRate }, carrierHz, passHz, minRate, (iq, n) => {
    if (audio.length < n) audio = new Float32Array(n);
    demodulate.process(iq, n, audio);
    last!.push(audio, n);
  });
  demodulate = discriminator(rate);
  last = fskReal(
    { sampleRate: rate, symbolRate, hzPerUnit },
    rescaled(sink, sampleRate / rate, () => 0),
  );
  stages.push({ push: () => {}, reset: () => demodulate.reset() });
  return { stages, last };
}

/**
 * The demodulator of a modulation on an input.
 * @throws RangeError when the symbol rate does not fit the input
 */
export function makeDemodulator(params: ModulationParams, input: ReceiverInput, sink: SymbolSink): Demodulator {
  const { symbolRate, kind } = params;
  const { sampleRate } = input;
  if (!(sampleRate >= 2 * symbolRate))
    throw new RangeError(`${symbolRate} Bd does not fit an input of ${sampleRate} samples/s`);
  const iqInput = input.kind === 'iq';
  const shiftHz = iqInput ? (input.offsetHz ?? 0) : 0;
  switch (kind) {
    case 'fsk':
    case 'fsk-subaudio': {
      if (!iqInput) return fskFromAudio(params, sampleRate, sink);
      const deviationHz = Math.abs(params.deviationHz ?? symbolRate / 4);
      const widthHz = 2 * deviationHz + symbolRate;
      const searchHz = input.searchHz ?? defaultSearchHz(sampleRate, widthHz);
      const passHz = Math.min(searchHz + widthHz / 2, 0.45 * sampleRate);
      let last: SymbolDemodulator | undefined;
      const minRate = Math.max(4.5 * symbolRate, 2.2 * passHz);
      let fm: ReturnType<typeof fmReceiver> | undefined;
      const { stages, rate } = front(input, shiftHz, passHz, minRate, (iq, n) => fm!.stage.push(iq, n));
      fm = fmReceiver(rate, symbolRate, widthHz, searchHz, (audio, n) => last!.push(audio, n));
      last = fskReal({ sampleRate: rate, symbolRate, hzPerUnit: 1 }, rescaled(sink, sampleRate / rate, fm.offsetHzAt));
      const pad = Math.ceil((fm.latency * sampleRate) / rate / 2048) + 1;
      return padded(chain([...stages, fm.stage], last, 2, fskRealVariants), 2, pad);
    }
    case 'afsk': {
      if (!iqInput) {
        const { stages, last } = afskAudio(params, sampleRate, Number.NaN, sink);
        return chain(stages, last, 1, fskRealVariants);
      }
      const fmDeviationHz = params.fmDeviationHz ?? defaultFmDeviationHz;
      const audioHz = (params.afCarrierHz ?? defaultAfCarrierHz) + Math.abs(params.deviationHz ?? 500);
      const widthHz = 2 * (fmDeviationHz + audioHz);
      const searchHz = input.searchHz ?? defaultSearchHz(sampleRate, widthHz);
      const passHz = Math.min(searchHz + widthHz / 2, 0.45 * sampleRate);
      let fm: ReturnType<typeof fmReceiver> | undefined;
      const { stages, rate } = front(input, shiftHz, passHz, 2.5 * passHz, (iq, n) => fm!.stage.push(iq, n));
      let audioPush: Stage = () => {};
      fm = fmReceiver(rate, symbolRate, widthHz, searchHz, (audio, n) => audioPush(audio, n));
      const { stages: audioStages, last } = afskAudio(
        params,
        rate,
        0,
        rescaled(sink, sampleRate / rate, fm.offsetHzAt),
      );
      audioPush = audioStages[0]!.push;
      const pad = Math.ceil((fm.latency * sampleRate) / rate / 2048) + 1;
      return padded(chain([...stages, fm.stage, ...audioStages], last, 2, fskRealVariants), 2, pad);
    }
    case 'bpsk':
    case 'bpsk-manchester':
    case 'dbpsk':
    case 'dbpsk-manchester': {
      const manchester = kind.endsWith('manchester');
      const chipRate = manchester ? 2 * symbolRate : symbolRate;
      const ssbCarrierHz =
        input.kind === 'ssb-audio' ? (input.carrierHz ?? (symbolRate <= 2400 ? 1500 : 12_000)) : 1500;
      const asked = input.kind === 'fm-audio' ? undefined : input.searchHz;
      const searchHz = asked ?? (iqInput ? defaultSearchHz(sampleRate, 1.35 * chipRate) : 1000);
      const passHz = searchHz + 0.7 * chipRate;
      const minRate = Math.max(4.5 * chipRate, 4.4 * searchHz);
      let last: SymbolDemodulator | undefined;
      const shift = iqInput ? shiftHz : ssbCarrierHz;
      const { stages, rate } = front(input, shift, passHz, minRate, (iq, n) => last!.push(iq, n));
      last = psk(
        { sampleRate: rate, symbolRate, searchHz, differential: kind.startsWith('d'), manchester },
        rescaled(sink, sampleRate / rate, () => 0),
      );
      return chain(stages, last, iqInput ? 2 : 1, 1);
    }
  }
}

function fskFromAudio(params: ModulationParams, sampleRate: number, sink: SymbolSink): Demodulator {
  const { symbolRate } = params;
  const double = sampleRate < 4 * symbolRate;
  const rate = double ? 2 * sampleRate : sampleRate;
  const last = fskReal(
    { sampleRate: rate, symbolRate, hzPerUnit: Number.NaN },
    rescaled(sink, sampleRate / rate, () => 0),
  );
  return chain(double ? [doubleRate(1, last.push)] : [], last, 1, fskRealVariants);
}

/** Nobody said how far off the carrier may be: residual Doppler, oscillators, and a share of the symbol rate. */
function defaultSearchHz(sampleRate: number, widthHz: number): number {
  return Math.max(100, Math.min(2500, 0.45 * sampleRate - widthHz / 2));
}

/** A demodulator whose flush pushes `blocks` more blocks of zeros first (stages that hold back more than one). */
function padded(inner: Demodulator, items: number, blocks: number): Demodulator {
  return {
    ...inner,
    flush() {
      for (let i = 0; i < blocks; i++) inner.push(new Float32Array(items * 2048), 2048);
      inner.flush();
    },
  };
}
