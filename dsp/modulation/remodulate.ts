import { SlidingWindow } from '../core/sliding-window.ts';
import type { Stage } from './channel-filter.ts';
import { type AudioLevel, measureLevel } from './fsk-audio-level.ts';
import { FskAudioSymbols } from './fsk-audio-symbols.ts';

/** The level is renewed every so many symbols. */
const grain = 16;
/** Grains that the deviation is averaged over: the gain of audio changes rarely, and its estimate must not jitter. */
const grainsBehind = 128;
const grainsAhead = 40;
const ring = 256;
/** A grain counts by how far its quality is above that of noise, up to what a strong signal has. */
const noiseQuality = 6.3;
const strongQuality = 20;

export interface RemodulateOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** Modulation index that the measured deviation is given. */
  readonly h: number;
  /** Symbols on each side of a grain's middle that its level comes from. */
  readonly sideSymbols: number;
  /** Whether the audio's own zero is the carrier's nominal frequency, or the middle of its two frequencies. */
  readonly zeroLine: 'kept' | 'restored';
}

/**
 * FM audio of unknown gain and zero line → the Iq that a receiver of the index `h` expects, its carrier at 0 Hz. The phase
 * is the sum of all audio: the clicks of an FM discriminator, whole turns, vanish in it.
 */
export class Remodulator {
  /** Samples held back. */
  readonly latency: number;
  private readonly symbols: FskAudioSymbols;
  private readonly audio = new SlidingWindow(1 << 15);
  private readonly next: Stage;
  private readonly side: number;
  private readonly restores: boolean;
  /** Radians a sample that the measured deviation becomes. */
  private readonly step: number;
  private iq = new Float32Array(1 << 12);
  private readonly level: AudioLevel = { zero: 0, deviation: 1, quality: 0 };
  private middle = 0;
  private readonly deviations = new Float64Array(ring);
  private readonly zeros = new Float64Array(ring);
  private readonly weights = new Float64Array(ring);
  private readonly samples = new Float64Array(ring);
  private measured = 0;
  private done = 0;
  private lastZero = 0;
  private lastGain = 0;
  private phase = 0;

  constructor(options: RemodulateOptions, next: Stage) {
    const { sampleRate, symbolRate, h } = options;
    this.symbols = new FskAudioSymbols(sampleRate / symbolRate, 0.0075);
    this.side = options.sideSymbols;
    this.restores = options.zeroLine === 'restored';
    this.step = (Math.PI * h * symbolRate) / sampleRate;
    this.next = next;
    this.middle = this.side;
    this.latency = this.symbols.latency + ((this.side + grain * (grainsAhead + 2)) * sampleRate) / symbolRate;
  }

  push(x: Float32Array, n: number): void {
    for (let at = 0; at < n; at += 4096) {
      const take = Math.min(4096, n - at);
      const piece = at === 0 && take === n ? x : x.subarray(at, at + take);
      this.audio.append(piece, take);
      this.symbols.push(piece, take);
      const { values } = this.symbols;
      for (; this.middle + this.side <= values.end; this.middle += grain) {
        this.measure();
        values.discardBefore(this.middle - this.side);
      }
    }
  }

  private measure(): void {
    const { level } = this;
    measureLevel(this.symbols.values, this.middle - this.side, this.middle + this.side, level);
    const at = this.measured & (ring - 1);
    this.deviations[at] = level.deviation;
    this.zeros[at] = level.zero;
    this.weights[at] = Math.max(0, Math.min(strongQuality, level.quality) - noiseQuality) ** 2;
    this.samples[at] = Math.floor(this.symbols.position(this.middle));
    this.measured++;
    if (this.measured > grainsAhead) this.smooth(this.measured - 1 - grainsAhead);
  }

  private smooth(grainIndex: number): void {
    const here = grainIndex & (ring - 1);
    let total = 1e-3;
    let sum = total * this.deviations[here]!;
    for (let g = Math.max(0, grainIndex - grainsBehind); g < this.measured; g++) {
      const i = g & (ring - 1);
      total += this.weights[i]!;
      sum += this.weights[i]! * this.deviations[i]!;
    }
    this.level.deviation = sum / total;
    this.level.zero = this.restores ? this.zeros[here]! : 0;
    this.reach(this.samples[here]!);
  }

  /** The level holds at `sample`; between it and the one before it is interpolated. */
  private reach(sample: number): void {
    const gain = this.step / this.level.deviation;
    const zero = this.level.zero;
    const n = sample - this.done;
    if (n <= 0) return;
    if (this.done === 0) {
      this.lastGain = gain;
      this.lastZero = zero;
    }
    if (this.iq.length < 2 * n) this.iq = new Float32Array(2 * n);
    const { iq } = this;
    const x = this.audio.data;
    const base = this.done - this.audio.start;
    const zeroSlope = (zero - this.lastZero) / n;
    const gainSlope = (gain - this.lastGain) / n;
    let z = this.lastZero;
    let g = this.lastGain;
    let { phase } = this;
    for (let i = 0; i < n; i++) {
      phase += g * (x[base + i]! - z);
      iq[2 * i] = Math.cos(phase);
      iq[2 * i + 1] = Math.sin(phase);
      z += zeroSlope;
      g += gainSlope;
    }
    this.phase = phase - 2 * Math.PI * Math.round(phase / (2 * Math.PI));
    this.lastZero = zero;
    this.lastGain = gain;
    this.done = sample;
    this.audio.discardBefore(sample);
    this.next(iq, n);
  }

  reset(): void {
    this.symbols.reset();
    this.audio.reset();
    this.middle = this.side;
    this.measured = 0;
    this.done = 0;
    this.phase = 0;
  }
}
