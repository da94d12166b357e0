import FFT from 'fft.js';
import { type Kernels, memoryBytes } from './kernels.ts';
import { plainCpmKernels } from './plain-cpm.ts';
import { plainSync } from './plain-sync.ts';

/** The kernels in plain TypeScript: the oracle of the WASM ones, 5 to 10 times slower. */
export function plainKernels(): Kernels {
  const memory = new ArrayBuffer(memoryBytes);
  const bytes = new Uint8Array(memory);
  const signed = new Int8Array(memory);
  const words = new Int16Array(memory);
  const floats = new Float32Array(memory);
  const doubles = new Float64Array(memory);
  const integers = new Int32Array(memory);
  const transforms = new Map<number, FFT>();

  return {
    name: 'plain',
    bytes,
    floats,
    doubles,
    integers,
    ...plainCpmKernels(memory),
    cu8ToFloat(from, to, values) {
      const out = to >> 2;
      for (let i = 0; i < values; i++) floats[out + i] = (bytes[from + i]! - 127.5) * (1 / 127.5);
    },
    cs8ToFloat(from, to, values) {
      const out = to >> 2;
      for (let i = 0; i < values; i++) floats[out + i] = signed[from + i]! * (1 / 128);
    },
    cs16ToFloat(from, to, values) {
      const out = to >> 2;
      const at = from >> 1;
      for (let i = 0; i < values; i++) floats[out + i] = words[at + i]! * (1 / 32768);
    },
    firReal(x, taps, count, decimation, outputs, y) {
      const r = taps >> 2;
      const out = y >> 2;
      let at = x >> 2;
      for (let m = 0; m < outputs; m++) {
        let sum = 0;
        for (let j = 0; j < count; j++) sum += floats[r + j]! * floats[at + j]!;
        floats[out + m] = sum;
        at += decimation;
      }
    },
    firIq(x, taps, count, decimation, outputs, y) {
      const r = taps >> 2;
      let out = y >> 2;
      let at = x >> 2;
      for (let m = 0; m < outputs; m++) {
        let re = 0;
        let im = 0;
        for (let j = 0; j < 2 * count; j += 2) {
          const tap = floats[r + j]!;
          re += tap * floats[at + j]!;
          im += tap * floats[at + j + 1]!;
        }
        floats[out++] = re;
        floats[out++] = im;
        at += 2 * decimation;
      }
    },
    firIqComplex(x, taps, count, decimation, outputs, y) {
      const c = taps >> 2;
      const d = c + 2 * count;
      let out = y >> 2;
      let at = x >> 2;
      for (let m = 0; m < outputs; m++) {
        let re = 0;
        let im = 0;
        for (let j = 0; j < 2 * count; j += 2) {
          const a = floats[at + j]!;
          const b = floats[at + j + 1]!;
          re += floats[c + j]! * a - floats[d + j]! * b;
          im += floats[c + j]! * b + floats[d + j]! * a;
        }
        floats[out++] = re;
        floats[out++] = im;
        at += 2 * decimation;
      }
    },
    rotate(iq, count, phasor) {
      const p = phasor >> 3;
      const stepRe = doubles[p + 2]!;
      const stepIm = doubles[p + 3]!;
      let re = doubles[p]!;
      let im = doubles[p + 1]!;
      const first = iq >> 2;
      for (let at = first; at < first + 2 * count; at += 2) {
        const a = floats[at]!;
        const b = floats[at + 1]!;
        floats[at] = a * re - b * im;
        floats[at + 1] = a * im + b * re;
        const turned = re * stepRe - im * stepIm;
        im = re * stepIm + im * stepRe;
        re = turned;
      }
      doubles[p] = re;
      doubles[p + 1] = im;
    },
    addCompareSelect(branches, combinations, metrics, steps, decisions) {
      let now = metrics >> 2;
      let then = now + 64;
      let branch = branches >> 2;
      let decision = decisions >> 2;
      for (let step = 0; step < steps; step++) {
        let low = 0;
        let high = 0;
        for (let i = 0; i < 32; i++) {
          const even = integers[now + 2 * i]!;
          const odd = integers[now + 2 * i + 1]!;
          const m = integers[branch + (bytes[combinations + 4 * i]! >> 2)]!;
          integers[then + i] = Math.max(even + m, odd - m);
          integers[then + 32 + i] = Math.max(even - m, odd + m);
          if (odd - m > even + m) low |= 1 << i;
          if (odd + m > even - m) high |= 1 << i;
        }
        integers[decision++] = low;
        integers[decision++] = high;
        branch += 4;
        [now, then] = [then, now];
      }
      if (steps % 2 === 1) integers.copyWithin(metrics >> 2, (metrics >> 2) + 64, (metrics >> 2) + 128);
    },
    ...plainSync(floats, doubles),
    fft(x, size) {
      const transform = transforms.get(size) ?? new FFT(size);
      transforms.set(size, transform);
      const at = x >> 2;
      const out = transform.createComplexArray();
      transform.transform(out, floats.subarray(at, at + 2 * size));
      floats.set(out, at);
    },
  };
}
