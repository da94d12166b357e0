import type { ReceivedFrame } from '../core/receiver.ts';
import type { Deframer, RawFrame, Reject } from '../core/types.ts';
import { clockErrorPpm } from './clock-error.ts';
import type { ChainSink } from './frame-merger.ts';
import type { SymbolBlock, SymbolSink } from './symbol-stream.ts';

/** Symbols whose position, offset and soft value are remembered: more than the longest frame (65,632 symbols). */
const memory = 1 << 17;

/** One framing of a symbol stream: a deframer for each variant of it, and where its frames go. */
export interface FramingOutlet {
  readonly deframers: readonly Deframer[];
  readonly out: ChainSink;
}

/**
 * Deframes every variant of a symbol stream by all framings, maps symbols back to input samples and measures what the frame's
 * symbols tell.
 */
export class FrameSink implements SymbolSink {
  private readonly framings: readonly FramingOutlet[];
  private readonly samplesPerSymbol: number;
  private readonly position = new Float64Array(memory);
  private readonly offset = new Float32Array(memory);
  private readonly signal = new Float32Array(memory);
  private readonly noise = new Float32Array(memory);
  private powersKnown = false;
  /** NaN until a block tells it. It changes slowly, and is best known at the end of a frame. */
  private modulationIndex = Number.NaN;
  private readonly soft: readonly Float32Array[];
  private end = 0;

  /**
   * @param variants of the symbol stream
   * @param samplesPerSymbol input samples, nominal
   */
  constructor(framings: readonly FramingOutlet[], variants: number, samplesPerSymbol: number) {
    this.framings = framings;
    this.samplesPerSymbol = samplesPerSymbol;
    this.soft = Array.from({ length: variants }, () => new Float32Array(memory));
  }

  symbols(block: SymbolBlock): void {
    const { n, signalPower, noisePower } = block;
    remember(block.position, this.position, this.end, n);
    remember(block.offsetHz, this.offset, this.end, n);
    if (signalPower && noisePower) {
      remember(signalPower, this.signal, this.end, n);
      remember(noisePower, this.noise, this.end, n);
      this.powersKnown = true;
    }
    for (let v = 0; v < this.soft.length; v++)
      remember(block.phaseSymbols ?? block.soft[v]!, this.soft[v]!, this.end, n);
    this.end += n;
    this.modulationIndex = block.modulationIndex ?? Number.NaN;
    const passed = this.sampleAt(this.end - 1);
    for (const { deframers, out } of this.framings) {
      for (let v = 0; v < deframers.length; v++) deframers[v]!.push(block.soft[v]!, n, this.sinkOf(v, out));
      out.passed(passed);
    }
  }

  flush(): void {
    for (const { deframers, out } of this.framings) {
      for (let v = 0; v < deframers.length; v++) deframers[v]!.flush(this.sinkOf(v, out));
      out.passed(Number.POSITIVE_INFINITY);
    }
  }

  reset(): void {
    for (const { deframers } of this.framings) for (const deframer of deframers) deframer.reset();
    this.end = 0;
  }

  private sinkOf(variant: number, out: ChainSink): { frame(f: RawFrame): void; reject(why: Reject): void } {
    return { frame: (frame) => this.received(frame, variant, out), reject: (why) => out.reject(why) };
  }

  private received(frame: RawFrame, variant: number, out: ChainSink): void {
    const sample = Math.max(0, Math.round(this.sampleAt(frame.symbol) - this.samplesPerSymbol / 2));
    const endSample = Math.max(sample + 1, Math.round(this.sampleAt(frame.endSymbol) - this.samplesPerSymbol / 2));
    const snrDb = this.snrDb(frame, variant);
    const received: ReceivedFrame = {
      ...frame,
      syncQuality: rounded(frame.syncQuality, 100),
      sample,
      endSample,
      snrDb,
      offsetHz: this.offsetHz(frame),
      modulationIndex: rounded(this.modulationIndex, 1000),
      // A frame of unknown Es/N0 must be long enough for a weak one.
      clockPpm: this.clockPpm(frame, snrDb ?? 0),
    };
    out.frame(received);
  }

  /** Input sample of the centre of a symbol; beyond the known ones at the nominal rate. */
  private sampleAt(symbol: number): number {
    const last = this.end - 1;
    const known = Math.min(last, Math.max(0, this.end - memory, symbol));
    return this.position[known & (memory - 1)]! + (symbol - known) * this.samplesPerSymbol;
  }

  /**
   * Es/N0 from the second and fourth moment of the frame's soft symbols, as of antipodal signalling in real noise of
   * variance N0/2. Source: Pauluzzi and Beaulieu, "A comparison of SNR estimation techniques", IEEE Trans. Comm. 48.
   */
  private snrDb(frame: RawFrame, variant: number): number | null {
    const from = Math.max(0, this.end - memory, frame.symbol);
    const to = Math.min(this.end, frame.endSymbol);
    if (to - from < 32) return null;
    if (this.powersKnown) return this.powerRatioDb(from, to);
    let m2 = 0;
    let m4 = 0;
    for (let k = from; k < to; k++) {
      const v = this.soft[variant]![k & (memory - 1)]!;
      m2 += v * v;
      m4 += v * v * v * v;
    }
    m2 /= to - from;
    m4 /= to - from;
    const square = (3 * m2 * m2 - m4) / 2;
    if (!(square > 0)) return null;
    const signal = Math.sqrt(square);
    const noise = Math.max(m2 - signal, 1e-4 * m2);
    return Math.round(100 * Math.log10(signal / (2 * noise))) / 10;
  }

  private powerRatioDb(from: number, to: number): number | null {
    let signal = 0;
    let noise = 0;
    for (let k = from; k < to; k++) {
      signal += this.signal[k & (memory - 1)]!;
      noise += this.noise[k & (memory - 1)]!;
    }
    return signal > 0 && noise > 0 ? Math.round(100 * Math.log10(signal / noise)) / 10 : null;
  }

  private offsetHz(frame: RawFrame): number | null {
    const from = Math.max(0, this.end - memory, frame.symbol);
    const to = Math.min(this.end, frame.endSymbol);
    let sum = 0;
    for (let k = from; k < to; k++) sum += this.offset[k & (memory - 1)]!;
    const mean = sum / (to - from);
    return rounded(mean, 10);
  }

  private clockPpm(frame: RawFrame, snrDb: number | null): number | null {
    const from = Math.max(0, this.end - memory, frame.symbol);
    const n = Math.min(this.end, frame.endSymbol) - from;
    return rounded(clockErrorPpm(this.position, from, n, this.samplesPerSymbol, snrDb), 10);
  }
}

/** To one part in `parts`; null for what is no number. */
function rounded(x: number | null, parts: number): number | null {
  return x === null || !Number.isFinite(x) ? null : Math.round(parts * x) / parts;
}

function remember<T extends Float32Array | Float64Array>(values: T, ring: T, end: number, n: number): void {
  for (let i = 0; i < n; i++) ring[(end + i) & (memory - 1)] = values[i]!;
}
