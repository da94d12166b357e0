import type { CpmKernels } from './cpm.ts';
import { plainJoint } from './plain-joint.ts';
import { plainLattice } from './plain-lattice.ts';
import { plainWords } from './plain-words.ts';

const patterns = 8;
/** Three-bit patterns read backwards. */
const reversed = [0, 4, 2, 6, 1, 5, 3, 7];

/** The CPM kernels in plain TypeScript and double precision, on a scratch memory: the oracle of the WASM ones. */
export function plainCpmKernels(memory: ArrayBuffer): CpmKernels {
  const bytes = new Uint8Array(memory);
  const floats = new Float32Array(memory);

  return {
    cpmCorrelate(r, wave, count, z) {
      for (let k = 0; k < count; k++)
        for (let p = 0; p < patterns; p++) {
          let re = 0;
          let im = 0;
          for (let i = 0; i < 4; i++) {
            const a = floats[(r >> 2) + 8 * k + 2 * i]!;
            const b = floats[(r >> 2) + 8 * k + 2 * i + 1]!;
            const c = floats[(wave >> 2) + 16 * i + p]!;
            const s = floats[(wave >> 2) + 16 * i + 8 + p]!;
            re += a * c + b * s;
            im += b * c - a * s;
          }
          floats[(z >> 2) + 16 * k + p] = re;
          floats[(z >> 2) + 16 * k + 8 + p] = im;
        }
    },

    cpmDetect(z, n, total, states, alpha, turns, state, _work, llr, pattern, relock) {
      const zs = floats.subarray(z >> 2, (z >> 2) + 16 * total);
      const cos = floats.subarray(turns >> 2, (turns >> 2) + 8);
      const sin = floats.subarray((turns >> 2) + 8, (turns >> 2) + 16);
      const start = floats.subarray(state >> 2, (state >> 2) + 3 * states);
      const branch: Branch = (k, p) => ({ re: zs[16 * k + p]!, im: zs[16 * k + 8 + p]!, c: cos[p]!, s: sin[p]! });
      const forward = recursion(states, alpha, n, start, branch);
      // The same on the reversed conjugate signal, whose correlators are conj(z_p·e^{jψ_p}) of the reversed pattern.
      const reverse: Branch = (k, q) => {
        const p = reversed[q]!;
        const at = 16 * (total - 1 - k);
        const c = cos[p]!;
        const s = sin[p]!;
        return { re: zs[at + p]! * c - zs[at + 8 + p]! * s, im: -zs[at + p]! * s - zs[at + 8 + p]! * c, c, s };
      };
      const backward = recursion(states, alpha, total, new Float32Array(3 * states), reverse);
      if (states === 4 && relock > 0) {
        const windows = Array.from({ length: Math.ceil(n / lockWindow) }, (_, i) => i * lockWindow);
        const ends = (from: number) => Math.min(from + lockWindow, n);
        const forwardPower = (from: number) => phasorPower(forward.slice(from, ends(from)));
        const backwardPower = (from: number) => phasorPower(backward.slice(total - ends(from) + 1, total - from + 1));
        for (const from of windows) {
          const count = ends(from) - from;
          const again = (state: Float64Array) =>
            forward.splice(from, count + 1, ...recursion(states, alpha, count, state, (k, p) => branch(k + from, p)));
          again(forward[from]!);
          if (forwardPower(from) < relock * backwardPower(from)) again(turnedAround(backward[total - from]!));
        }
        for (const from of windows.toReversed()) {
          const first = total - ends(from);
          const count = ends(from) - from;
          const again = (state: Float64Array) =>
            backward.splice(
              first,
              count + 1,
              ...recursion(states, alpha, count, state, (k, p) => reverse(k + first, p)),
            );
          again(backward[first]!);
          if (backwardPower(from) < relock * forwardPower(from)) again(turnedAround(forward[ends(from)]!));
        }
      }
      for (let k = 0; k < n; k++) {
        const f = forward[k]!;
        const g = backward[total - 1 - k]!;
        const metric = Array.from({ length: patterns }, (_, p) => {
          let best = -Infinity;
          // The states' older bits, beyond the pattern, are free on both sides.
          for (let t = reversed[p]! >> 1; t < states; t += 4)
            for (let s = p >> 1; s < states; s += 4) {
              const x = f[states + s]! + zs[16 * k + p]! + g[states + t]! * cos[p]! - g[2 * states + t]! * sin[p]!;
              const y =
                f[2 * states + s]! + zs[16 * k + 8 + p]! - g[2 * states + t]! * cos[p]! - g[states + t]! * sin[p]!;
              best = Math.max(best, f[s]! + g[t]! + Math.hypot(x, y));
            }
          return best;
        });
        const one = Math.max(...metric.filter((_, p) => (p & 2) !== 0));
        const zero = Math.max(...metric.filter((_, p) => (p & 2) === 0));
        floats[(llr >> 2) + k] = one - zero;
        bytes[pattern + k] = Math.max(0, metric.indexOf(Math.max(one, zero)));
      }
      start.set(forward[n]!);
    },

    cpmJoint: plainJoint(bytes, floats),
    cpmWords: plainWords(floats),
    ...plainLattice(floats),
  };
}

/** Symbols over which the phasors of both recursions are compared. */
const lockWindow = 32;

/** Sum of |αQ|² of all of four states at some boundaries. */
function phasorPower(states: readonly Float64Array[]): number {
  return states.reduce((sum, state) => sum + state.subarray(4).reduce((power, x) => power + x * x, 0), 0);
}

/** A state of one recursion as one of the other: bits in the other order, phasors conjugate. */
function turnedAround(state: Float64Array): Float64Array {
  return Float64Array.from(state, (_, i) => (i < 8 ? 1 : -1) * state[4 * (i >> 2) + [0, 2, 1, 3][i & 3]!]!);
}

/** Correlation with a pattern and the pattern's turn. */
type Branch = (symbol: number, pattern: number) => { re: number; im: number; c: number; s: number };

/** States before each of `count` symbols and behind the last: metric − |αQ| relative to state 0, re αQ, im αQ. */
function recursion(
  states: number,
  alpha: number,
  count: number,
  start: ArrayLike<number>,
  branch: Branch,
): Float64Array[] {
  const all = [Float64Array.from(start)];
  for (let k = 0; k < count; k++) {
    const from = all[k]!;
    const to = new Float64Array(3 * states);
    let first = 0;
    for (let t = 0; t < states; t++) {
      let best = -Infinity;
      for (let h = 0; h < 2; h++) {
        // The two predecessors share all but their oldest bit with this state's older ones.
        const s = (t >> 1) | (h * (states >> 1));
        const { re, im, c, s: d } = branch(k, ((s << 1) | (t & 1)) & (patterns - 1));
        const x = from[states + s]! + re;
        const y = from[2 * states + s]! + im;
        const length = Math.sqrt(x * x + y * y);
        const metric = from[s]! + length;
        if (!(metric > best)) continue;
        best = metric;
        to[t] = metric - alpha * length;
        to[states + t] = alpha * (x * c - y * d);
        to[2 * states + t] = alpha * (x * d + y * c);
      }
      if (t === 0) first = best;
      to[t]! -= first;
    }
    all.push(to);
  }
  return all;
}
