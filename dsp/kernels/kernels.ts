import type { CpmKernels } from './cpm.ts';

/**
 * What the inner loops of the receiver need, in two implementations: WASM SIMD (load.ts) and plain TypeScript (plain.ts, the
 * oracle). All work on one scratch memory; its contents mean nothing between the calls of different blocks, so a block
 * keeps its own state and copies it in and out (3.5 % of a down-converter). Offsets are in bytes and multiples of 16.
 */
export interface Kernels extends CpmKernels {
  readonly name: 'wasm' | 'plain';
  /** Four views of the same memory: `scratchBytes` of scratch, then the twiddle factors of `fft`. */
  readonly bytes: Uint8Array;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  readonly integers: Int32Array;

  /** Device bytes → float32, full scale ±1: cu8 (x − 127.5)/127.5, cs8 x/128, cs16 x/32768 (little endian). */
  cu8ToFloat(from: number, to: number, values: number): void;
  cs8ToFloat(from: number, to: number, values: number): void;
  cs16ToFloat(from: number, to: number, values: number): void;

  /** y[m] = Σ r[j]·x[m·decimation + j] over real samples; `taps` holds r, `count` of them, a multiple of 16. */
  firReal(x: number, taps: number, count: number, decimation: number, outputs: number, y: number): void;
  /** The same over IQ pairs with real taps, each stored twice (r0 r0 r1 r1 …); `count` a multiple of 8. */
  firIq(x: number, taps: number, count: number, decimation: number, outputs: number, y: number): void;
  /** The same with complex taps: `taps` holds the real parts, each twice, then the imaginary parts, each twice. */
  firIqComplex(x: number, taps: number, count: number, decimation: number, outputs: number, y: number): void;
  /** Multiplies IQ pairs in place by a turning phasor: doubles [re, im, stepRe, stepIm] at `phasor`, re and im updated. */
  rotate(iq: number, count: number, phasor: number): void;

  /**
   * Add, compare, select of a K = 7 trellis of 64 states, `steps` times. `branches`: a step's four metrics, for the coded
   * pairs 00, 01, 10, 11. `combinations`: for each butterfly i of 32, as bytes 4c, 4c+1, 4c+2, 4c+3, the pair c on the
   * branch from state 2i to i. `metrics`: 64 integers, updated; 64 more behind them are working space. `decisions`: a
   * step's 64 bits, bit s set when the odd predecessor of state s was strictly better.
   */
  addCompareSelect(branches: number, combinations: number, metrics: number, steps: number, decisions: number): void;

  /**
   * Fourier transform of `size` complex values in place, X[k] = Σ x[n]·e^(−j2πkn/size); `size` a power of 2 from
   * `fftSizes.least` to `fftSizes.most`. `twiddles`: `fftTwiddles` of that size. `work`: room for as many values.
   */
  fft(x: number, size: number, twiddles: number, work: number): void;

  // Inner loops of the synchronisers. `count`: complex values, a multiple of 4, interleaved unless said otherwise; x and y
  // are multiples of 8 and may be the same.
  /** y[n] = window[n]·x[n]², `window` real. */
  squareWindowed(x: number, window: number, count: number, y: number): void;
  /** y[n] = x[n]·by[n]. */
  turn(x: number, by: number, count: number, y: number): void;
  /** y[n] = |x[n]|², real. */
  powers(x: number, count: number, y: number): void;
  /**
   * Of the lag products v[n] = x[n]·x[n − lag]*: the six doubles Σv, Σv·c, Σv·s at `sums`. `turns`: c[n], then s[n],
   * `count` real values each.
   */
  lagLines(x: number, lag: number, turns: number, count: number, sums: number): void;
  /** y[n] = scale·angle of x[n]·x[n − 1]*, real, to 10⁻⁶ rad; y apart from x. */
  phaseSteps(x: number, count: number, scale: number, y: number): void;
  /** y[n] = x[n]·(re + j·im)·by[n]. */
  turnFrom(x: number, by: number, re: number, im: number, count: number, y: number): void;
  /**
   * Adds Σ z[n]·p[n] over `count` real values of any number to sums, for `frequencies` frequencies, a multiple of 4, whose
   * phasors p turn by a step from value to value. `lines`: of each two frequencies six pairs of doubles, the real and
   * the imaginary parts of the step, the phasor and the sum; the last four updated. The same bits in both implementations.
   */
  lineSums(z: number, count: number, lines: number, frequencies: number): void;
}

/** 1 MiB: the largest layout (a down-converter of two stages with `maxKernelTaps` each) takes 394 kB. */
export const scratchBytes = 1 << 20;

/** Transform sizes that have a kernel. */
export const fftSizes = { least: 16, most: 1 << 15 } as const;

/** Scratch and, behind it, the twiddle factors of all transform sizes. */
export const memoryBytes = scratchBytes + 16 * fftSizes.most;

/** Longest filter the kernels take. */
export const maxKernelTaps = 8192;

/** Items read per kernel call: large enough to make the calls free, small enough to stay in the cache. */
export const chunkItems = 2048;

/** Taps are padded with zeros to a multiple of this, so that no kernel needs a remainder loop. */
export const tapBlock = 16;
