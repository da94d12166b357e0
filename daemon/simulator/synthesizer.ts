import { noiseDensity } from '../../dsp/core/noise.ts';
import { prng } from '../../dsp/core/prng.ts';
import { channelBitRate } from '../../dsp/modulation/channel-bit-rate.ts';
import { addCarrier } from './carrier.ts';
import { codeRate } from './code-rate.ts';
import { makeNoiseTable, type NoiseTable } from './noise-table.ts';
import { bytesOf, quantise, type SimulatedFormat } from './quantise.ts';
import type { Scene, TransmittedFrame } from './scene.ts';
import { skyPath } from './sky-path.ts';
import { type Burst, makeTransmitter, type Transmitter } from './transmitter.ts';

export interface Synthesizer {
  /** Stream time of the next sample, s from the start. */
  readonly timeS: number;
  /** True once no signal has a frame left to send. */
  readonly finished: boolean;
  /** From the next sample on. @throws RangeError outside of 1 kS/s to 20 MS/s. */
  tune(centreHz: number, sampleRate: number): void;
  /** Writes whole IQ pairs to all of `out`: what the antenna hears, the same whatever the pieces it is asked in. */
  fill(out: Uint8Array): void;
  /** Lets time go by without samples: bursts within are cut, and told as not in the capture. */
  skip(samples: number): void;
}

export interface SynthesizerOptions {
  readonly scene: Scene;
  readonly format: SimulatedFormat;
  /** Told once a frame's burst is over. */
  readonly transmitted?: (frame: TransmittedFrame) => void;
}

interface OnAir {
  readonly transmitter: Transmitter;
  readonly carrierHz: number;
  amplitude: number;
  burst: Burst | null;
  iq: Float32Array | null;
  firstSample: number;
  whole: boolean;
}

/** RMS of noise and signals together against full scale: 12 dB below, so that noise peaks are hardly ever clipped. */
const LEVEL = 0.25;
/** Blocks in which phase and delay run linearly last about a millisecond: at 200 Hz/s of drift 2e-4 rad off. */
const BLOCK_S = 1e-3;
/** Noise power density of the simulated receiver; everything else is relative to it. */
const N0 = 1;

