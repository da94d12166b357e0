import type { ReceivedFrame, ReceiverSink } from '../core/receiver.ts';
import type { Deframer, RawFrame, Reject } from '../core/types.ts';
import type { SymbolBlock, SymbolSink } from './symbol-stream.ts';

/** Symbols whose position, offset and soft value are remembered: more than the longest frame (65,632 symbols). */
const memory = 1 << 17;

/** Symbols that chains of one receiver may lie apart: the longest look-ahead and some hundred more. */
const chainSkew = 8192;

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Passes each frame on once, however many chains of a receiver find it. The same bytes sent again are passed again. */
export class FrameMerger {
  private readonly out: ReceiverSink;
  private readonly samplesPerSymbol: number;
  private recent: ReceivedFrame[] = [];

  constructor(samplesPerSymbol: number, out: ReceiverSink) {
    this.samplesPerSymbol = samplesPerSymbol;
    this.out = out;
  }

  frame(frame: ReceivedFrame): void {
    for (const other of this.recent)
      if (frame.sample < other.endSample && frame.endSample > other.sample && sameBytes(other.bytes, frame.bytes))
        return;
    const horizon = frame.sample - 2 * (frame.endSample - frame.sample) - chainSkew * this.samplesPerSymbol;
    this.recent = this.recent.filter((other) => other.endSample > horizon);
    this.recent.push(frame);
    this.out.frame(frame);
  }

  reject(why: Reject): void {
    this.out.reject(why);
  }

  reset(): void {
    this.recent = [];
  }
}

/**
 * Deframes every variant of a symbol stream, maps symbols back to input samples and measures what the frame's symbols
 * tell.
 */
export class FrameSink implements SymbolSink {
  private readonly deframers: readonly Deframer[];
  private readonly out: FrameMerger;
  private readonly samplesPerSymbol: number;
  private readonly position = new Float64Array(memory);
  private readonly offset = new Float32Array(memory);
  private readonly signal = new Float32Array(memory);
  private readonly noise = new Float32Array(memory);
  private powersKnown = false;
  private readonly soft: readonly Float32Array[];
  private end = 0;

  /** @param samplesPerSymbol input samples, nominal */
  constructor(deframers: readonly Deframer[], samplesPerSymbol: number, out: FrameMerger) {
    this.deframers = deframers;
    this.samplesPerSymbol = samplesPerSymbol;
    this.out = out;
    this.soft = deframers.map(() => new Float32Array(memory));
  }

  symbols(block: SymbolBlock): void {
    const { n } = block;
    for (let i = 0; i < n; i++) {
      const at = (this.end + i) & (memory - 1);
      this.position[at] = block.position[i]!;
      this.offset[at] = block.offsetHz[i]!;
      if (block.signalPower && block.noisePower) {
        this.signal[at] = block.signalPower[i]!;
        this.noise[at] = block.noisePower[i]!;
        this.powersKnown = true;
      }
      for (let v = 0; v < this.soft.length; v++) this.soft[v]![at] = (block.phaseSymbols ?? block.soft[v]!)[i]!;
    }
    this.end += n;
    for (let v = 0; v < this.deframers.length; v++) this.deframers[v]!.push(block.soft[v]!, n, this.sinkOf(v));
  }

  flush(): void {
    for (let v = 0; v < this.deframers.length; v++) this.deframers[v]!.flush(this.sinkOf(v));
  }

  reset(): void {
    for (const deframer of this.deframers) deframer.reset();
    this.end = 0;
  }

  private sinkOf(variant: number): { frame(f: RawFrame): void; reject(why: Reject): void } {
    return { frame: (frame) => this.received(frame, variant), reject: (why) => this.out.reject(why) };
  }

  private received(frame: RawFrame, variant: number): void {
    const sample = Math.max(0, Math.round(this.sampleAt(frame.symbol) - this.samplesPerSymbol / 2));
    const endSample = Math.max(sample + 1, Math.round(this.sampleAt(frame.endSymbol) - this.samplesPerSymbol / 2));
    const received: ReceivedFrame = {
      ...frame,
      sample,
      endSample,
      snrDb: this.snrDb(frame, variant),
      offsetHz: this.offsetHz(frame),
    };
    this.out.frame(received);
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
    return Number.isFinite(mean) ? Math.round(10 * mean) / 10 : null;
  }
}
