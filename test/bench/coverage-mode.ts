/** One mode from encoder to decoder: frames that its framing takes, its threshold, and how many come through noise above it. */
import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { type Prng, prng } from '../../dsp/core/prng.ts';
import type { ModulationParams } from '../../dsp/core/receiver.ts';
import type { FramingParams } from '../../dsp/framing/framing.ts';
import { codedSymbols, encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { type Mode, parseMode } from '../../dsp/mode.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { cases } from '../framing/cases/index.ts';
import { randomBytes } from '../framing/deframe.ts';
import { modulatedThresholdDb } from './coverage-losses.ts';

/** Frames of this length where the framing leaves it open: about what satellites send. */
const usualBytes = 100;
/** Of CCSDS frames, where nothing is said. */
const defaultFrameSize = 223;
/** The longest frame of framings whose blocks have a fixed size. */
const blockBytes = 256;
const usualTrials = 120;
/** Their codes are decoded in turns with the modulation. */
const iteratedFramings = /^(ao-40-fec.*|.*-ra|openlst)$/;
const burstsAPoint = 16;
const [lowestDb, highestDb] = [-6, 14];
const stepDb = 0.5;
const clockPpm = 15;
const gapS = 0.2;

/** What became of a mode. */
export interface Coverage {
  readonly mode: string;
  /** Es/N0 at which the framing loses half of its frames behind ideal antipodal detection. */
  readonly idealDb: number;
  /** And with the modulation's own loss: the threshold. */
  readonly thresholdDb: number;
  readonly sent: number;
  readonly received: number;
  readonly falseFrames: number;
}

/** A frame that `params` can carry. @throws Error when none is found, which is a hole in the cases of the tests */
export function frameFor(params: FramingParams, random: Prng): Uint8Array {
  const known = cases.find((one) => one.params.kind === params.kind);
  if (!known) throw new Error(`no case for ${params.kind}`);
  const make = known.frame ?? randomBytes;
  const [least, most] = known.sizes;
  // Blocks of a fixed size are filled: what pads them is no usual signal.
  const wished = most <= blockBytes ? most : Math.max(least, usualBytes);
  const { frameSize = wished } = params;
  for (const bytes of [frameSize, frameSize - 2, wished, most, defaultFrameSize]) {
    const frame = make(bytes, random, params);
    try {
      encodeFrames(params, [frame]);
      return frame;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new Error(`no frame fits ${JSON.stringify(params)}`);
}

/** Es/N0 in dB at which half of the frames come out of the framing's decoder, behind ideal antipodal detection. */
export function idealThresholdDb(params: FramingParams, symbolRate: number): number {
  for (let db = highestDb; db > lowestDb; db -= stepDb) {
    const random = prng(Math.round(1000 + 10 * db));
    let received = 0;
    for (let i = 0; i < burstsAPoint; i++) {
      const frame = frameFor(params, random);
      const bits = encodeFrames(params, [frame], { preambleBytes: 16 });
      const sigma = Math.sqrt(1 / (2 * 10 ** (db / 10)));
      const soft = Float32Array.from(bits, (bit) => 2 * bit - 1 + sigma * random.normal());
      let found = false;
      const sink = {
        frame: ({ bytes }: { bytes: Uint8Array }) => {
          found ||= Buffer.from(bytes).equals(frame);
        },
        reject() {},
      };
      const deframer = makeDeframer(params, { symbolRate, maxTrials: usualTrials, errorEvents: 'singles' });
      deframer.push(soft, soft.length, sink);
      deframer.flush(sink);
      if (found) received++;
    }
    if (received <= burstsAPoint / 2) return db + stepDb / 2;
  }
  return lowestDb;
}

/** Samples a second that a modulation's receiver can work with. */
export function sampleRateFor({ kind, symbolRate, deviationHz = symbolRate / 4 }: ModulationParams): number {
  const width = kind.startsWith('fsk') ? 2 * Math.abs(deviationHz) + symbolRate : 2 * symbolRate;
  return Math.max(48_000, 48_000 * Math.ceil((5 * Math.max(symbolRate, 0.7 * width)) / 48_000));
}

/** Bursts of one frame each through modulator, noise and receiver. */
export function receiveBursts(
  mode: Mode,
  esn0Db: number,
  bursts: number,
  seed: number,
): Omit<Coverage, 'mode' | 'idealDb' | 'thresholdDb'> {
  const { modulation, framing } = mode;
  const random = prng(seed);
  const sampleRate = sampleRateFor(modulation);
  const searchHz = Math.min(0.2 * modulation.symbolRate, 1500);
  const n0 = noiseDensity(esn0Db, modulation.symbolRate);
  const found = new Set<string>();
  const receiver = makeReceiver(
    mode,
    { kind: 'iq', sampleRate, searchHz: Math.max(searchHz, 200) },
    { frame: ({ bytes }) => void found.add(Buffer.from(bytes).toString('hex')), reject() {} },
  );
  const sent = new Set<string>();
  const push = (iq: Float32Array) => {
    addNoise(iq, n0, sampleRate, random);
    receiver.push(iq, iq.length / 2);
  };
  const least = Math.max(gapS, 200 / modulation.symbolRate);
  for (let i = 0; i < bursts; i++) {
    const frame = frameFor(framing, random);
    sent.add(Buffer.from(frame).toString('hex'));
    const bits = encodeFrames(framing, [frame], { preambleBytes: 32 });
    const gap = Math.round(least * (1 + random.uniform()) * sampleRate);
    const { iq, firstSample } = modulate(bits, modulation, {
      sampleRate,
      startSample: gap + random.uniform(),
      clockPpm,
      phase: 2 * Math.PI * random.uniform(),
    });
    const piece = new Float32Array(2 * firstSample + iq.length);
    piece.set(iq, 2 * firstSample);
    rotate(piece, (0.6 * searchHz * (random.uniform() - 0.5)) / sampleRate);
    push(piece);
  }
  push(new Float32Array(2 * Math.round(least * sampleRate)));
  receiver.flush();
  const received = [...found].filter((hex) => sent.has(hex)).length;
  return { sent: sent.size, received, falseFrames: found.size - received };
}

function rotate(iq: Float32Array, cyclesASample: number): void {
  for (let k = 0; k < iq.length / 2; k++) {
    const angle = 2 * Math.PI * ((cyclesASample * k) % 1);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [re, im] = [iq[2 * k]!, iq[2 * k + 1]!];
    iq[2 * k] = re * cos - im * sin;
    iq[2 * k + 1] = re * sin + im * cos;
  }
}

export interface CoverageJob {
  readonly mode: string;
  readonly aboveDb: number;
  readonly bursts: number;
  readonly seed: number;
}

export function cover({ mode: text, aboveDb, bursts, seed }: CoverageJob): Coverage {
  const mode = parseMode(text);
  const idealDb = idealThresholdDb(mode.framing, mode.modulation.symbolRate);
  const iterated = iteratedFramings.test(mode.framing.kind);
  const thresholdDb = modulatedThresholdDb(mode.modulation, idealDb, {
    joint: codedSymbols(mode.framing) > 0 && !iterated,
    iterated,
  });
  return { mode: text, idealDb, thresholdDb, ...receiveBursts(mode, thresholdDb + aboveDb, bursts, seed) };
}
