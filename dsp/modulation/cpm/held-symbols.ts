import { convolutionalEncode } from '../../coding/convolutional.ts';
import type { SlidingWindow } from '../../core/sliding-window.ts';
import type { Soft } from '../../core/types.ts';
import type { InnerDecoder, WordDecoder } from '../../framing/framing.ts';
import { correlate } from './detector.ts';
import { JointDecoder } from './joint-decoder.ts';
import { knownCoherence, knownPhasor } from './known-symbols.ts';
import { likeliestWord } from './likeliest-word.ts';
import { type CpmReference, patterns, samplesPerSymbol } from './reference.ts';

const floats = 2 * samplesPerSymbol;
/** Decided symbols before a coded block that give its first phasor. */
export const warmUpSymbols = 64;
/** Known symbols that add up to less than this share of their amplitude are not there: of 32 in noise all but 1 in 200. */
const leastCoherence = 0.42;
/** And at least this share of what the decided symbols around them add up to. */
const coherentShare = 0.65;

/**
 * What a framing may ask of symbols that are still held (Iq, 4 samples each): to decode a convolutional code, or a header
 * word, together with the modulation.
 */
export class HeldSymbols {
  private readonly symbols: SlidingWindow;
  private readonly memory: number;
  private readonly joint: JointDecoder;
  private reference: CpmReference;
  /** Decided patterns, ring. */
  private readonly patterns: Uint8Array;
  private z = new Float32Array(0);
  private readonly phasor = new Float64Array(2);

  /**
   * @param most symbols that are held and asked for at the same time
   * @param memory phase memory α of the joint decoding
   */
  constructor(symbols: SlidingWindow, most: number, memory: number, reference: CpmReference) {
    this.symbols = symbols;
    this.memory = memory;
    this.reference = reference;
    this.joint = new JointDecoder(reference, memory);
    this.patterns = new Uint8Array(2 ** Math.ceil(Math.log2(most)));
  }

  setReference(reference: CpmReference): void {
    this.reference = reference;
    this.joint.setReference(reference);
  }

  decided(symbol: number, pattern: number): void {
    this.patterns[symbol & (this.patterns.length - 1)] = pattern;
  }

  /** @throws RangeError when the symbols are no longer held: the framing asked for more than it had said */
  decodeInner(request: Parameters<InnerDecoder>[0]): number {
    const { symbol, bits, soft, inverted, out } = request;
    const oldest = Math.ceil(this.symbols.start / floats);
    const known = request.known && symbol - request.known.length >= oldest ? request.known : undefined;
    const first = Math.max(oldest, symbol - (known?.length ?? warmUpSymbols));
    if (first >= symbol) throw new RangeError(`symbol ${symbol} is no longer held: a frame longer than was said`);
    this.correlate(first, symbol - first + 2 * bits);
    const flip = inverted ? 1 : 0;
    const before = new Uint8Array(symbol - first);
    for (let k = 0; k < before.length; k++)
      before[k] = known ? known[k]! ^ flip : (this.patterns[(first + k) & (this.patterns.length - 1)]! >> 1) & 1;
    knownPhasor(this.reference, this.memory, this.z, before, this.phasor);
    this.joint.decode(this.z, symbol - first, [this.phasor[0]!, this.phasor[1]!], request);
    return agreement(convolutionalEncode(request.code, out.subarray(0, bits), request.startState ?? 0), soft);
  }

  /** @param coherence share of their amplitude that the decided symbols around here add up to */
  decodeWord(request: Parameters<WordDecoder>[0], coherence: number): number {
    const { symbol, known, words, wordBits, inverted } = request;
    const first = symbol - known.length;
    if (first * floats < this.symbols.start) return -1;
    this.correlate(first, known.length + wordBits);
    const flip = inverted ? 1 : 0;
    const bits = known.map((bit) => bit ^ flip);
    // A strong signal leaves no doubt about its words: a preamble that agrees with half of one is none.
    const least = Math.max(leastCoherence, coherentShare * coherence);
    if (knownCoherence(this.reference, this.z, bits) < least) return -2;
    return likeliestWord(this.reference, this.memory, this.z, bits, words, wordBits, flip);
  }

  /** Correlations of `n` symbols from `first` on; those behind the end of the input say nothing. */
  private correlate(first: number, n: number): void {
    const { symbols } = this;
    const there = Math.max(0, Math.min(n, Math.floor(symbols.end / floats) - first));
    if (this.z.length < 2 * patterns * n) this.z = new Float32Array(2 * patterns * n);
    correlate(this.reference, symbols.data, first * floats - symbols.start, there, this.z);
    this.z.fill(0, 2 * patterns * there, 2 * patterns * n);
  }
}

/** Correlation of coded symbols with soft ones, 1 where all agree. */
function agreement(coded: Uint8Array, soft: Soft): number {
  let sum = 0;
  let total = 1e-30;
  for (let i = 0; i < coded.length; i++) {
    sum += coded[i] === 1 ? soft[i]! : -soft[i]!;
    total += Math.abs(soft[i]!);
  }
  return sum / total;
}
