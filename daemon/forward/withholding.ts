import type { StoredFrame, WithheldCause } from '../api/wire.ts';

/** Which frames a collector does not get, by the operator's choice. */
export interface DeliveryRules {
  /** Names of the only satellites whose frames it gets; null: of all. */
  readonly satellites: ReadonlySet<string> | null;
  readonly except: ReadonlySet<string>;
  readonly weakFrames: boolean;
  readonly simulatedFrames: boolean;
  /** Above, the evidence is weak: as many false frames in an hour would be expected of noise alone. */
  readonly maxFalseAlarmsPerHour: number;
}

/** AX.25 at 9600 Bd stays far below (0.04); frames that nothing but a sync word stands for are far above. */
export const usualFalseAlarmsPerHour = 1;

/** Why a frame is not delivered. */
export interface Withheld {
  readonly cause: WithheldCause;
  /** In plain words. */
  readonly reason: string;
}

/** @returns null for a frame that is delivered */
export function whyWithheld(frame: StoredFrame, rules: DeliveryRules): Withheld | null {
  const { satellite } = frame;
  if (rules.satellites !== null && (satellite === null || !rules.satellites.has(satellite)))
    return { cause: 'satellite', reason: 'not one of the satellites that this collector gets' };
  if (satellite !== null && rules.except.has(satellite))
    return { cause: 'satellite', reason: 'frames of this satellite are kept from this collector' };
  if (frame.simulated && !rules.simulatedFrames) return { cause: 'simulated', reason: 'simulated' };
  if (frame.clock === 'unsynchronised')
    return { cause: 'clock', reason: 'received before the clock was set: its time is not known' };
  const weak = rules.weakFrames ? null : whyWeak(frame, rules.maxFalseAlarmsPerHour);
  return weak === null ? null : { cause: 'weak', reason: weak };
}

function whyWeak({ integrity }: StoredFrame, most: number): string | null {
  const { crc, fec, falseAlarmsPerHour } = integrity;
  if (crc === 'bad') return 'weak evidence: its check failed';
  if (crc === 'none' && fec === 'none') return 'weak evidence: nothing checks it';
  if (falseAlarmsPerHour !== null && falseAlarmsPerHour > most)
    return `weak evidence: noise alone would give ${falseAlarmsPerHour.toPrecision(2)} such frames an hour`;
  return null;
}
