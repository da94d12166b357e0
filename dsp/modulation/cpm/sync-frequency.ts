import { isSilent } from '../../core/silence.ts';
import { SlidingWindow } from '../../core/sliding-window.ts';
import { correlate } from './detector.ts';
import { type CpmReference, patterns, samplesPerSymbol } from './reference.ts';
import { SymbolRotation } from './symbol-rotation.ts';
import { WordCarrier } from './word-carrier.ts';
import { ringStride, ringSymbols, scoredPositions, WordScores } from './word-scores.ts';

const floats = 2 * samplesPerSymbol;
const turn = 2 * Math.PI;
/** Symbols of one call. */
const blockSymbols = 64;
/** Normalised correlation of a sync word of some 126 symbols; 99.9 % of noise is below 0.31. */
const threshold = 0.4;
/** A peak is the highest of so many symbols to each side. */
const peakSide = 32;
/** The energy under a word is summed anew at every so many symbols, and slides in between. */
const energyGrain = 64;
const mask = ringSymbols - 1;

export interface SyncFrequencyOptions {
  /** Channel bits 0/1 of the known words, one of which precedes every frame; all of them as long as the first. */
  readonly words: readonly Uint8Array[];
  /** Symbols from the start of a word for which its frequency serves: word and longest frame. */
  readonly spanSymbols: number;
}

/**
 * Frequency by the known sync word: where no data-free estimate and no decision is good enough, a word of a hundred
 * symbols still is. Segments of 21 symbols are correlated with the word's waveform, their sizes summed; where that
 * peaks, the carrier under the word is measured as a whole and held until the frame's end. What earlier stages took out
 * is known symbol by symbol and undone. Symbols without a word pass as they are, and keep their numbers.
 */
export class SyncFrequency {
  readonly output: SlidingWindow;
  private readonly options: SyncFrequencyOptions;
  /** Intervals whose pattern the word knows. */
  private readonly length: number;
  private reference: CpmReference;
  private readonly scores: WordScores;
  private readonly carrier: WordCarrier;
  private readonly centre = new Float64Array(scoredPositions);
  private readonly block = new Float32Array(2 * patterns * blockSymbols);
  /** Correlations with the patterns: re of 8 of them and im of them, each a ring by symbol. */
  private readonly z = new Float32Array(2 * patterns * ringStride);
  /** Frequency taken out so far (cycles a symbol), its sum, energy: rings by symbol. */
  private readonly taken = new Float64Array(ringSymbols);
  private readonly cycles = new Float64Array(ringSymbols);
  private readonly energy = new Float64Array(ringSymbols);
  private readonly score = new Float64Array(ringSymbols);
  private readonly scoreWord = new Uint8Array(ringSymbols);
  private readonly scoreHz = new Float32Array(ringSymbols);
  private readonly residual = new Float64Array(4096);
  /** Pattern of a word at a symbol, or −1; ring by symbol. */
  private readonly known = new Int8Array(4096).fill(-1);
  /** Energy of the symbols under the word at the last position. */
  private windowEnergy = 0;
  private totalCycles = 0;
  private read = 0;
  /** What was not silent ended here. */
  private heardUntil = 0;
  private scored = 0;
  private done = 0;
  private held = 0;
  private wordAt = 0;
  private word: Uint8Array | undefined;
  private heldUntil = 0;
  private readonly rotation = new SymbolRotation();

  constructor(reference: CpmReference, options: SyncFrequencyOptions) {
    this.options = options;
    this.reference = reference;
    const pattern = options.words.map((word) =>
      Uint8Array.from({ length: word.length - 2 }, (_, i) => 4 * word[i]! + 2 * word[i + 1]! + word[i + 2]!),
    );
    this.scores = new WordScores(pattern);
    this.length = this.scores.length;
    this.carrier = new WordCarrier(pattern, this.length);
    this.output = new SlidingWindow(1 << 15);
    this.setReference(reference);
  }

  setReference(reference: CpmReference): void {
    this.reference = reference;
    this.scores.setReference(reference);
    this.carrier.setReference(reference);
  }

  /** Symbols held back. */
  get latency(): number {
    return this.length + peakSide + blockSymbols + 2;
  }

  /**
   * Reads what has come to `input` (floats, 8 a symbol) and discards what is done; with `last`, to its end.
   * @param takenAt cycles a symbol that earlier stages took out at a symbol
   */
  advance(input: SlidingWindow, takenAt: (symbol: number) => number, last: boolean): void {
    for (;;) {
      const n = Math.min(blockSymbols, input.end / floats - this.read);
      if (n <= 0 || (n < blockSymbols && !last)) break;
      this.measure(input, n, takenAt);
      while (this.scored + this.length <= this.read) this.position(this.read - this.length + 1 - this.scored);
      this.pass(input, this.scored - peakSide - 1);
    }
    if (last) this.pass(input, this.read);
  }

