import type { Block, Iq } from '../../dsp/core/types.ts';
import { dcSpikeRemover } from '../../dsp/filter/dc-spike.ts';
import { dopplerNco } from '../../dsp/filter/doppler-nco.ts';
import { type DopplerCurve, dopplerAt } from '../tracking/doppler-curve.ts';
import type { TimeOfSample } from './timeline.ts';

export interface DopplerMixerOptions {
  readonly curve: DopplerCurve;
  /** The transmitter's, which the shift is proportional to. */
  readonly frequencyHz: number;
  /** Rate of the samples that are shifted, and how many of the capture one of them stands for. */
  readonly sampleRate: number;
  readonly decimation: number;
  /** UTC of a sample of the capture. */
  readonly timeOf: TimeOfSample;
}

/**
 * Takes the predicted Doppler shift out of the samples of one transmitter. Before that the spike of a dongle that is tuned to
 * the transmitter goes: it stands still only as long as nothing is shifted, so the receiver behind could not take it out.
 */
export interface DopplerMixer extends Omit<Block<Iq, Iq>, 'reset'> {
  /** The next sample stands for `captureSample`; time is taken anew. */
  restart(captureSample: number): void;
  /** What is predicted at a sample of the capture, Hz; null when nothing tells its time. */
  predictedHz(captureSample: number): number | null;
}

/** About so long from point to point: a straight line in between is good to 0.01 Hz at 437 MHz (second derivative 6 Hz/s²). */
const pointS = 0.1;
const pointUnit = 128;
/**
 * A timeline that finds its clock wrong has a step. The oscillator takes it over slowly, in ms a second: at 200 Hz/s, the
 * fastest at 437 MHz, 2 Hz/s more. An error of 300 ms (a first buffer that came late) is then gone after half a minute.
 */
const slewMsPerS = 10;

export function dopplerMixer(options: DopplerMixerOptions): DopplerMixer {
  const { curve, frequencyHz, sampleRate, decimation, timeOf } = options;
  const pointEvery = pointUnit * Math.max(1, Math.round((pointS * sampleRate) / pointUnit));
  const pointMs = (1000 * pointEvery) / sampleRate;
  const slewMs = (slewMsPerS * pointMs) / 1000;
  let base = 0;
  let lastMs = Number.NaN;

  function shiftHzAt(sample: number): number {
    const trueMs = timeOf(base + sample * decimation);
    if (trueMs === null) throw new RangeError('the Doppler shift is known, but not the time');
    const stepMs = trueMs - (lastMs + pointMs);
    lastMs = Math.abs(stepMs) > slewMs ? lastMs + pointMs + Math.sign(stepMs) * slewMs : trueMs;
    return -dopplerAt(curve, frequencyHz, lastMs);
  }

  const spike = dcSpikeRemover(sampleRate);
  const nco = dopplerNco({ sampleRate, pointEvery, shiftHzAt });
  return {
    maxOut: nco.maxOut,
    process(x, n, y) {
      spike.process(x, n, y);
      return nco.process(y, n, y);
    },
    restart(captureSample) {
      base = captureSample;
      lastMs = Number.NaN;
      spike.reset();
      nco.reset();
    },
    predictedHz(captureSample) {
      const timeMs = timeOf(captureSample);
      return timeMs === null ? null : dopplerAt(curve, frequencyHz, timeMs);
    },
  };
}
