import { type CpmKernels, latticePhases as phases } from './cpm.ts';

const states = 4;
const least = 1e-12;

/** Detection on a lattice of phases in plain TypeScript and double precision. */
export function plainLattice(floats: Float32Array): Pick<CpmKernels, 'latticeForward' | 'latticeBackward'> {
  /** Of state `s` the phases' neighbours mixed in, everything scaled to a sum of 1. */
  function spreadOut(x: Float64Array, spread: number): Float64Array {
    const sum = x.reduce((total, value) => total + value, 0);
    return x.map((value, at) => {
      const first = at - (at % phases);
      const left = x[first + ((at + phases - 1) % phases)]!;
      const right = x[first + ((at + 1) % phases)]!;
      return Math.max(least, ((1 - 2 * spread) * value + spread * (left + right)) / sum);
    });
  }

  const likelihood = (at: number, symbol: number, pattern: number, phase: number) =>
    floats[(at >> 2) + (8 * symbol + pattern) * phases + phase]!;

  return {
    latticeForward(likelihoods, priors, count, turn, spread, at) {
      for (let k = 0; k < count; k++) {
        const now = floats.subarray((at >> 2) + states * phases * k, (at >> 2) + states * phases * (k + 1));
        const then = new Float64Array(states * phases);
        for (let pattern = 0; pattern < 2 * states; pattern++) {
          const prior = floats[(priors >> 2) + 2 * k + ((pattern >> 1) & 1)]!;
          for (let phase = 0; phase < phases; phase++) {
            const to = (phase + (pattern & 4 ? turn : 0)) % phases;
            then[(pattern & 3) * phases + to]! +=
              prior * now[(pattern >> 1) * phases + phase]! * likelihood(likelihoods, k, pattern, phase);
          }
        }
        floats.set(spreadOut(then, spread), (at >> 2) + states * phases * (k + 1));
      }
    },

    latticeBackward(likelihoods, priors, count, turn, spread, forward, at, _work, sums) {
      let later = Float64Array.from(floats.subarray(at >> 2, (at >> 2) + states * phases));
      for (let k = count - 1; k >= 0; k--) {
        const behind = spreadOut(later, spread);
        later = new Float64Array(states * phases);
        const sum = [0, 0];
        for (let pattern = 0; pattern < 2 * states; pattern++) {
          const bit = (pattern >> 1) & 1;
          for (let phase = 0; phase < phases; phase++) {
            const to = (pattern & 3) * phases + ((phase + (pattern & 4 ? turn : 0)) % phases);
            const x = behind[to]! * likelihood(likelihoods, k, pattern, phase);
            const from = (pattern >> 1) * phases + phase;
            sum[bit]! += floats[(forward >> 2) + states * phases * k + from]! * x;
            later[from]! += floats[(priors >> 2) + 2 * k + bit]! * x;
          }
        }
        floats.set(sum, (sums >> 2) + 2 * k);
      }
      floats.set(later, at >> 2);
    },
  };
}
