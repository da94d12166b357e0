/** The impaired bursts that sensitivity is measured with: a description as data, and the samples it stands for. */
import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { type Prng, prng } from '../../dsp/core/prng.ts';
import type { Iq } from '../../dsp/core/types.ts';
import { encodeFrames } from '../../dsp/framing/index.ts';
import { type Mode, parseMode } from '../../dsp/mode.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { type FrameContent, makeFrame, u482cReedSolomonOnly } from './signals-frames.ts';

/** What is sent, one frame a burst. */
export interface Transmission {
  /** MODE that the transmitter sends, and that the receiver is told unless a variation says otherwise. */
  readonly mode: string;
  readonly content: FrameContent;
  readonly frameBytes: number;
  /** Rate of the forward error correction, which alone is charged to Eb/N0. */
  readonly codeRate: number;
  /** U482C without its convolutional code, which our encoder always adds. */
  readonly withoutConvolutionalCode?: true;
}

/** How it arrives. */
export interface Channel {
  readonly ebn0Db: number;
  readonly sampleRate: number;
  readonly clockPpm: number;
  /** The carrier's offset moves as a triangle between ± this … */
  readonly offsetHz: number;
  /** … at this rate. */
  readonly offsetHzPerS: number;
  /** Where the middle of that triangle lies. */
  readonly carrierHz?: number;
  /** Gaussian filter of FSK; default 0.5. */
  readonly bt?: number;
  readonly inverted?: true;
  /** One transmission with all frames instead of a burst each. */
  readonly continuous?: true;
  /** Gaps between bursts, s; default 0.15 to 0.45. */
  readonly gapS?: readonly [number, number];
  /** The same modulation with random bits, that far away and that much stronger. */
  readonly neighbour?: { readonly hz: number; readonly db: number };
  /** A constant that much over the signal. */
  readonly dcSpikeDb?: number;
  /** Fades by (depthDb/2)·(1 − cos 2πt) dB once a second; the mean power stays 1. */
  readonly fadeDepthDb?: number;
}

export interface Signal {
  readonly transmission: Transmission;
  readonly channel: Channel;
  readonly bursts: number;
  readonly seed: number;
  /** Noise behind the last burst, s. */
  readonly tailS: number;
}

export interface SignalStream {
  readonly frames: readonly Uint8Array[];
  /** Pieces of the signal, one after the other; each is new. */
  pieces(): Generator<Iq>;
}

/** Es/N0 that belongs to a transmission's Eb/N0. */
export function esn0Db({ codeRate }: Transmission, ebn0Db: number): number {
  return ebn0Db + 10 * Math.log10(codeRate);
}

/** Mean of 10^(−(depth/20)·(1 − cos φ)) over φ. */
export function meanFadeGain(depthDb: number): number {
  const steps = 1000;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += fadeGain(depthDb, i / steps);
  return sum / steps;
}

export function fadeGain(depthDb: number, timeS: number): number {
  return 10 ** ((-depthDb / 20) * (1 - Math.cos(2 * Math.PI * timeS)));
}

/** The signal of unit mean power and its noise, the same for the same description. */
export function makeSignal(signal: Signal): SignalStream {
  const { transmission, channel, bursts, seed } = signal;
  const content = prng(seed);
  const frames = Array.from({ length: bursts }, (_, i) =>
    makeFrame(transmission.content, transmission.frameBytes, i, content),
  );
  return {
    frames,
    *pieces() {
      const random = prng(seed + 0x5eed);
      const mode = parseMode(transmission.mode);
      const sent = channel.continuous ? [frames] : frames.map((frame) => [frame]);
      const impair = impairments(signal, mode, random);
      const n0 = noiseDensity(esn0Db(transmission, channel.ebn0Db), mode.modulation.symbolRate);
      const [shortest, longest] = channel.gapS ?? [0.15, 0.45];
      const finish = (iq: Iq): Iq => {
        impair(iq);
        addNoise(iq, n0, channel.sampleRate, random);
        return iq;
      };
      for (const frames of sent) {
        const gap = (shortest + (longest - shortest) * random.uniform()) * channel.sampleRate;
        const bits = channelBits(transmission, mode, frames);
        if (channel.inverted) for (let i = 0; i < bits.length; i++) bits[i] = 1 - bits[i]!;
        const { iq, firstSample } = modulate(bits, mode.modulation, {
          sampleRate: channel.sampleRate,
          startSample: gap,
          clockPpm: channel.clockPpm,
          phase: 2 * Math.PI * random.uniform(),
          ...(channel.bt === undefined ? {} : { bt: channel.bt }),
        });
        const piece = new Float32Array(2 * firstSample + iq.length);
        piece.set(iq, 2 * firstSample);
        yield finish(piece);
      }
      const piece = 2 * Math.round(channel.sampleRate / 2);
      for (let left = 2 * Math.round(signal.tailS * channel.sampleRate); left > 0; left -= piece)
        yield finish(new Float32Array(Math.min(left, piece)));
    },
  };
}

