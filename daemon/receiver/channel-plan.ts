import type { ModulationParams } from '../../dsp/core/receiver.ts';
import type { DownConverterDesign } from '../../dsp/kernels/down-converter-design.ts';
import { designDownConverter } from '../../dsp/kernels/down-converter-design.ts';
import type { Mode } from '../../dsp/mode.ts';
import {
  DEFAULT_FM_DEVIATION_HZ,
  defaultAfCarrierHz,
  defaultAfskDeviationHz,
} from '../../dsp/modulation/afsk-modulate.ts';
import { speechHz } from '../../dsp/modulation/fsk-subaudio.ts';
import { sharingKey } from '../../dsp/sharing.ts';
import { type DopplerCurve, dopplerExtent } from '../tracking/doppler-curve.ts';

/** One transmitter that is to be received. */
export interface Wanted {
  readonly satellite: string;
  readonly transmitter: string;
  readonly mode: Mode;
  /** Where it is expected, the satellite's own frequency error counted in. */
  readonly frequencyHz: number;
  /** False refuses frames that list decoding repaired. */
  readonly repair?: boolean;
  /** Range rate of this pass: its Doppler shift is taken out. Without it the carrier is searched as far as any shift goes. */
  readonly doppler?: DopplerCurve;
  /** The oscillators' errors were measured, and `frequencyHz` has them in. */
  readonly calibrated?: boolean;
}

/** How one transmitter is cut out of a capture. Plain data: it goes to the worker. */
export interface ChannelPlan extends Wanted {
  /** Expected carrier relative to the capture's centre. */
  readonly captureOffsetHz: number;
  readonly searchHz: number;
  /** Rate of the samples that its receiver gets, and how much of them is flat. */
  readonly outputRateAtLeast: number;
  readonly passbandHz: number;
}

/** Range rate of a satellite in the lowest orbit, at the horizon, over the speed of light. */
const dopplerPpm = 25;
/** Oscillators of satellite and receiver together, after the receiver's own correction: what the weather does to them. */
const oscillatorPpm = 5;
/** The same when nobody measured them: 30 of a dongle without a compensated crystal, 1 of the satellite. */
const uncalibratedPpm = 31;
/** Elements some days old lead or lag by that much along the track, s: over 100 km. */
const staleS = 15;
const samplesPerSymbol = 4.6;
/** Roll-off of root-raised-cosine BPSK and a margin. */
const pskHalfWidth = 0.7;

/** Half of the band that a transmission takes (Carson's rule for FM). */
export function halfWidthHz({ kind, symbolRate, ...given }: ModulationParams): number {
  switch (kind) {
    case 'fsk-subaudio':
      return (given.fmDeviationHz ?? DEFAULT_FM_DEVIATION_HZ) + speechHz;
    case 'fsk':
      return Math.abs(given.deviationHz ?? symbolRate / 4) + symbolRate / 2;
    case 'fsk4':
      return Math.abs(given.deviationHz ?? symbolRate / 2) + symbolRate / 2;
    case 'afsk':
      return (
        (given.fmDeviationHz ?? DEFAULT_FM_DEVIATION_HZ) +
        (given.afCarrierHz ?? defaultAfCarrierHz) +
        Math.abs(given.deviationHz ?? defaultAfskDeviationHz)
      );
    case 'bpsk':
    case 'dbpsk':
      return pskHalfWidth * symbolRate;
    case 'bpsk-manchester':
    case 'dbpsk-manchester':
      return 2 * pskHalfWidth * symbolRate;
  }
}

/**
 * How far a satellite's carrier has to be searched. While nobody predicts its Doppler shift: as far as that goes, and a little
 * for oscillators. With a prediction: what oscillators do, and how much a late or early satellite's shift differs from it.
 */
export function searchRangeHz({
  frequencyHz,
  doppler,
  calibrated = false,
}: Pick<Wanted, 'frequencyHz' | 'doppler' | 'calibrated'>): number {
  if (doppler === undefined) return frequencyHz * (dopplerPpm + oscillatorPpm) * 1e-6;
  const oscillatorsHz = frequencyHz * (calibrated ? oscillatorPpm : uncalibratedPpm) * 1e-6;
  return oscillatorsHz + staleS * dopplerExtent(doppler, frequencyHz).mostHzPerS;
}

/** What of `wanted` lies in a capture, and how it is cut out of it; `outside` is the rest. */
export function planChannels(
  wanted: readonly Wanted[],
  capture: { readonly centreHz: number; readonly sampleRate: number },
): { readonly channels: readonly ChannelPlan[]; readonly outside: readonly Wanted[] } {
  const channels: ChannelPlan[] = [];
  const outside: Wanted[] = [];
  for (const one of wanted) {
    const captureOffsetHz = one.frequencyHz - capture.centreHz;
    const { modulation } = one.mode;
    const half = halfWidthHz(modulation);
    const chipRate = modulation.kind.endsWith('manchester') ? 2 * modulation.symbolRate : modulation.symbolRate;
    if (Math.abs(captureOffsetHz) + half > capture.sampleRate / 2 || capture.sampleRate < 2 * modulation.symbolRate) {
      outside.push(one);
      continue;
    }
    const asked = searchRangeHz(one);
    // Down-conversion comes before the Doppler shift is taken out: it must leave room for it, the receiver behind needn't.
    const shiftHz = one.doppler === undefined ? 0 : dopplerExtent(one.doppler, one.frequencyHz).mostHz;
    const wish = Math.max(samplesPerSymbol * chipRate, 4.5 * asked, 2.6 * (shiftHz + asked + half));
    const outputRateAtLeast = Math.min(wish, capture.sampleRate);
    const passbandHz = Math.min(shiftHz + asked + 1.3 * half, 0.46 * outputRateAtLeast);
    const searchHz = Math.max(0, Math.min(asked, 0.46 * outputRateAtLeast - half));
    channels.push({ ...one, captureOffsetHz, searchHz, outputRateAtLeast, passbandHz });
  }
  return { channels, outside };
}

/**
 * Indices of plans that share a channel: transmitters of one satellite on one carrier with one Doppler curve, which are cut out
 * of the capture together.
 */
export function sharedChannels(plans: readonly ChannelPlan[]): readonly (readonly number[])[] {
  return grouped(plans, ({ satellite, captureOffsetHz, doppler }) => [satellite, captureOffsetHz, doppler]);
}

/** Indices of plans of one channel that share a receiver. */
export function sharedReceivers(plans: readonly ChannelPlan[]): readonly (readonly number[])[] {
  return grouped(plans, ({ mode, searchHz, repair }) => [sharingKey(mode, 'iq'), searchHz, repair]);
}

function grouped(plans: readonly ChannelPlan[], keyOf: (plan: ChannelPlan) => unknown): number[][] {
  return [...Map.groupBy(plans.keys(), (i) => JSON.stringify(keyOf(plans[i]!))).values()];
}

/** How a channel is cut out: as the most demanding of its transmitters needs it. */
export function channelDesign(plans: readonly ChannelPlan[], sampleRate: number): DownConverterDesign {
  const rate = Math.max(...plans.map(({ outputRateAtLeast }) => outputRateAtLeast));
  const passbandHz = Math.max(...plans.map((plan) => plan.passbandHz));
  return designDownConverter(sampleRate, rate, passbandHz);
}
