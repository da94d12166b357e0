import { SlidingWindow } from '../core/sliding-window.ts';
import { firIq } from '../filter/fir-decimator.ts';
import { lowPass } from '../filter/fir-design.ts';
import { mixer } from '../filter/mixer.ts';

export type Stage = (x: Float32Array, n: number) => void;

/** A stage that hands its output on. */
export interface Pushing {
  push: Stage;
  reset(): void;
}

/**
 * Low-pass and decimation of Iq: `passHz` is kept, what would fold onto it is suppressed by 60 dB. The output is
 * centred: output sample m belongs to input sample m·factor.
 */
export function channelFilter(
  sampleRate: number,
  passHz: number,
  stopHz: number,
  factor: number,
  next: Stage,
): Pushing {
  const filter = firIq(lowPass({ sampleRate, passHz, stopHz, stopDb: 60 }), { decimation: factor });
  let out = new Float32Array(1 << 12);
  return {
    push(iq, n) {
      // The filter may hand out what it held back beside what is new.
      const room = 2 * (filter.maxOut(n) + Math.ceil(filter.latency / factor) + 1);
      if (out.length < room) out = new Float32Array(room);
      const count = filter.process(iq, n, out);
      if (count > 0) next(out, count);
    },
    reset: () => filter.reset(),
  };
}

/** Real samples (n) → Iq with what was at `carrierHz` at 0 Hz (and its image still there, at −2·carrierHz). */
export function realToIq(sampleRate: number, carrierHz: number, next: Stage): Pushing {
  const mix = mixer(-carrierHz, sampleRate);
  let out = new Float32Array(1 << 12);
  return {
    push(x, n) {
      if (out.length < 2 * n) out = new Float32Array(2 * n);
      for (let i = 0; i < n; i++) {
        out[2 * i] = 2 * x[i]!;
        out[2 * i + 1] = 0;
      }
      mix.process(out, n, out);
      next(out, n);
    },
    reset: () => mix.reset(),
  };
}

/** Doubles the rate of a real or complex stream (`items` 1 or 2 floats a sample) by a half-band interpolator. */
export function doubleRate(items: 1 | 2, next: Stage): Pushing {
  // Windowed sinc at odd half samples; the even outputs are the inputs themselves.
  const reach = 16;
  const taps = Float32Array.from({ length: 2 * reach }, (_, i) => {
    const t = i - reach + 0.5;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * t) / (reach + 0.5));
    return (Math.sin(Math.PI * t) / (Math.PI * t)) * window;
  });
  const input = new SlidingWindow(1 << 14);
  let out = new Float32Array(1 << 13);
  let produced = 0;
  function prime(): void {
    input.start = -items * (reach - 1);
    input.end = input.start;
    input.append(new Float32Array(items * (reach - 1)), items * (reach - 1));
    produced = 0;
  }
  prime();
  return {
    push(x, n) {
      input.append(x, items * n);
      if (out.length < 2 * items * (n + 1)) out = new Float32Array(2 * items * (n + 1));
      const d = input.data;
      let count = 0;
      while (items * (produced + reach + 1) <= input.end) {
        for (let c = 0; c < items; c++) {
          let acc = 0;
          const first = items * (produced - reach + 1) - input.start + c;
          for (let k = 0; k < taps.length; k++) acc += taps[k]! * d[first + items * k]!;
          out[2 * items * count + c] = d[items * produced - input.start + c]!;
          out[2 * items * count + items + c] = acc;
        }
        count++;
        produced++;
      }
      input.discardBefore(items * (produced - reach));
      if (count > 0) next(out, 2 * count);
    },
    reset() {
      input.reset();
      prime();
    },
  };
}