function channelBits(transmission: Transmission, mode: Mode, frames: readonly Uint8Array[]): Uint8Array {
  const options = { preambleBytes: 32 };
  if (transmission.withoutConvolutionalCode) return u482cReedSolomonOnly(frames, options);
  return encodeFrames(mode.framing, frames, options);
}

/** Everything of the channel but its noise, in place, piece after piece. */
function impairments({ channel, seed }: Signal, mode: Mode, random: Prng): (iq: Iq) => void {
  const { sampleRate, offsetHz, offsetHzPerS, carrierHz = 0, fadeDepthDb = 0, dcSpikeDb } = channel;
  const periodS = offsetHzPerS > 0 ? (4 * offsetHz) / offsetHzPerS : 0;
  const start = random.uniform() * periodS;
  const spike = dcSpikeDb === undefined ? 0 : 10 ** (dcSpikeDb / 20);
  const fadeScale = fadeDepthDb > 0 ? 1 / meanFadeGain(fadeDepthDb) : 1;
  const addNeighbour = channel.neighbour ? neighbour(channel, mode, prng(seed + 0xbad)) : () => {};
  let sample = 0;
  let phase = 0;
  return (iq) => {
    for (let i = 0; i < iq.length; i += 2, sample++) {
      const time = sample / sampleRate;
      const u = periodS > 0 ? ((time + start) % periodS) / periodS : 0.25;
      const hz = carrierHz + offsetHz * (u < 0.5 ? 1 - 4 * u : 4 * u - 3);
      phase = (phase + (2 * Math.PI * hz) / sampleRate) % (2 * Math.PI);
      const gain = fadeDepthDb > 0 ? Math.sqrt(fadeScale * fadeGain(fadeDepthDb, time)) : 1;
      const cos = gain * Math.cos(phase);
      const sin = gain * Math.sin(phase);
      const re = iq[i]!;
      const im = iq[i + 1]!;
      iq[i] = re * cos - im * sin + spike;
      iq[i + 1] = re * sin + im * cos;
    }
    addNeighbour(iq);
  };
}

/** Adds a neighbouring transmitter that never stops. Its envelope is made anew for each piece, its phase going on. */
function neighbour(channel: Channel, { modulation }: Mode, random: Prng): (iq: Iq) => void {
  const { hz, db } = channel.neighbour!;
  const gain = 10 ** (db / 20);
  const samplesPerSymbol = channel.sampleRate / modulation.symbolRate;
  let phase = 0; // where the piece before ended
  let turn = 0;
  return (iq) => {
    const n = iq.length / 2;
    const bits = Uint8Array.from({ length: Math.ceil(n / samplesPerSymbol) + 4 }, () => random.uint32() & 1);
    const wave = modulate(bits, modulation, { sampleRate: channel.sampleRate, startSample: -2 * samplesPerSymbol });
    const from = -wave.firstSample;
    const first = Math.atan2(wave.iq[2 * from + 1]!, wave.iq[2 * from]!);
    for (let k = 0; k < n; k++) {
      turn = (turn + (2 * Math.PI * hz) / channel.sampleRate) % (2 * Math.PI);
      const re = wave.iq[2 * (from + k)]!;
      const im = wave.iq[2 * (from + k) + 1]!;
      const amplitude = gain * Math.hypot(re, im);
      const angle = Math.atan2(im, re) - first + phase + turn;
      iq[2 * k] = iq[2 * k]! + amplitude * Math.cos(angle);
      iq[2 * k + 1] = iq[2 * k + 1]! + amplitude * Math.sin(angle);
    }
    const end = from + n;
    phase += Math.atan2(wave.iq[2 * end + 1]!, wave.iq[2 * end]!) - first;
  };
}
