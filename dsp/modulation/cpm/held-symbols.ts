import { convolutionalEncode } from '../../coding/convolutional.ts';
import type { SlidingWindow } from '../../core/sliding-window.ts';
import type { Soft } from '../../core/types.ts';
import type { InnerDecoder, SoftBlock, WordDecoder } from '../../framing/framing.ts';
import { correlate } from './detector.ts';
import { JointDecoder } from './joint-decoder.ts';
import { knownCoherence, knownPhasor } from './known-symbols.ts';
import { LatticeDetector } from './lattice-detector.ts';
import { likeliestWord } from './likeliest-word.ts';
import { type CpmReference, patterns, samplesPerSymbol } from './reference.ts';

const floats = 2 * samplesPerSymbol;
/** Decided symbols before a coded block that give its first phasor. */
export const warmUpSymbols = 64;
/** Known symbols that add up to less than this share of their amplitude are not there: of 32 in noise all but 1 in 200. */
const leastCoherence = 0.42;
/** And at least this share of what the decided symbols around them add up to. */
const coherentShare = 0.65;
/** Es/N0 that is reckoned with at most: likelihoods of a stronger signal would not fit a float, nor does it need any. */
const strongest = 5;
/** Of what the powers around symbols say, 0.9 dB too much here: noise alone gives −2.3. */
const leastEsn0Db = -1.1;

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
  /** Signal and noise power around each symbol, rings. */
  private readonly signal: Float32Array;
  private readonly noise: Float32Array;
  /** Behind the last decided symbol. */
  private end = 0;
  private lattice: LatticeDetector | undefined;

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
    this.signal = new Float32Array(this.patterns.length);
    this.noise = new Float32Array(this.patterns.length);
  }

  setReference(reference: CpmReference): void {
    this.reference = reference;
    this.joint.setReference(reference);
  }

  /** Of every symbol, in order; powers of 0 say that nothing is known of them. */
  decided(symbol: number, pattern: number, signalPower: number, noisePower: number): void {
    const slot = symbol & (this.patterns.length - 1);
    this.patterns[slot] = pattern;
    this.signal[slot] = signalPower;
    this.noise[slot] = noisePower;
    this.end = symbol + 1;
  }

  /** `n` symbols for iterative decoding, valid until others are asked for; null where they are no longer held or nothing is heard. */
  openBlock(symbol: number, n: number): SoftBlock | null {
    if (symbol * floats < this.symbols.start) return null;
    const last = this.patterns.length - 1;
    let signal = 0;
    let noise = 0;
    let heard = 0;
    for (let k = symbol; k < Math.min(symbol + n, this.end); k++) {
      if (this.noise[k & last] === 0) continue;
      signal += this.signal[k & last]!;
      noise += this.noise[k & last]!;
      heard++;
    }
    if (!(signal > 0)) return null;
    const esn0Db = 10 * Math.log10(signal / noise);
    if (esn0Db < leastEsn0Db) return null;
    this.lattice ??= new LatticeDetector();
    const lattice = this.lattice;
    this.correlate(symbol, n);
    const amplitude = Math.sqrt(signal / heard);
    const power = Math.max(noise / heard, signal / heard / strongest);
    lattice.open(this.reference, this.z, n, (2 * amplitude) / power);
    return { esn0Db, detect: (apriori, extrinsic) => lattice.detect(apriori, extrinsic) };
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

  /** Share of their amplitude that channel `bits` from `symbol` on add up to; 0 where these symbols are no longer held. */
  coherenceOf(symbol: number, bits: Uint8Array): number {
    if (symbol * floats < this.symbols.start) return 0;
    this.correlate(symbol, bits.length);
    return knownCoherence(this.reference, this.z, bits);
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
