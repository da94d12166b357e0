import { type CpmKernels, jointKindBytes } from './cpm.ts';

const states = 128;

/** The joint trellis in plain TypeScript and double precision. */
export function plainJoint(bytes: Uint8Array, floats: Float32Array): CpmKernels['cpmJoint'] {
  const integers = new Int32Array(floats.buffer);

  /** Pattern of lane `lane` in the first (0) or second (1) interval of a record. */
  function patternOf(record: number, interval: number, lane: number): number {
    const low = bytes[record + 32 * interval + 4 * lane]!;
    return low < 16 ? low >> 2 : 4 + (bytes[record + 32 * interval + 16 + 4 * lane]! >> 2);
  }

  return (z, steps, alpha, turns, kinds, _count, groups, state, decisions) => {
    const now = Float64Array.from(floats.subarray(state >> 2, (state >> 2) + 3 * states));
    const then = new Float64Array(3 * states);
    const cos = floats.subarray(turns >> 2, (turns >> 2) + 8);
    const sin = floats.subarray((turns >> 2) + 8, (turns >> 2) + 16);
    for (let step = 0; step < steps; step++) {
      const first = (z >> 2) + 32 * step;
      const second = first + 16;
      bytes.fill(0, decisions + 16 * step, decisions + 16 * step + 16);
      for (let n = 0; n < states; n++) {
        let best = -Infinity;
        for (let h = 0; h < 2; h++) {
          const from = (n >> 1) | (64 * h);
          const record = kinds + integers[(groups >> 2) + 2 * (n >> 2) + h]!;
          if ((record - kinds) % jointKindBytes !== 0) throw new RangeError(`no record at ${record - kinds}`);
          const p = patternOf(record, 0, n & 3);
          const q = patternOf(record, 1, n & 3);
          const x = now[states + from]! + floats[first + p]!;
          const y = now[2 * states + from]! + floats[first + 8 + p]!;
          const u = alpha * (x * cos[p]! - y * sin[p]!) + floats[second + q]!;
          const v = alpha * (x * sin[p]! + y * cos[p]!) + floats[second + 8 + q]!;
          const size = Math.hypot(u, v);
          const metric = now[from]! + (1 - alpha) * Math.hypot(x, y) + size;
          if (!(metric > best)) continue;
          best = metric;
          then[n] = metric - alpha * size;
          then[states + n] = alpha * (u * cos[q]! - v * sin[q]!);
          then[2 * states + n] = alpha * (u * sin[q]! + v * cos[q]!);
          const at = decisions + 16 * step + (n >> 3);
          if (h === 1) bytes[at] = bytes[at]! | (1 << (n & 7));
        }
      }
      now.set(then);
    }
    let top = -Infinity;
    for (let n = 0; n < states; n++) top = Math.max(top, now[n]!);
    for (let n = 0; n < states; n++) now[n]! -= top;
    floats.set(now, state >> 2);
  };
}
