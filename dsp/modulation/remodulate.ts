import { SlidingWindow } from '../core/sliding-window.ts';
import type { Stage } from './channel-filter.ts';
import { audioLevel, levelPulses, measureLevel } from './fsk-audio-level.ts';
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
/**
 * An FM receiver is quieter where there is a carrier, which tells also a signal too weak for its quality from noise: what
 * has this share of the mean power around it. Below that is silence.
 */
const quietPower = [0.1, 0.65] as const;
const quietQuality = 3;
/** Another pulse must be that much better before it is taken: the deviations that they give are a tenth apart. */
const betterPulse = 1.01;

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
  private readonly level = audioLevel();
  private middle = 0;
  /** Of the last grains: deviation and quality [grain][pulse], zero line and power. */
  private readonly deviations = new Float64Array(levelPulses * ring);
  private readonly qualities = new Float64Array(levelPulses * ring);
  private readonly zeros = new Float64Array(ring);
  private readonly powers = new Float64Array(ring);
  private readonly samples = new Float64Array(ring);
  /** The pulse in use: a change in the middle of a frame would bend its phase. */
  private pulse = 0;
  /** Weighted deviations and qualities of the pulses. */
  private readonly fit = new Float64Array(2 * levelPulses);
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
    this.deviations.set(level.deviation, levelPulses * at);
    this.qualities.set(level.quality, levelPulses * at);
    this.zeros[at] = level.zero;
    this.powers[at] = level.power;
    this.samples[at] = Math.floor(this.symbols.position(this.middle));
    this.measured++;
    if (this.measured > grainsAhead) this.smooth(this.measured - 1 - grainsAhead);
  }

  private smooth(grainIndex: number): void {
    const { deviations, qualities, powers, fit } = this;
    const here = grainIndex & (ring - 1);
    const from = Math.max(0, grainIndex - grainsBehind);
    let meanPower = 0;
    for (let g = from; g < this.measured; g++) meanPower += powers[g & (ring - 1)]! / (this.measured - from);
    const [silent, loud] = quietPower;
    fit.fill(0);
    let total = 1e-3;
    const sums = fit.subarray(0, levelPulses);
    const means = fit.subarray(levelPulses);
    for (let pulse = 0; pulse < levelPulses; pulse++) sums[pulse] = total * deviations[levelPulses * here + pulse]!;
    for (let g = from; g < this.measured; g++) {
      const i = g & (ring - 1);
      const at = levelPulses * i;
      const quiet = powers[i]! > silent * meanPower && powers[i]! < loud * meanPower;
      let quality = qualities[at]!;
      for (let pulse = 1; pulse < levelPulses; pulse++) quality = Math.max(quality, qualities[at + pulse]!);
      const weight = Math.max(0, Math.min(strongQuality, quality) - (quiet ? quietQuality : noiseQuality)) ** 2;
      if (weight === 0) continue;
      total += weight;
      for (let pulse = 0; pulse < levelPulses; pulse++) {
        sums[pulse]! += weight * deviations[at + pulse]!;
        means[pulse]! += weight * qualities[at + pulse]!;
      }
    }
    for (let pulse = 0; pulse < levelPulses; pulse++)
      if (means[pulse]! > betterPulse * means[this.pulse]!) this.pulse = pulse;
    this.reach(this.samples[here]!, sums[this.pulse]! / total, this.restores ? this.zeros[here]! : 0);
  }

  /** The level holds at `sample`; between it and the one before it is interpolated. */
  private reach(sample: number, deviation: number, zero: number): void {
    const gain = this.step / deviation;
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
