import type { BlockDetector } from '../framing.ts';
import { attemptBudget } from './attempt-budget.ts';

/**
 * Each iteration is a step of (1 − damping) towards what the code says, limited: without that, iterations lock into wrong stretches of
 * some 300 bits where the code is transparent. AO-40 on GMSK at Es/N0 −1.35 dB: 0.43 of the blocks lost, with a limit of 5 0.5,
 * without damping 0.6.
 */
const iterations = 40;
const damping = 0.3;
const extrinsicLimit = 8;
/** LLR of a known symbol. */
const known = 20;
/** Below this Es/N0 no iteration helps. */
const leastEsn0Db = -3.5;
/** The code gets surer by this factor in that many iterations, or there is no block. */
const leastGrowth = 1.03;
const growthIterations = 5;
/** And by this one in the first few: a block at its threshold gets three to four times as sure, a wrong place twice. */
const firstGrowth = 2.3;
const firstIterations = 3;
/** Mean sureness of a block that need not grow any more. */
const sure = 3;
/** Iterations on average in the time of the longest block, and how many may be saved up: what a stream costs is bounded. */
const iterationsABlock = 24;
const savedIterations = 96;

/** Iterations at most, each of which may give a frame: for the arithmetic of false alarms. */
export const turboIterations = iterations;

/**
 * The outer code's part of an iteration: reads the channel's LLRs of a block (upright, natural, > 0 is bit 1) and writes what
 * the code says of them without their own part; 0 where it says nothing. Returns a result when its check holds.
 */
export type OuterCode<Result> = (channel: Float32Array, extrinsic: Float32Array, iteration: number) => Result | null;

export interface TurboDecoder<Result> {
  /** Decodes the block of `n` symbols from the absolute index `symbol` on; null where nothing comes of it. */
  decode(symbol: number, n: number, inverted: boolean): Result | null;
  reset(): void;
}

/**
 * Decodes a code and the modulation under it in turns, each telling the other what it knows of the symbols between them: a modulation
 * with memory (DBPSK, GFSK without precoding) is a code as well, whose bits one pass of soft decisions throws away.
 * Source: S. Benedetto, D. Divsalar, G. Montorsi, F. Pollara, "Serial concatenation of interleaved codes", IEEE Trans. IT 44 (1998).
 * @param most symbols of the longest block
 * @param mostEsn0Db above it none is needed: soft decisions do, or there is no block
 * @param knownBits 0/1 of the block's symbols that are known, −1 of the others; of those behind its end nothing is known
 */
export function turboDecoder<Result>(
  detector: BlockDetector,
  most: number,
  mostEsn0Db: number,
  knownBits: Int8Array,
  outer: OuterCode<Result>,
): TurboDecoder<Result> {
  const apriori = new Float32Array(most);
  const channel = new Float32Array(most);
  const extrinsic = new Float32Array(most);
  const sureness = new Float64Array(iterations);
  const budget = attemptBudget(most / iterationsABlock, savedIterations);
  const decode = (symbol: number, n: number, inverted: boolean): Result | null => {
    // Getting the block ready costs as much as an iteration.
    const block = budget.spend(symbol + n) ? detector(symbol, n) : null;
    if (block === null || !(block.esn0Db >= leastEsn0Db && block.esn0Db <= mostEsn0Db)) return null;
    const sign = inverted ? -1 : 1;
    for (let i = 0; i < n; i++) apriori[i] = (knownBits[i] ?? -1) < 0 ? 0 : sign * known * (2 * knownBits[i]! - 1);
    for (let iteration = 0; iteration < iterations && budget.spend(symbol + n); iteration++) {
      block.detect(apriori, channel);
      if (inverted) for (let i = 0; i < n; i++) channel[i] = -channel[i]!;
      const result = outer(channel, extrinsic, iteration);
      if (result !== null) return result;
      let sum = 0;
      let unknown = 0;
      for (let i = 0; i < n; i++) {
        if ((knownBits[i] ?? -1) >= 0) continue;
        const value = sign * extrinsic[i]!;
        const limited = Math.max(-extrinsicLimit, Math.min(extrinsicLimit, value));
        apriori[i] = (1 - damping) * limited + damping * apriori[i]!;
        sum += Math.abs(apriori[i]!);
        unknown++;
      }
      sureness[iteration] = sum;
      if (sum >= sure * unknown) continue;
      if (iteration === firstIterations && sum < firstGrowth * sureness[0]!) break;
      if (iteration >= growthIterations && sum < leastGrowth * sureness[iteration - growthIterations]!) break;
    }
    return null;
  };
  return { decode, reset: budget.reset };
}
