import { SlidingWindow } from '../core/sliding-window.ts';
import { lowPass } from '../filter/fir-design.ts';

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
  const taps = Float32Array.from(lowPass({ sampleRate, passHz, stopHz, stopDb: 60 }));
  const half = (taps.length - 1) / 2;
  const input = new SlidingWindow(1 << 14);
  let out = new Float32Array(1 << 12);
  let produced = 0;

  function prime(): void {
    input.start = -2 * half;
    input.end = -2 * half;
    input.append(new Float32Array(2 * half), 2 * half);
    produced = 0;
  }
  prime();

  return {
    push(iq, n) {
      input.append(iq, 2 * n);
      const x = input.data;
      let count = 0;
      if (out.length < 2 * Math.ceil(n / factor + 1)) out = new Float32Array(2 * Math.ceil(n / factor + 1));
      for (;;) {
        const first = 2 * (produced * factor - half);
        if (first + 2 * taps.length > input.end) break;
        let re = 0;
        let im = 0;
        for (let k = 0, j = first - input.start; k < taps.length; k++, j += 2) {
          re += taps[k]! * x[j]!;
          im += taps[k]! * x[j + 1]!;
        }
        out[2 * count] = re;
        out[2 * count + 1] = im;
        count++;
        produced++;
      }
      input.discardBefore(2 * (produced * factor - half));
      if (count > 0) next(out, count);
    },
    reset() {
      input.reset();
      prime();
    },
  };
}

/** Real samples (n) → Iq with what was at `carrierHz` at 0 Hz (and its image still there, at −2·carrierHz). */
export function realToIq(sampleRate: number, carrierHz: number, next: Stage): Pushing {
  let out = new Float32Array(1 << 12);
  let index = 0;
  const cycles = carrierHz / sampleRate;
  return {
    push(x, n) {
      if (out.length < 2 * n) out = new Float32Array(2 * n);
      for (let i = 0; i < n; i++) {
        const turns = (index + i) * cycles;
        const angle = -2 * Math.PI * (turns - Math.floor(turns));
        out[2 * i] = 2 * x[i]! * Math.cos(angle);
        out[2 * i + 1] = 2 * x[i]! * Math.sin(angle);
      }
      index += n;
      next(out, n);
    },
    reset() {
      index = 0;
    },
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
