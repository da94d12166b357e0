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
   * symbol n. `work`: detectWorkBytes(states, total). `llr`: n floats, `pattern`: n bytes, both written. `relock`, with 4
   * states: where the power Σ|αQ|² of the forward states over 32 symbols from a multiple of 32 on is less than this share of the
   * backward states', the forward recursion goes on from the backward states before its first symbol; then the same with both exchanged, from
   * the last symbol on. 0: nowhere.
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
    relock: number,
  ): void;

  /**
   * Trellis of a K = 7, rate-1/2 code on CPM, `steps` information bits; two symbols of `z` each. 128 states n: the last
   * seven bits, newest least significant; predecessors n >> 1 and 64 | n >> 1. `kinds`: `count` records of jointKindBytes,
   * one for each different pair of pattern fours: byte indices into a symbol's re of patterns 0 to 3 and of 4 to 7, 255
   * for none, of the first interval and of the second; the rest of a record is working space. `groups`: for the states
   * 4m to 4m + 3 and the lower, then the upper predecessor the offset of their record in `kinds`. `turns`: as cpmDetect.
   * `state`: 128 times metric − |αQ|, re αQ, im αQ, updated; as much behind them is working space. `decisions`: a step's
   * 128 bits, set where the upper predecessor was strictly better.
   */
  cpmJoint(
    z: number,
    steps: number,
    alpha: number,
    turns: number,
    kinds: number,
    count: number,
    groups: number,
    state: number,
    decisions: number,
  ): void;

  /**
   * Scores known words at `positions` symbols: of each, segments of 21 symbols are correlated, in three groups of 7 that
   * are then turned against each other by nine frequencies; the sizes of a word's segments are summed. `z`: 16 rows of
   * `row` bytes, re of 8 patterns and im of them, [symbol]. `centres`: for each four positions, cos and sin of what their
   * carriers turn in a symbol. `book`: integers [segments, words, segments a word, 0]; for v = 1 … 4 cos vφ, sin vφ,
   * cos 2vφ, sin 2vφ; the words' segments, padded to 4; of each segment's symbols [offset in z of the pattern's re at the
   * first position, cos ψ, −sin ψ, 0]. `work`: 768 bytes and 144 a segment. `best`, `which`: a position's greatest sum,
   * and 9·word + v + 4. Positions are padded to four: results of the padding mean nothing.
   */
  cpmWords(
    z: number,
    row: number,
    positions: number,
    centres: number,
    book: number,
    work: number,
    best: number,
    which: number,
  ): void;

  /**
   * Forward half of a detection on a lattice of 16 phases with a-priori probabilities, `count` symbols. A state is the last
   * two bits and a phase, [2·older + newer][phase], 64 probabilities. `likelihoods`: [symbol][8 patterns][16 phases].
   * `priors`: of each symbol's bit to be 0 and 1. A pattern with an older bit of 1 turns the phase by `turn` steps of 16;
   * every phase leaks `spread` to each neighbour a symbol. `states`: before the first symbol, read, and behind every
   * symbol, written, each scaled to a sum of 1. `work`: 384 bytes.
   */
  latticeForward(
    likelihoods: number,
    priors: number,
    count: number,
    turn: number,
    spread: number,
    states: number,
    work: number,
  ): void;

  /**
   * The backward half, of the same symbols. `states`: as the forward half wrote them. `state`: behind the last symbol, updated
   * to before the first. `sums`: of each symbol the probabilities of 0 and 1, up to a factor, without its own prior.
   * `work`: 512 bytes.
   */
  latticeBackward(
    likelihoods: number,
    priors: number,
    count: number,
    turn: number,
    spread: number,
    states: number,
    state: number,
    work: number,
    sums: number,
  ): void;
}

/** Phases of the lattice. */
export const latticePhases = 16;

/** What cpmWords is made for. */
export const wordGeometry = { groupSymbols: 7, segmentSymbols: 21, sideSteps: 4, hypotheses: 9 } as const;

/** Of a record of cpmJoint: 4 times 16 bytes of indices, and working space. */
export const jointKindBytes = 192;

/** Working space of cpmDetect: correlations of the reversed signal, states of both recursions. */
export function detectWorkBytes(states: number, total: number): number {
  return 64 * total + 2 * 12 * states * (total + 1);
}
