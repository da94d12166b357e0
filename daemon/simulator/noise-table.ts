import { prng } from '../../dsp/core/prng.ts';
import { bytesOf, quantise, type SimulatedFormat } from './quantise.ts';

/**
 * Gaussian noise made once: fresh noise would cost more than everything else. Blocks are read from places that a hash
 * of their number chooses, so that they neither repeat in order nor depend on how the stream is cut.
 */
export interface NoiseTable {
  /** Interleaved pairs. */
  readonly samples: Float32Array;
  /** The same in the device's format. */
  readonly bytes: Uint8Array;
  /** First pair of block number `block`. */
  at(block: number): number;
}

const PAIRS = 2 ** 17;

/** @param sigma standard deviation of each part against full scale */
export function makeNoiseTable(seed: number, sigma: number, blockSamples: number, format: SimulatedFormat): NoiseTable {
  const random = prng(seed);
  const pairs = PAIRS + blockSamples;
  const samples = new Float32Array(2 * pairs);
  for (let i = 0; i < samples.length; i++) samples[i] = sigma * random.normal();
  const bytes = new Uint8Array(pairs * bytesOf[format]);
  quantise(new Float32Array(2 * pairs), samples, 0, pairs, format, bytes);
  return {
    samples,
    bytes,
    at(block) {
      let h = Math.imul(block ^ seed, 0x85ebca6b);
      h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
      return (h ^ (h >>> 16)) & (PAIRS - 1);
    },
  };
}