/** Samples of a scene at any rate. Deterministic: a function of scene, tunings and sample number alone. */
export function makeSynthesizer({ scene, format, transmitted }: SynthesizerOptions): Synthesizer {
  const path = skyPath(scene);
  const seeds = prng(scene.seed);
  const noiseSeed = seeds.uint32();
  const onAir: OnAir[] = scene.signals.map((signal) => ({
    transmitter: makeTransmitter(signal, seeds.uint32()),
    carrierHz: signal.frequencyHz * (1 + (signal.frequencyErrorPpm ?? 0) * 1e-6),
    amplitude: 0,
    burst: null,
    iq: null,
    firstSample: 0,
    whole: true,
  }));
  let powers = 0;
  for (const s of onAir) {
    const { signal } = s.transmitter;
    advance(s);
    const rate = s.burst ? codeRate(signal.mode.framing, s.burst.bytes.length) : 1;
    const esn0Db = signal.ebn0Db + 10 * Math.log10(rate);
    s.amplitude = Math.sqrt(N0 / noiseDensity(esn0Db, channelBitRate(signal.mode.modulation)));
    powers += s.amplitude ** 2;
  }

  let centreHz = 0;
  let sampleRate = 2_048_000;
  let startS = 0; // stream time of sample 0 of this tuning
  let sample = 0; // since this tuning
  let blockSamples = 0;
  let gain = 1;
  let mix = new Float32Array(0);
  let bytes: Uint8Array = new Uint8Array(0); // the block last made
  let made = -1; // its number
  let noise: NoiseTable | null = null;
  let tunings = 0; // that had samples
  tune(0, sampleRate);

  function advance(s: OnAir): void {
    s.burst = s.transmitter.next();
    s.iq = null;
    s.whole = true;
  }

  function tune(nominalHz: number, nominalRate: number): void {
    if (!(nominalRate >= 1000 && nominalRate <= 20e6))
      throw new RangeError(`sample rate ${nominalRate} S/s: 1000 to 20000000 expected`);
    const clock = 1 + (scene.receiverErrorPpm ?? 0) * 1e-6;
    const centre = nominalHz * clock;
    const rate = nominalRate * clock;
    if (sample > 0) tunings++;
    startS += sample / sampleRate;
    sample = 0;
    made = -1;
    centreHz = centre;
    if (rate === sampleRate && noise) return;
    sampleRate = rate;
    blockSamples = 2 ** Math.max(5, Math.min(12, Math.round(Math.log2(rate * BLOCK_S))));
    gain = LEVEL / Math.sqrt(N0 * rate + powers);
    mix = new Float32Array(2 * blockSamples);
    bytes = new Uint8Array(blockSamples * bytesOf[format]);
    noise = makeNoiseTable(noiseSeed, gain * Math.sqrt((N0 * rate) / 2), blockSamples, format);
  }

  /** True when the signal's band lies within the capture, Doppler shift counted in. */
  const contained = (s: OnAir, dopplerHz: number) =>
    Math.abs(s.carrierHz + dopplerHz - centreHz) + s.transmitter.halfBandwidthHz < sampleRate / 2;

  /** Adds one transmitter's part of the block that starts at `t`; true when there was any. */
  function addSignal(s: OnAir, t: number, blank: boolean): boolean {
    const duration = blockSamples / sampleRate;
    let added = blank;
    for (;;) {
      const { burst } = s;
      // A delay jumps only between passes, where nothing is sent.
      const sentAt = t - path.delayS(t);
      const sentEnd = t + duration - path.delayS(t + duration);
      const ramp = 20 / s.transmitter.signal.mode.modulation.symbolRate; // pulses reach beyond the burst
      if (!burst || burst.startS - ramp > sentEnd) return added;
      const visible = path.visible(burst.startS - 0.01, burst.endS + 0.01);
      const dopplerHz = -(((duration - (sentEnd - sentAt)) / duration) * s.carrierHz);
      if (!visible || !contained(s, dopplerHz)) s.whole = false;
      else if (burst.startS - ramp < sentEnd && burst.endS + ramp > sentAt) {
        if (!s.iq) {
          const waveform = burst.waveform();
          s.iq = waveform.iq;
          s.firstSample = waveform.firstSample;
        }
        if (!added) mix.fill(0);
        added = true;
        const { rate } = s.transmitter;
        const cycles = (s.carrierHz - centreHz) * t - s.carrierHz * path.delayS(t);
        addCarrier(mix, blockSamples, s.iq, {
          position: (sentAt - burst.startS) * rate - s.firstSample,
          step: ((sentEnd - sentAt) / blockSamples) * rate,
          amplitude: gain * s.amplitude * path.amplitude(t),
          phase: 2 * Math.PI * (cycles - Math.floor(cycles)),
          phaseStep: (2 * Math.PI * (s.carrierHz - centreHz + dopplerHz)) / sampleRate,
        });
      }
      if (burst.endS + ramp > sentEnd) return added;
      report(s, burst);
      advance(s);
    }
  }

  function report(s: OnAir, burst: Burst): void {
    const { satellite, transmitter } = s.transmitter.signal;
    const received = burst.startS + path.delayS(burst.startS);
    transmitted?.({
      satellite,
      transmitter,
      number: burst.number,
      bytes: burst.bytes,
      startS: received,
      endS: received + burst.endS - burst.startS,
      inCapture: s.whole,
    });
  }

  function makeBlock(number: number): void {
    const t = startS + (number * blockSamples) / sampleRate;
    let any = false;
    for (const s of onAir) any = addSignal(s, t, any);
    const at = noise!.at(number + 0x9e3779b1 * tunings);
    if (any) quantise(mix, noise!.samples, at, blockSamples, format, bytes);
    else bytes.set(noise!.bytes.subarray(at * bytesOf[format], (at + blockSamples) * bytesOf[format]));
    made = number;
  }

  function fill(out: Uint8Array): void {
    const size = bytesOf[format];
    if (out.length % size !== 0) throw new RangeError('the buffer must hold whole IQ pairs');
    for (let at = 0; at < out.length; ) {
      const block = Math.floor(sample / blockSamples);
      const within = sample - block * blockSamples;
      if (made !== block) makeBlock(block);
      const n = Math.min(blockSamples - within, (out.length - at) / size);
      out.set(bytes.subarray(within * size, (within + n) * size), at);
      at += n * size;
      sample += n;
    }
  }

  function skip(samples: number): void {
    sample += samples;
    const t = startS + sample / sampleRate;
    for (const s of onAir) {
      while (s.burst && s.burst.startS + path.delayS(s.burst.startS) < t) {
        s.whole = false;
        if (s.burst.endS > t) break;
        report(s, s.burst);
        advance(s);
      }
    }
  }

  return {
    get timeS() {
      return startS + sample / sampleRate;
    },
    get finished() {
      return onAir.every((s) => s.burst === null);
    },
    tune,
    fill,
    skip,
  };
}
