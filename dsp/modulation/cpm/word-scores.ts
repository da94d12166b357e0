import { wordGeometry } from '../../kernels/cpm.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { wasmKernels } from '../../kernels/load.ts';
import { type CpmReference, patterns } from './reference.ts';

const { groupSymbols, segmentSymbols, sideSteps, hypotheses } = wordGeometry;
/** Frequency hypotheses are so many cycles a symbol apart. */
const step = 0.02;
const turn = 2 * Math.PI;

/** Positions of a call. */
export const scoredPositions = 64;
/** Symbols of the ring of correlations. */
export const ringSymbols = 2048;
/** Floats from one pattern's ring to the next: no power of two, or the rings of a symbol would share a cache line's place. */
export const ringStride = ringSymbols + 16;

/**
 * How well known words fit as waveforms, at every symbol and whatever the carrier: segments of 21 symbols are correlated
 * with the word, their sizes summed, for nine frequencies 0.02 cycles a symbol apart. Segments that words have in common
 * are computed once.
 */
export class WordScores {
  /** Symbols that are compared: whole segments. */
  readonly length: number;
  /** Σ of the segments' sizes of the best word and frequency, at each position of the last call. */
  readonly best = new Float32Array(scoredPositions);
  /** Index of that word, and cycles a symbol that its frequency lies above the given one. */
  readonly word = new Uint8Array(scoredPositions);
  readonly cycles = new Float64Array(scoredPositions);
  private readonly kernels: Kernels;
  private readonly pattern: readonly Uint8Array[];
  /** Word and symbol at which each of the different segments is found first. */
  private readonly segments: { word: number; at: number }[] = [];
  /** The kernel's book: header, frequency steps, segments of each word, symbols of each segment. */
  private readonly book: Float32Array;
  private readonly entries: number;
  private readonly row: number;
  private readonly layout: { centres: number; z: number; work: number; best: number; which: number };

  /** @param pattern pattern of each symbol interval of each word, all of one length */
  constructor(pattern: readonly Uint8Array[], kernels: Kernels = wasmKernels()) {
    this.kernels = kernels;
    this.pattern = pattern;
    const perWord = Math.floor(pattern[0]!.length / segmentSymbols);
    this.length = perWord * segmentSymbols;
    const list: number[] = [];
    for (let word = 0; word < pattern.length; word++)
      for (let at = 0; at < this.length; at += segmentSymbols) list.push(this.segmentOf(word, at));
    const lists = 4 + 4 * sideSteps;
    this.entries = lists + ((list.length + 3) & ~3);
    this.book = new Float32Array(this.entries + 4 * segmentSymbols * this.segments.length);
    const integers = new Int32Array(this.book.buffer);
    integers.set([this.segments.length, pattern.length, perWord, 0]);
    for (let v = 1; v <= sideSteps; v++)
      for (let g = 1; g <= 2; g++) {
        const angle = turn * v * step * groupSymbols * g;
        this.book[4 * v + 2 * (g - 1)] = Math.cos(angle);
        this.book[4 * v + 2 * (g - 1) + 1] = Math.sin(angle);
      }
    integers.set(list, lists);
    this.row = (scoredPositions + this.length + 3) & ~3;
    const centres = 4 * ((this.book.length + 3) & ~3);
    const z = centres + 8 * scoredPositions;
    const work = z + 4 * 2 * patterns * this.row;
    const best = work + 32 * segmentSymbols + 96 + 16 * hypotheses * this.segments.length;
    this.layout = { centres, z, work, best, which: best + 4 * scoredPositions };
  }

  setReference(reference: CpmReference): void {
    const integers = new Int32Array(this.book.buffer);
    this.segments.forEach(({ word, at }, index) => {
      let phase = 0;
      for (let i = 0; i < segmentSymbols; i++) {
        const p = this.pattern[word]![at + i]!;
        const entry = this.entries + 4 * (segmentSymbols * index + i);
        integers[entry] = 4 * (p * this.row + at + i);
        this.book[entry + 1] = Math.cos(phase);
        this.book[entry + 2] = -Math.sin(phase);
        phase += reference.advance[p]!;
      }
    });
  }

  /**
   * @param z correlations, [re of 8 patterns, im of 8 patterns][symbol], each a ring of ringSymbols, ringStride apart
   * @param first symbol of the words' first interval at the first of `count` positions
   * @param centre frequency of each position, cycles a symbol
   */
  score(z: Float32Array, first: number, count: number, centre: Float64Array): void {
    const { kernels, layout, row } = this;
    const { floats, integers } = kernels;
    floats.set(this.book);
    for (let q = 0; q < count; q++) {
      const at = (layout.centres >> 2) + 8 * (q >> 2) + (q & 3);
      floats[at] = Math.cos(turn * centre[q]!);
      floats[at + 4] = Math.sin(turn * centre[q]!);
    }
    const start = first & (ringSymbols - 1);
    const needed = count + this.length - 1;
    const straight = Math.min(needed, ringSymbols - start);
    for (let c = 0; c < 2 * patterns; c++) {
      const from = c * ringStride;
      const to = (layout.z >> 2) + c * row;
      floats.set(z.subarray(from + start, from + start + straight), to);
      if (needed > straight) floats.set(z.subarray(from, from + needed - straight), to + straight);
    }
    kernels.cpmWords(layout.z, 4 * row, count, layout.centres, 0, layout.work, layout.best, layout.which);
    for (let q = 0; q < count; q++) {
      const which = integers[(layout.which >> 2) + q]!;
      this.best[q] = floats[(layout.best >> 2) + q]!;
      this.word[q] = Math.floor(which / hypotheses);
      this.cycles[q] = ((which % hypotheses) - sideSteps) * step;
    }
  }

  /** Index of the segment of `word` from symbol `at` on: of an equal one, or a new one. */
  private segmentOf(word: number, at: number): number {
    const { pattern, segments } = this;
    const own = pattern[word]!;
    const equal = segments.findIndex(
      (other) =>
        other.at === at && own.subarray(at, at + segmentSymbols).every((p, i) => p === pattern[other.word]![at + i]!),
    );
    return equal >= 0 ? equal : segments.push({ word, at }) - 1;
  }
}