  private measure(input: SlidingWindow, n: number, takenAt: (symbol: number) => number): void {
    const { block, z } = this;
    const base = this.read * floats - input.start;
    if (isSilent(input.data, base, base + n * floats)) {
      for (let k = 0; k < n; k++) {
        const slot = (this.read + k) & mask;
        for (let p = 0; p < 2 * patterns; p++) z[p * ringStride + slot] = 0;
        this.energy[slot] = 0;
        this.taken[slot] = 0;
        this.cycles[slot] = this.totalCycles;
      }
      this.read += n;
      return;
    }
    this.heardUntil = this.read + n;
    correlate(this.reference, input.data, base, n, block);
    for (let k = 0; k < n; k++) {
      const slot = (this.read + k) & mask;
      const taken = takenAt(this.read + k);
      // A carrier that was shifted down by this much, turned back: the phase of the middle of the symbol.
      const turns = this.totalCycles + taken / 2;
      const c = Math.cos(turn * turns);
      const s = Math.sin(turn * turns);
      for (let p = 0; p < patterns; p++) {
        const re = block[2 * patterns * k + p]!;
        const im = block[2 * patterns * k + patterns + p]!;
        z[p * ringStride + slot] = re * c - im * s;
        z[(patterns + p) * ringStride + slot] = re * s + im * c;
      }
      let energy = 0;
      for (let i = 0; i < floats; i++) energy += input.data[base + k * floats + i]! ** 2;
      this.energy[slot] = energy;
      this.taken[slot] = taken;
      this.cycles[slot] = this.totalCycles;
      this.totalCycles += taken;
    }
    this.read += n;
  }

  /** Scores words whose first interval is the next symbol to score, and those behind it: `most` of them at most. */
  private position(most: number): void {
    const { length, centre, scores, energy, scored } = this;
    const count = Math.min(most, scoredPositions);
    if (scored >= this.heardUntil) {
      for (let q = 0; q < count; q++) this.score[(scored + q) & mask] = 0;
      this.windowEnergy = 0;
      this.scored += count;
      return;
    }
    for (let q = 0; q < count; q++)
      centre[q] = (this.cycles[(scored + q + length - 1) & mask]! - this.cycles[(scored + q) & mask]!) / (length - 1);
    scores.score(this.z, scored, count, centre);
    for (let q = 0; q < count; q++) {
      const first = scored + q;
      if (first % energyGrain === 0) {
        this.windowEnergy = 0;
        for (let i = 0; i < length; i++) this.windowEnergy += energy[(first + i) & mask]!;
      } else this.windowEnergy += energy[(first + length - 1) & mask]! - energy[(first - 1) & mask]!;
      const slot = first & mask;
      this.scoreWord[slot] = scores.word[q]!;
      this.scoreHz[slot] = centre[q]! + scores.cycles[q]!;
      this.score[slot] =
        scores.best[q]! / Math.sqrt((Math.max(0, this.windowEnergy) + 1e-30) * length * samplesPerSymbol);
    }
    this.scored += count;
  }

  private pass(input: SlidingWindow, limit: number): void {
    const count = limit - this.done;
    if (count <= 0) return;
    const at = this.output.reserve(count * floats);
    const x = input.data;
    const y = this.output.data;
    for (let k = 0; k < count; k++) {
      const symbol = this.done + k;
      if (symbol < this.scored && this.isPeak(symbol)) {
        const at = symbol & mask;
        this.held = this.carrier.measure(this.z, symbol, this.scoreWord[at]!, this.scoreHz[at]!);
        this.word = this.options.words[this.scoreWord[symbol & mask]!]!;
        this.wordAt = symbol;
        this.heldUntil = symbol + this.options.spanSymbols;
      }
      const slot = symbol & mask;
      const cycles = symbol < this.heldUntil ? this.held - this.taken[slot]! : 0;
      this.residual[symbol & 4095] = cycles;
      this.known[symbol & 4095] = this.wordPattern(symbol);
      this.rotation.next(x, symbol * floats - input.start, y, at + k * floats, turn * cycles);
    }
    this.done = limit;
    input.discardBefore(Math.min(this.done, this.read) * floats);
  }

  private wordPattern(symbol: number): number {
    const { word } = this;
    const i = symbol - this.wordAt;
    if (!word || i < 0 || i > word.length - 3) return -1;
    return 4 * word[i]! + 2 * word[i + 1]! + word[i + 2]!;
  }

  private isPeak(symbol: number): boolean {
    const { score } = this;
    const own = score[symbol & mask]!;
    if (!(own >= threshold)) return false;
    for (let d = 1; d <= peakSide; d++) {
      if (symbol >= d && score[(symbol - d) & mask]! > own) return false;
      if (symbol + d < this.scored && score[(symbol + d) & mask]! >= own) return false;
    }
    return true;
  }

  /** Frequency taken out at a symbol of the recent past, rad a symbol. */
  frequencyOf(symbol: number): number {
    return turn * this.residual[symbol & 4095]!;
  }

  /** The pattern at a symbol of the recent past, where a word was found around it; else −1. */
  knownPattern(symbol: number): number {
    return this.known[symbol & 4095]!;
  }

  reset(): void {
    this.word = undefined;
    this.output.reset();
    this.totalCycles = 0;
    this.read = 0;
    this.heardUntil = 0;
    this.scored = 0;
    this.done = 0;
    this.heldUntil = 0;
    this.rotation.reset();
  }
}
