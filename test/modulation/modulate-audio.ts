/** Test transmit chains that end in audio: what an FM or SSB receiver makes of a signal. */
import type { Iq, Real } from '../../dsp/core/types.ts';

export interface FmReceiver {
  /** Cut-off of the channel filter, ± Hz. Default 7500 (an amateur NBFM receiver). */
  readonly channelHz?: number;
  /** Deviation at full scale in Hz; beyond it the audio clips. Default 8000. */
  readonly fullScaleHz?: number;
  /** Of the audio, behind the clipping. Default 1. */
  readonly gain?: number;
  /** Corner of a first-order high-pass (a sound card's coupling capacitor). Default none: DC-coupled. */
  readonly highPassHz?: number;
}

/** Channel filter, discriminator, low-pass, decimation by 2, clipping, high-pass: Iq (n) at `sampleRate` → Real (n/2) at sampleRate / 2. */
export function fmAudio(iq: Iq, sampleRate: number, receiver: FmReceiver = {}): Real {
  const { channelHz = 7500, fullScaleHz = 8000, gain = 1, highPassHz = 0 } = receiver;
  const n = iq.length / 2;
  const channel = lowPass(channelHz, sampleRate, 2000);
  const re = filter(
    Float32Array.from({ length: n }, (_, k) => iq[2 * k]!),
    channel,
    1,
  );
  const im = filter(
    Float32Array.from({ length: n }, (_, k) => iq[2 * k + 1]!),
    channel,
    1,
  );
  const hz = new Float32Array(n);
  for (let k = 1; k < n; k++)
    hz[k] =
      Math.atan2(im[k]! * re[k - 1]! - re[k]! * im[k - 1]!, re[k]! * re[k - 1]! + im[k]! * im[k - 1]!) *
      (sampleRate / (2 * Math.PI));
  const audio = filter(hz, lowPass(0.21 * sampleRate, sampleRate, 0.06 * sampleRate), 2);
  const keep = Math.exp((-2 * Math.PI * highPassHz) / (sampleRate / 2));
  let held = 0; // what the high-pass takes away
  return audio.map((v) => {
    const clipped = gain * Math.max(-1, Math.min(1, v / fullScaleHz));
    held = highPassHz > 0 ? keep * held + (1 - keep) * clipped : 0;
    return clipped - held;
  });
}

/**
 * The audio of an upper-sideband receiver: Re(iq·e^{j2π·carrierHz·t})·√2, so that complex noise of density N0 becomes real
 * noise of density N0/2, scaled to an RMS of 0.15. Add the noise to `iq` first: the band below 0 Hz must not fold into
 * the signal, so `iq` should be band limited to the audio (see `bandHz`).
 */
export function ssbAudio(iq: Iq, sampleRate: number, carrierHz: number, bandHz = carrierHz): Real {
  const n = iq.length / 2;
  const taps = lowPass(bandHz, sampleRate, bandHz * 0.2);
  const re = filter(
    Float32Array.from({ length: n }, (_, k) => iq[2 * k]!),
    taps,
    1,
  );
  const im = filter(
    Float32Array.from({ length: n }, (_, k) => iq[2 * k + 1]!),
    taps,
    1,
  );
  const audio = new Float32Array(n);
  let power = 0;
  for (let k = 0; k < n; k++) {
    const turn = 2 * Math.PI * (((carrierHz / sampleRate) * k) % 1);
    audio[k] = Math.SQRT2 * (re[k]! * Math.cos(turn) - im[k]! * Math.sin(turn));
    power += audio[k]! ** 2 / n;
  }
  const scale = 0.15 / Math.sqrt(power);
  return audio.map((v) => v * scale);
}

/** Hamming-windowed sinc of unit gain at 0 Hz, odd length. */
function lowPass(cutHz: number, sampleRate: number, transitionHz: number): Float64Array {
  const half = Math.floor((1.65 * sampleRate) / transitionHz);
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const x = ((2 * cutHz) / sampleRate) * (i - half);
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return sinc * (0.54 + 0.46 * Math.cos((Math.PI * (i - half)) / (half + 1)));
  });
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((t) => t / sum);
}

/** Delay-free filtering (the middle tap on the sample), every `step`-th output. */
function filter(x: Float32Array, taps: Float64Array, step: number): Float32Array {
  const half = (taps.length - 1) / 2;
  const y = new Float32Array(Math.floor(x.length / step));
  for (let k = 0; k < y.length; k++) {
    const from = k * step - half;
    const low = Math.max(0, -from);
    const high = Math.min(taps.length, x.length - from);
    let sum = 0;
    for (let i = low; i < high; i++) sum += taps[i]! * x[from + i]!;
    y[k] = sum;
  }
  return y;
}
