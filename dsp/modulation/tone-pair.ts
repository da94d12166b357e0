import { firIq } from '../filter/fir-decimator.ts';
import { type CarrierFollower, carrierFollower } from './carrier-follower.ts';
import type { Stage } from './channel-filter.ts';
import { iqMixer } from './front.ts';
import { boxcar } from './fsk-audio-symbols.ts';

/**
 * Symbols over which a tone is added up as a phasor. A Gaussian pulse is at its tone for a part of the symbol only, and a filter of a
 * whole symbol catches what it does on its way there: 2 dB worse with BT 0.5. The quarters' sizes are added up behind, which costs a
 * transmitter without a Gaussian filter 0.2 dB.
 */
const toneSymbols = 0.25;

export interface TonePairOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** Of each tone from the carrier. */
  readonly deviationHz: number;
  /** The carrier is searched within ± this, Hz. */
  readonly searchHz: number;
}

/**
 * Two tones far apart, as two channels: Iq → size of what is at the upper tone less size of what is at the lower one. This is the
 * noncoherent detection of orthogonal signals; a discriminator lets in the noise between the tones as well, and needs 5 dB and more
 * on top.
 *
 * Source: Proakis, Digital Communications, section 5-4 (4th edition).
 */
export function tonePair(
  { sampleRate, symbolRate, deviationHz, searchHz }: TonePairOptions,
  next: Stage,
): CarrierFollower {
  const upper = toneSize(sampleRate, symbolRate, deviationHz);
  const lower = toneSize(sampleRate, symbolRate, -deviationHz);
  const lobes = { widthHz: 2 * symbolRate, tonesHz: deviationHz };
  const carrier = carrierFollower({ sampleRate, symbolRate, ...lobes, searchHz }, (iq, pairs) => {
    // Both have the same filter and the same input: what one gives, the other gives as well.
    const n = upper.process(iq, pairs);
    lower.process(iq, pairs);
    for (let i = 0; i < n; i++) upper.sizes[i]! -= lower.sizes[i]!;
    if (n > 0) next(upper.sizes, n);
  });
  return {
    ...carrier,
    reset() {
      carrier.reset();
      upper.reset();
      lower.reset();
    },
  };
}

/** Size of what is at `hz`. */
function toneSize(sampleRate: number, symbolRate: number, hz: number) {
  const filter = firIq(boxcar((toneSymbols * sampleRate) / symbolRate));
  let filtered = new Float32Array(1 << 12);
  let count = 0;
  const tone = {
    sizes: new Float32Array(1 << 11),
    /** @returns how many of `sizes` are written */
    process(iq: Float32Array, n: number): number {
      count = 0;
      mix.push(iq, n);
      return count;
    },
    reset() {
      mix.reset();
      filter.reset();
    },
  };
  const mix = iqMixer(sampleRate, hz, (iq, n) => {
    const room = 2 * (filter.maxOut(n) + filter.latency + 1);
    if (filtered.length < room) filtered = new Float32Array(room);
    count = filter.process(iq, n, filtered);
    if (tone.sizes.length < count) tone.sizes = new Float32Array(room / 2);
    for (let i = 0; i < count; i++) tone.sizes[i] = Math.hypot(filtered[2 * i]!, filtered[2 * i + 1]!);
  });
  return tone;
}
