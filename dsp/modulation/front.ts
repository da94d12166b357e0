import type { ReceiverInput } from '../core/receiver.ts';
import { mixer } from '../filter/mixer.ts';
import { channelFilter, doubleRate, type Pushing, realToIq, type Stage } from './channel-filter.ts';
import type { SymbolBlock, SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/**
 * Stages in the order of the signal's way, the demodulator last.
 * @param items floats a sample of the input
 * @param latency input samples that the stages may hold back
 */
export function chain(
  stages: readonly Pushing[],
  last: SymbolDemodulator,
  items: 1 | 2,
  latency = 0,
): SymbolDemodulator {
  const first = stages[0]?.push ?? last.push;
  return {
    ...(last.innerDecoder ? { innerDecoder: last.innerDecoder } : {}),
    ...(last.wordDecoder ? { wordDecoder: last.wordDecoder } : {}),
    ...(last.modulationIndex ? { modulationIndex: last.modulationIndex } : {}),
    push: first,
    flush() {
      // Zeros push what the stages still hold through them; the demodulator then completes its symbols.
      const pad = new Float32Array(items * 2048);
      for (let left = latency + 2048; left > 0; left -= 2048) first(pad, 2048);
      last.flush();
    },
    reset() {
      for (const stage of stages) stage.reset();
      last.reset();
    },
  };
}

/** Positions and offsets of a later stage in terms of the input: sample · factor, offset + hz. */
export function rescaled(sink: SymbolSink, factor: number, offsetHz: (sample: number) => number = () => 0): SymbolSink {
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

const unknown = new Float32Array(4096);

/**
 * The symbols without their modulation index and Es/N0: those of audio, whose gain, tones and noise are not the radio
 * signal's.
 */
export function ofAudio(sink: SymbolSink): SymbolSink {
  return {
    symbols({ modulationIndex: _ofAudio, ...block }: SymbolBlock) {
      sink.symbols({ ...block, signalPower: unknown, noisePower: unknown });
    },
  };
}

/** Down-conversion of an Iq or SSB input to about `samplesPerSymbol` and not below `minRate`: the stages and the rate. */
export function front(
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
    // Not only what would fold onto the signal is kept away, also a strong neighbour beside it.
    const stop = Math.min(rate / factor - passHz, real ? 2 * shiftHz - passHz : 1.5 * passHz, rate - passHz);
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

/** Iq with what was at `shiftHz` at 0 Hz. */
export function iqMixer(sampleRate: number, shiftHz: number, next: Stage): Pushing {
  const mix = mixer(-shiftHz, sampleRate);
  let out = new Float32Array(1 << 13);
  return {
    push(x, n) {
      if (out.length < 2 * n) out = new Float32Array(2 * n);
      mix.process(x, n, out);
      next(out, n);
    },
    reset: () => mix.reset(),
  };
}
