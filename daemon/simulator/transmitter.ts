import { prng } from '../../dsp/core/prng.ts';
import type { ModulationParams } from '../../dsp/core/receiver.ts';
import { encodeFrames } from '../../dsp/framing/index.ts';
import { defaultAfCarrierHz, defaultAfskDeviationHz } from '../../dsp/modulation/afsk-modulate.ts';
import { channelBitRate } from '../../dsp/modulation/channel-bit-rate.ts';
import { modulate, type Waveform } from '../../dsp/modulation/modulate.ts';
import { simulatedPayload } from './payload.ts';
import type { SimulatedSignal } from './scene.ts';

/** One burst of one frame, at a low sample rate, times as the satellite's. */
export interface Burst {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly startS: number;
  readonly endS: number;
  /** Envelope at `rate`; its sample 0 is at startS. */
  waveform(): Waveform;
}

export interface Transmitter {
  readonly signal: SimulatedSignal;
  /** Sample rate of the envelopes in Hz. */
  readonly rate: number;
  /** Half of the bandwidth that must fit into a capture, Hz. */
  readonly halfBandwidthHz: number;
  /** The burst after the last one asked for; null when there are no more. */
  next(): Burst | null;
}

/** What a receiver gets to synchronise on. */
const PREAMBLE_BYTES = 32;
/** Samples an envelope has per symbol (or per Hz of half bandwidth): cubic interpolation then keeps images below −60 dB. */
const OVERSAMPLING = 12;
/** Shortest silence between two frames: twice the reach of a pulse, and some time to switch. */
const LEAST_GAP_SYMBOLS = 40;
const LEAST_GAP_S = 0.02;
/** Frames come this share of the interval early or late, so that several transmitters do not run in step. */
const JITTER = 0.1;

/** @throws RangeError on a signal that can't be sent. */
export function makeTransmitter(signal: SimulatedSignal, seed: number): Transmitter {
  const { modulation, framing } = signal.mode;
  if (!(signal.frameIntervalS > 0)) throw new RangeError(`frame interval ${signal.frameIntervalS} s must be positive`);
  if (!Number.isFinite(signal.ebn0Db)) throw new RangeError(`Eb/N0 ${signal.ebn0Db} dB must be finite`);
  const random = prng(seed);
  const halfBandwidthHz = halfBandwidth(modulation);
  const rate = OVERSAMPLING * Math.max(modulation.symbolRate, halfBandwidthHz);
  const symbolS = (1 - (signal.frequencyErrorPpm ?? 0) * 1e-6) / channelBitRate(modulation);
  const phases = prng(seed ^ 0x5eed);
  let number = 0;
  let due = signal.firstFrameS ?? 0.5;
  let free = 0;
  return {
    signal,
    rate,
    halfBandwidthHz,
    next() {
      if (signal.frames !== undefined && number >= signal.frames) return null;
      number++;
      const bytes = simulatedPayload(framing, signal.satellite, number);
      const bits = encodeFrames(framing, [bytes], { preambleBytes: PREAMBLE_BYTES });
      const startS = Math.max(
        free,
        due + (number === 1 ? 0 : JITTER * signal.frameIntervalS * (random.uniform() - 0.5)),
      );
      const endS = startS + bits.length * symbolS;
      free = endS + LEAST_GAP_S + LEAST_GAP_SYMBOLS * symbolS;
      due = Math.max(due + signal.frameIntervalS, free);
      const options = {
        sampleRate: rate,
        clockPpm: -(signal.frequencyErrorPpm ?? 0),
        phase: 2 * Math.PI * phases.uniform(),
      };
      return { number, bytes, startS, endS, waveform: () => modulate(bits, modulation, options) };
    },
  };
}

/** By Carson's rule for FM, by the roll-off for PSK. */
function halfBandwidth(m: ModulationParams): number {
  switch (m.kind) {
    case 'fsk':
    case 'fsk-subaudio':
      return Math.abs(m.deviationHz ?? m.symbolRate / 4) + m.symbolRate / 2;
    case 'fsk4':
      return Math.abs(m.deviationHz ?? m.symbolRate / 2) + m.symbolRate / 2;
    case 'afsk':
      return (
        (m.fmDeviationHz ?? 3000) +
        (m.afCarrierHz ?? defaultAfCarrierHz) +
        Math.abs(m.deviationHz ?? defaultAfskDeviationHz)
      );
    case 'bpsk':
    case 'dbpsk':
      return 0.675 * m.symbolRate;
    case 'bpsk-manchester':
    case 'dbpsk-manchester':
      return 1.35 * m.symbolRate;
  }
}
