/**
 * The inner loops of the detectors of continuous-phase modulation, part of Kernels. Correlations `z` are float32
 * [symbol][re of 8 patterns][im of 8 patterns]; offsets are in bytes and multiples of 16.
 */
export interface CpmKernels {
  /**
   * z = Σ r·e^{−jψ_p} over `count` symbols of four IQ pairs at `r`. `wave`: of each of the four samples cos ψ of the 8
   * patterns and sin ψ of them.
   */
  cpmCorrelate(r: number, wave: number, count: number, z: number): void;

  /**
   * Forward–backward detection of the first `n` of `total` symbols of `z`. `turns`: cos and sin of the 8 patterns' phase
   * advance. `state`: `states` (4 or 8) times metric − |αQ|, re αQ, im αQ before the first symbol; updated to behind
   * symbol n. `work`: detectWorkBytes(states, total). `llr`: n floats, `pattern`: n bytes, both written.
   */
  cpmDetect(
    z: number,
    n: number,
    total: number,
    states: number,
    alpha: number,
    turns: number,
    state: number,
    work: number,
    llr: number,
    pattern: number,
  ): void;
}

/** Working space of cpmDetect: correlations of the reversed signal, states of both recursions. */
export function detectWorkBytes(states: number, total: number): number {
  return 64 * total + 2 * 12 * states * (total + 1);
}
