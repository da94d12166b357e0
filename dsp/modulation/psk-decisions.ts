import { differentialMap } from '../coding/turbo-differential.ts';
import { SlidingWindow } from '../core/sliding-window.ts';
import type { Soft } from '../core/types.ts';
import type { BlockDetector } from '../framing/framing.ts';
import type { SymbolSink } from './symbol-stream.ts';

/** Hann window of the carrier phase, symbols: the shortest that costs nothing at a coded threshold. */
const phaseWindow = 65;
const phaseSide = (phaseWindow - 1) / 2;
const blockSize = 256;
/** Bits over which Manchester chips are paired: with 32 the pairing slips in a block of AO-40 at Es/N0 1 dB, 2.5 dB above its threshold. */
const pairingMemory = 128;
/** Phase symbols remembered for iterative decoding: more than the longest block under a code (5200). */
const memory = 1 << 13;

export interface PskDecisionOptions {
  readonly samplesPerChip: number;
  readonly differential: boolean;
  readonly manchester: boolean;
}

/**
 * Chips of BPSK (matched filter, at the right moments, carrier near 0 Hz) → soft symbols: phase from the smoothed
 * squared chips, Manchester pairs, differential bits. The sign is ambiguous by 180°.
 */
export class PskDecisions {
  /** Chips behind the newest one that are held back. */
  readonly latency = phaseSide + 1;
  private readonly options: PskDecisionOptions;
  private readonly sink: SymbolSink;
  /** Per chip: re, im. */
  private readonly chips = new SlidingWindow(1 << 12);
  /** Per chip: square over magnitude, re, im, and the magnitude. */
  private readonly squares = new SlidingWindow(1 << 12);
  private readonly chipPosition = new Float64Array(1 << 10);
  private readonly chipOffset = new Float32Array(1 << 10);
  private readonly hann = Float64Array.from(
    { length: phaseWindow },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (phaseWindow + 1)),
  );
  private emitted = 0;
  private phase = 0;
  /** Manchester: which of the two pairings of chips is right, decided over the last bits. */
  private pairing = 0;
  private evidence = 0;
  private lastSoftChip = 0;
  private previous = 0;
  /** Ring of the phase symbols, and their number. */
  private readonly history = new Float32Array(memory);
  private symbols = 0;
  private readonly signs = new Float32Array(memory + 1);
  private readonly forward = new Float32Array(memory + 1);
  private readonly soft = new Float32Array(blockSize) as Soft;
  private readonly phaseSymbols = new Float32Array(blockSize);
  private readonly position = new Float64Array(blockSize);
  private readonly offsetHz = new Float32Array(blockSize);
  private filled = 0;

  constructor(options: PskDecisionOptions, sink: SymbolSink) {
    this.options = options;
    this.sink = sink;
  }

  /** One chip, centred at `sample`, whose carrier was `hz` from the expected one. */
  chip(re: number, im: number, sample: number, hz: number): void {
    const { chips, squares } = this;
    const at = chips.reserve(2);
    chips.data[at] = re;
    chips.data[at + 1] = im;
    const magnitude = Math.sqrt(re * re + im * im) + 1e-20;
    const to = squares.reserve(3);
    squares.data[to] = (re * re - im * im) / magnitude;
    squares.data[to + 1] = (2 * re * im) / magnitude;
    squares.data[to + 2] = magnitude;
    const slot = (chips.end / 2 - 1) & (this.chipPosition.length - 1);
    this.chipPosition[slot] = sample;
    this.chipOffset[slot] = hz;
    if (chips.end / 2 - this.emitted >= 512) this.decide(chips.end / 2 - this.latency);
  }

  /** Gives out what the chips so far allow; at the `end` of the input everything. */
  flush(end: boolean): void {
    this.decide(this.chips.end / 2 - (end ? 0 : this.latency));
    if (this.filled > 0) this.deliver();
  }

  private decide(limit: number): void {
    const { chips, squares, hann } = this;
    const { manchester } = this.options;
    const x = squares.data;
    const ring = this.chipPosition.length - 1;
    let phase = this.phase;
    for (; this.emitted < limit; this.emitted++) {
      let re = 0;
      let im = 0;
      let level = 1e-20;
      const from = Math.max(this.emitted - phaseSide, squares.start / 3);
      const to = Math.min(this.emitted + phaseSide, squares.end / 3 - 1);
      let i = 3 * from - squares.start;
      for (let k = from - this.emitted + phaseSide; k <= to - this.emitted + phaseSide; k++, i += 3) {
        const w = hann[k]!;
        re += w * x[i]!;
        im += w * x[i + 1]!;
        level += x[i + 2]!;
      }
      level /= phaseWindow;
      // Half of an angle is ambiguous by π: take the branch nearest to the last one.
      const halfAngle = 0.5 * Math.atan2(im, re);
      phase = halfAngle + Math.PI * Math.round((phase - halfAngle) / Math.PI);
      const o = 2 * this.emitted - chips.start;
      const value = (chips.data[o]! * Math.cos(phase) + chips.data[o + 1]! * Math.sin(phase)) / level;
      const slot = this.emitted & ring;
      if (manchester) this.manchesterChip(value, this.emitted, this.chipPosition[slot]!, this.chipOffset[slot]!);
      else this.symbol(value, this.chipPosition[slot]!, this.chipOffset[slot]!);
    }
    this.phase = phase;
    chips.discardBefore(2 * (this.emitted - phaseSide));
    squares.discardBefore(3 * (this.emitted - phaseSide));
  }

  /** Sum over both halves; the pairing with the larger magnitudes wins. */
  private manchesterChip(chip: number, index: number, at: number, hz: number): void {
    const value = (this.lastSoftChip - chip) / 2;
    const parity = index & 1;
    this.evidence += (Math.abs(value) * (parity === 1 ? 1 : -1) - this.evidence) / pairingMemory;
    if (this.evidence > 0.02) this.pairing = 1;
    else if (this.evidence < -0.02) this.pairing = 0;
    this.lastSoftChip = chip;
    if (parity === this.pairing) this.symbol(value, at - this.options.samplesPerChip / 2, hz);
  }

  private symbol(value: number, at: number, hz: number): void {
    const { differential, manchester } = this.options;
    let out = value;
    if (differential) {
      // Sign of the product, confidence of the weaker one: the max-log value of "no change". With Manchester a change
      // of the differential bit is a 1 by the convention of the receivers in use.
      out = Math.sign(value * this.previous) * Math.min(Math.abs(value), Math.abs(this.previous));
      if (manchester) out = -out;
    }
    this.previous = value;
    this.history[this.symbols++ & (memory - 1)] = value;
    this.soft[this.filled] = out;
    this.phaseSymbols[this.filled] = value;
    this.position[this.filled] = at;
    this.offsetHz[this.filled] = hz;
    if (++this.filled === blockSize) this.deliver();
  }

  private deliver(): void {
    const n = this.filled;
    this.filled = 0;
    const block = { n, soft: [this.soft], position: this.position, offsetHz: this.offsetHz };
    this.sink.symbols(this.options.differential ? { ...block, phaseSymbols: this.phaseSymbols } : block);
  }

  /** Log-MAP over the phase symbols, scaled by the Es/N0 that their moments show (as in frame-sink.ts). */
  readonly blockDetector: BlockDetector = (symbol, n) => {
    const { history, signs, symbols } = this;
    if (n + 1 > memory || symbol <= symbols - memory) return null;
    let m2 = 0;
    let m4 = 0;
    let known = 0;
    for (let k = 0; k <= n; k++) {
      const at = symbol - 1 + k;
      const v = at >= 0 && at < symbols ? history[at & (memory - 1)]! : 0;
      signs[k] = v;
      if (v !== 0) known++;
      m2 += v * v;
      m4 += v * v * v * v;
    }
    m2 /= Math.max(1, known);
    m4 /= Math.max(1, known);
    const square = (3 * m2 * m2 - m4) / 2;
    if (!(square > 0)) return null;
    const signal = Math.sqrt(square);
    const noise = Math.max(m2 - signal, 0.01 * m2);
    const scale = (2 * Math.sqrt(signal)) / noise;
    for (let k = 0; k <= n; k++) signs[k]! *= scale;
    // With Manchester a change is a 1, and this sees its complement.
    const complement = this.options.manchester;
    return {
      esn0Db: 10 * Math.log10(signal / (2 * noise)),
      detect: (apriori, extrinsic) => {
        if (complement) negate(apriori, n);
        differentialMap(signs, apriori, n, this.forward, extrinsic);
        if (!complement) return;
        negate(apriori, n);
        negate(extrinsic, n);
      },
    };
  };

  reset(): void {
    this.chips.reset();
    this.squares.reset();
    this.emitted = 0;
    this.phase = 0;
    this.pairing = 0;
    this.evidence = 0;
    this.lastSoftChip = 0;
    this.previous = 0;
    this.filled = 0;
    this.symbols = 0;
  }
}

function negate(x: Float32Array, n: number): void {
  for (let k = 0; k < n; k++) x[k] = -x[k]!;
}
