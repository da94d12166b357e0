import type { Receiver, ReceiverInput, ReceiverSink } from '../../dsp/core/receiver.ts';
import type { Mode } from '../../dsp/mode.ts';
import type { SampleInput } from '../inputs/input.ts';
import { searchRangeHz } from '../receiver/channel-plan.ts';
import type { DopplerCurve } from '../tracking/doppler-curve.ts';

/** What is to be looked for in an input: one transmitter, or a mode alone. */
export interface Wanted {
  readonly mode: Mode;
  readonly satellite: string | null;
  readonly transmitter: string | null;
  /** Where it sends; null with a mode alone. */
  readonly frequencyHz: number | null;
}

export interface Placement {
  /** Carrier's place in the IQ, relative to its middle. */
  readonly offsetHz?: number;
  /** Carrier of SSB audio. */
  readonly audioCarrierHz?: number;
}

/** A receiver of one or several modes that can share one (dsp/sharing.ts), with a sink a mode. */
export type ReceiverFactory = (
  modes: readonly Mode[],
  input: ReceiverInput,
  sinks: readonly ReceiverSink[],
) => Receiver;

/** Doppler shift of a low orbit and a little for oscillators, relative to the frequency. */
const passShift = 28e-6;

/**
 * How a transmitter's signal lies in an input: IQ, FM audio of FSK and AFSK, SSB audio of BPSK and DBPSK.
 * @param doppler what is taken out of the IQ before it is received
 */
export function receiverInput(
  wanted: Wanted,
  input: SampleInput,
  placement: Placement,
  doppler?: DopplerCurve,
): ReceiverInput {
  const { sampleRate } = input;
  const { kind } = wanted.mode.modulation;
  if (input.kind === 'iq') {
    const { offsetHz } = placement;
    if (doppler !== undefined && wanted.frequencyHz !== null) {
      // Who says where the carrier lies has measured it.
      const asked = searchRangeHz({ frequencyHz: wanted.frequencyHz, doppler, calibrated: offsetHz !== undefined });
      const searchHz = Math.min(asked, sampleRate / 4);
      return { kind: 'iq', sampleRate, offsetHz: offsetHz ?? seenOffsetHz(wanted, input) ?? 0, searchHz };
    }
    if (offsetHz !== undefined || wanted.frequencyHz === null)
      return { kind: 'iq', sampleRate, offsetHz: offsetHz ?? 0 };
    // A pass as it was recorded: nobody said that its Doppler shift was taken out.
    return {
      kind: 'iq',
      sampleRate,
      offsetHz: seenOffsetHz(wanted, input) ?? 0,
      searchHz: Math.min(passShift * wanted.frequencyHz, sampleRate / 4),
    };
  }
  if (kind.startsWith('fsk') || kind === 'afsk') return { kind: 'fm-audio', sampleRate };
  const { audioCarrierHz } = placement;
  return { kind: 'ssb-audio', sampleRate, ...(audioCarrierHz === undefined ? {} : { carrierHz: audioCarrierHz }) };
}

/** Where the transmitter lies in IQ that tells the frequency of its middle; null when it does not, or lies outside. */
export function seenOffsetHz(wanted: Wanted, input: SampleInput): number | null {
  if (input.kind !== 'iq' || input.centreHz === null || wanted.frequencyHz === null) return null;
  const offsetHz = wanted.frequencyHz - input.centreHz;
  return Math.abs(offsetHz) < input.sampleRate / 2 ? offsetHz : null;
}
