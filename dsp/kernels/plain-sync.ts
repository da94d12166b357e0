import type { Kernels } from './kernels.ts';

type Name = 'squareWindowed' | 'turn' | 'turnFrom' | 'powers' | 'lagLines' | 'phaseSteps' | 'lineSums';
type SyncKernels = Pick<Kernels, Name>;

/** The kernels of the synchronisers in plain TypeScript. */
export function plainSync(floats: Float32Array, doubles: Float64Array): SyncKernels {
  return {
    squareWindowed(x, window, count, y) {
      const [from, to, w] = [x >> 2, y >> 2, window >> 2];
      for (let n = 0; n < count; n++) {
        const re = floats[from + 2 * n]!;
        const im = floats[from + 2 * n + 1]!;
        floats[to + 2 * n] = floats[w + n]! * (re * re - im * im);
        floats[to + 2 * n + 1] = floats[w + n]! * 2 * re * im;
      }
    },
    turn(x, by, count, y) {
      const [from, to, t] = [x >> 2, y >> 2, by >> 2];
      for (let i = 0; i < 2 * count; i += 2) {
        const a = floats[from + i]!;
        const b = floats[from + i + 1]!;
        const c = floats[t + i]!;
        const d = floats[t + i + 1]!;
        floats[to + i] = a * c - b * d;
        floats[to + i + 1] = a * d + b * c;
      }
    },
    powers(x, count, y) {
      const [from, to] = [x >> 2, y >> 2];
      for (let n = 0; n < count; n++) floats[to + n] = floats[from + 2 * n]! ** 2 + floats[from + 2 * n + 1]! ** 2;
    },
    lagLines(x, lag, turns, count, sums) {
      const [from, cosine] = [x >> 2, turns >> 2];
      const totals = doubles.subarray(sums >> 3, (sums >> 3) + 6).fill(0);
      for (let n = 0; n < count; n++) {
        const at = from + 2 * n;
        const past = at - 2 * lag;
        const re = floats[at]! * floats[past]! + floats[at + 1]! * floats[past + 1]!;
        const im = floats[at + 1]! * floats[past]! - floats[at]! * floats[past + 1]!;
        const factors = [1, floats[cosine + n]!, floats[cosine + count + n]!];
        for (let i = 0; i < 3; i++) {
          totals[2 * i]! += re * factors[i]!;
          totals[2 * i + 1]! += im * factors[i]!;
        }
      }
    },
    phaseSteps(x, count, scale, y) {
      const [from, to] = [x >> 2, y >> 2];
      for (let n = 0; n < count; n++) {
        const at = from + 2 * n;
        const re = floats[at]! * floats[at - 2]! + floats[at + 1]! * floats[at - 1]!;
        const im = floats[at + 1]! * floats[at - 2]! - floats[at]! * floats[at - 1]!;
        floats[to + n] = scale * Math.atan2(im, re);
      }
    },
    turnFrom(x, by, re, im, count, y) {
      const [from, to, t] = [x >> 2, y >> 2, by >> 2];
      for (let i = 0; i < 2 * count; i += 2) {
        const a = floats[from + i]!;
        const b = floats[from + i + 1]!;
        const c = re * floats[t + i]! - im * floats[t + i + 1]!;
        const d = re * floats[t + i + 1]! + im * floats[t + i]!;
        floats[to + i] = a * c - b * d;
        floats[to + i + 1] = a * d + b * c;
      }
    },
    lineSums(z, count, lines, frequencies) {
      for (let f = 0; f < frequencies; f++) {
        const at = (lines >> 3) + 12 * (f >> 1) + (f & 1);
        const stepRe = doubles[at]!;
        const stepIm = doubles[at + 2]!;
        let re = doubles[at + 4]!;
        let im = doubles[at + 6]!;
        for (let n = 0; n < count; n++) {
          const v = floats[(z >> 2) + n]!;
          doubles[at + 8]! += v * re;
          doubles[at + 10]! += v * im;
          const turned = re * stepRe - im * stepIm;
          im = re * stepIm + im * stepRe;
          re = turned;
        }
        doubles[at + 4] = re;
        doubles[at + 6] = im;
      }
    },
  };
}
