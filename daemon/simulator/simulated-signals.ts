import { type Mode, transmitterId } from '../../dsp/mode.ts';
import { StationError } from '../core/error.ts';
import type { Satellite } from '../satellites/satellite.ts';
import type { SimulatedSignal } from './scene.ts';

type Level = Pick<SimulatedSignal, 'ebn0Db' | 'frameIntervalS' | 'frames'>;

/** Satellite of a signal that is given by its mode alone. */
export const NAMELESS = 'SIMSAT';

/**
 * What a satellite sends: one of its transmitters, or all of them.
 * @throws StationError when there is none
 */
export function signalsOf(
  satellite: Satellite,
  transmitter: string | undefined,
  offsetHz: number,
  level: Level,
): SimulatedSignal[] {
  const found = satellite.transmitters.filter((t) => transmitter === undefined || t.id === transmitter);
  if (found.length === 0) {
    const which = transmitter === undefined ? 'none of the transmitters' : `no transmitter ${transmitter}`;
    const note = satellite.note ? ` (${satellite.note.split('\n', 1)[0]})` : '';
    throw new StationError('SETTINGS_INVALID', `the simulator can send ${which} of ${satellite.name}${note}`);
  }
  return found.map((t) => ({
    satellite: satellite.name,
    transmitter: t.id,
    mode: t.mode,
    frequencyHz: t.frequencyHz + offsetHz,
    ...level,
  }));
}

/** A transmitter that belongs to no satellite. */
export function signalOfMode(mode: Mode, frequencyHz: number, level: Level): SimulatedSignal {
  return { satellite: NAMELESS, transmitter: transmitterId(mode), mode, frequencyHz, ...level };
}

/** Longest wait for the first round of frames, s. */
const SOON_S = 10;

/** Lets the signals send in turn, the first one soon. */
export function inTurn(signals: readonly SimulatedSignal[]): SimulatedSignal[] {
  return signals.map((signal, k) => ({
    ...signal,
    firstFrameS: 0.5 + (k * Math.min(signal.frameIntervalS, SOON_S)) / signals.length,
  }));
}
