import { SlidingWindow } from '../../core/sliding-window.ts';
import { correlate } from './detector.ts';
import { type CpmReference, patterns, samplesPerSymbol } from './reference.ts';

const floats = 2 * samplesPerSymbol;
const turn = 2 * Math.PI;
/** Symbols that are summed before a frequency is assumed, groups of a segment, and of one call. */
const groupSymbols = 7;
const segmentGroups = 3;
const blockSymbols = 64;
/** Frequency hypotheses around what was estimated without data: so many to each side, cycles a symbol apart. */
const sideSteps = 4;
const step = 0.02;
/** Normalised correlation of a sync word of some 126 symbols; 99.9 % of noise is below 0.31. */
const threshold = 0.4;
/** A peak is the highest of so many symbols to each side. */
const peakSide = 32;
const fineSteps = 24;
const fineStep = 1 / 1024;
const ringSize = 2048;
const mask = ringSize - 1;

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
  private readonly groups: number;
  private reference: CpmReference;
  /** Of each word: pattern of each interval and e^{−jψ} of its start. */
  private readonly pattern: readonly Uint8Array[];
  private readonly start: readonly Float64Array[];
  private readonly block = new Float32Array(2 * patterns * blockSymbols);
  /** Correlations with the patterns, frequency taken out so far (cycles a symbol), its sum, energy: rings by symbol. */
  private readonly z = new Float32Array(2 * patterns * ringSize);
  private readonly taken = new Float64Array(ringSize);
  private readonly cycles = new Float64Array(ringSize);
  private readonly energy = new Float64Array(ringSize);
  private readonly score = new Float64Array(ringSize);
  private readonly scoreWord = new Uint8Array(ringSize);
  private readonly scoreHz = new Float32Array(ringSize);
  private readonly residual = new Float64Array(4096);
  /** Pattern of a word at a symbol, or −1; ring by symbol. */
  private readonly known = new Int8Array(4096).fill(-1);
  private readonly wiped: Float64Array;
  private readonly sums: Float64Array;
  private totalCycles = 0;
  private read = 0;
  private scored = 0;
  private done = 0;
  private held = 0;
  private wordAt = 0;
  private word: Uint8Array | undefined;
  private heldUntil = 0;
  private angle = 0;

  constructor(reference: CpmReference, options: SyncFrequencyOptions) {
    this.options = options;
    this.reference = reference;
    this.groups = Math.floor((options.words[0]!.length - 2) / (groupSymbols * segmentGroups)) * segmentGroups;
    this.length = this.groups * groupSymbols;
    this.pattern = options.words.map((word) =>
      Uint8Array.from({ length: this.length }, (_, i) => 4 * word[i]! + 2 * word[i + 1]! + word[i + 2]!),
    );
    this.start = this.pattern.map(() => new Float64Array(2 * this.length));
    this.wiped = new Float64Array(2 * this.length);
    this.sums = new Float64Array(2 * this.groups);
    this.output = new SlidingWindow(1 << 15);
    this.setReference(reference);
  }

  setReference(reference: CpmReference): void {
    this.reference = reference;
    this.pattern.forEach((pattern, word) => {
      let phase = 0;
      for (let i = 0; i < this.length; i++) {
        this.start[word]![2 * i] = Math.cos(phase);
        this.start[word]![2 * i + 1] = -Math.sin(phase);
        phase += reference.advance[pattern[i]!]!;
      }
    });
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
      while (this.scored + this.length <= this.read) this.position(this.scored++);
      this.pass(input, this.scored - peakSide - 1);
    }
    if (last) this.pass(input, this.read);
  }

  private measure(input: SlidingWindow, n: number, takenAt: (symbol: number) => number): void {
    const { block, z } = this;
    const base = this.read * floats - input.start;
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
        z[2 * patterns * slot + p] = re * c - im * s;
        z[2 * patterns * slot + patterns + p] = re * s + im * c;
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

  /** Scores a word that starts one symbol before `first`. */
  private position(first: number): void {
    const { length, groups, sums } = this;
    const slot = first & mask;
    let energy = 1e-30;
    for (let i = 0; i < length; i++) energy += this.energy[(first + i) & mask]!;
    const centre = (this.cycles[(first + length - 1) & mask]! - this.cycles[slot]!) / (length - 1);
    let best = 0;
    for (let word = 0; word < this.pattern.length; word++) {
      this.wipe(first, word, centre);
      for (let v = -sideSteps; v <= sideSteps; v++) {
        const c = Math.cos(turn * v * step * groupSymbols);
        const s = -Math.sin(turn * v * step * groupSymbols);
        let sum = 0;
        for (let g = 0; g < groups; g += segmentGroups) {
          // Horner's rule from the last group backwards; the size does not depend on the first one's phase.
          let re = 0;
          let im = 0;
          for (let j = g + segmentGroups - 1; j >= g; j--) {
            const t = re * c - im * s + sums[2 * j]!;
            im = re * s + im * c + sums[2 * j + 1]!;
            re = t;
          }
          sum += Math.sqrt(re * re + im * im);
        }
        if (sum > best) {
          best = sum;
          this.scoreWord[slot] = word;
          this.scoreHz[slot] = centre + v * step;
        }
      }
    }
    this.score[slot] = best / Math.sqrt(energy * length * samplesPerSymbol);
  }

  /** The carrier under a word, less `centre` cycles a symbol: each symbol to `wiped`, groups of them to `sums`. */
  private wipe(first: number, word: number, centre: number): void {
    const { z, wiped, sums, groups } = this;
    const pattern = this.pattern[word]!;
    const start = this.start[word]!;
    const c = Math.cos(turn * centre);
    const s = -Math.sin(turn * centre);
    let pr = 1;
    let pi = 0;
    for (let g = 0, i = 0; g < groups; g++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let j = 0; j < groupSymbols; j++, i++) {
        const o = 2 * patterns * ((first + i) & mask) + pattern[i]!;
        const ar = start[2 * i]! * pr - start[2 * i + 1]! * pi;
        const ai = start[2 * i]! * pi + start[2 * i + 1]! * pr;
        const re = z[o]! * ar - z[o + patterns]! * ai;
        const im = z[o]! * ai + z[o + patterns]! * ar;
        wiped[2 * i] = re;
        wiped[2 * i + 1] = im;
        sumRe += re;
        sumIm += im;
        const t = pr * c - pi * s;
        pi = pr * s + pi * c;
        pr = t;
      }
      sums[2 * g] = sumRe;
      sums[2 * g + 1] = sumIm;
    }
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
        this.held = this.frequencyOfWord(symbol);
        this.word = this.options.words[this.scoreWord[symbol & mask]!]!;
        this.wordAt = symbol;
        this.heldUntil = symbol + this.options.spanSymbols;
      }
      const slot = symbol & mask;
      const cycles = symbol < this.heldUntil ? this.held - this.taken[slot]! : 0;
      this.residual[symbol & 4095] = cycles;
      this.known[symbol & 4095] = this.wordPattern(symbol);
      const from = symbol * floats - input.start;
      const to = at + k * floats;
      for (let i = 0; i < samplesPerSymbol; i++) {
        const a = turn * (this.angle + (cycles * (i + 0.5)) / samplesPerSymbol);
        const c = Math.cos(a);
        const s = Math.sin(a);
        const re = x[from + 2 * i]!;
        const im = x[from + 2 * i + 1]!;
        y[to + 2 * i] = re * c + im * s;
        y[to + 2 * i + 1] = im * c - re * s;
      }
      this.angle += cycles;
      this.angle -= Math.round(this.angle);
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

  /** Cycles a symbol at which the whole word adds up best. */
  private frequencyOfWord(symbol: number): number {
    const { wiped, length } = this;
    const coarse = this.scoreHz[symbol & mask]!;
    this.wipe(symbol, this.scoreWord[symbol & mask]!, coarse);
    let best = 0;
    let top = -1;
    for (let m = -fineSteps; m <= fineSteps; m++) {
      const size = spectrum(wiped, length, m * fineStep);
      if (size > top) {
        top = size;
        best = m;
      }
    }
    const a = spectrum(wiped, length, (best - 1) * fineStep);
    const c = spectrum(wiped, length, (best + 1) * fineStep);
    const curve = a - 2 * top + c;
    const delta = curve < 0 ? Math.max(-1, Math.min(1, (0.5 * (a - c)) / curve)) : 0;
    return coarse + (best + delta) * fineStep;
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
    this.scored = 0;
    this.done = 0;
    this.heldUntil = 0;
    this.angle = 0;
  }
}

/** |Σ w·e^{−j2πfk}|. */
function spectrum(w: Float64Array, n: number, cycles: number): number {
  const c = Math.cos(turn * cycles);
  const s = -Math.sin(turn * cycles);
  let re = 0;
  let im = 0;
  for (let k = n - 1; k >= 0; k--) {
    const t = re * c - im * s + w[2 * k]!;
    im = re * s + im * c + w[2 * k + 1]!;
    re = t;
  }
  return Math.sqrt(re * re + im * im);
}
