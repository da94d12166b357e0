import { type CpmReference, patterns } from './reference.ts';
import { ringStride, ringSymbols } from './word-scores.ts';

const turn = 2 * Math.PI;
const steps = 24;
const step = 1 / 1024;

/** Frequency of the carrier under a known word, from the whole word. */
export class WordCarrier {
  private readonly pattern: readonly Uint8Array[];
  private readonly length: number;
  /** e^{−jψ} of the start of each interval of each word. */
  private readonly start: readonly Float64Array[];
  private readonly wiped: Float64Array;

  /** @param pattern pattern of each symbol interval of each word; the first `length` of them are used */
  constructor(pattern: readonly Uint8Array[], length: number) {
    this.pattern = pattern;
    this.length = length;
    this.start = pattern.map(() => new Float64Array(2 * length));
    this.wiped = new Float64Array(2 * length);
  }

  setReference(reference: CpmReference): void {
    this.pattern.forEach((pattern, word) => {
      let phase = 0;
      for (let i = 0; i < this.length; i++) {
        this.start[word]![2 * i] = Math.cos(phase);
        this.start[word]![2 * i + 1] = -Math.sin(phase);
        phase += reference.advance[pattern[i]!]!;
      }
    });
  }

  /**
   * Cycles a symbol at which the word adds up best, within ±24/1024 of `coarse`; interpolated by a parabola.
   * @param z correlations as WordScores reads them; `first` is the symbol of the word's first interval
   */
  measure(z: Float32Array, first: number, word: number, coarse: number): number {
    const { wiped, length } = this;
    this.wipe(z, first, word, coarse);
    let best = 0;
    let top = -1;
    for (let m = -steps; m <= steps; m++) {
      const size = spectrum(wiped, length, m * step);
      if (size > top) {
        top = size;
        best = m;
      }
    }
    const a = spectrum(wiped, length, (best - 1) * step);
    const c = spectrum(wiped, length, (best + 1) * step);
    const curve = a - 2 * top + c;
    const delta = curve < 0 ? Math.max(-1, Math.min(1, (0.5 * (a - c)) / curve)) : 0;
    return coarse + (best + delta) * step;
  }

  /** The carrier under a word, less `centre` cycles a symbol: each symbol to `wiped`. */
  private wipe(z: Float32Array, first: number, word: number, centre: number): void {
    const { wiped } = this;
    const pattern = this.pattern[word]!;
    const start = this.start[word]!;
    const c = Math.cos(turn * centre);
    const s = -Math.sin(turn * centre);
    let pr = 1;
    let pi = 0;
    for (let i = 0; i < this.length; i++) {
      const o = pattern[i]! * ringStride + ((first + i) & (ringSymbols - 1));
      const a = z[o]!;
      const b = z[o + patterns * ringStride]!;
      const ar = start[2 * i]! * pr - start[2 * i + 1]! * pi;
      const ai = start[2 * i]! * pi + start[2 * i + 1]! * pr;
      wiped[2 * i] = a * ar - b * ai;
      wiped[2 * i + 1] = a * ai + b * ar;
      const t = pr * c - pi * s;
      pi = pr * s + pi * c;
      pr = t;
    }
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
