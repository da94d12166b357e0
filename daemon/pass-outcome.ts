import { elementsAge } from './elements/elements-age.ts';
import { curveOf } from './pass-curve.ts';
import type { PassOutcome } from './station/runner.ts';
import { type PassRecord, passId } from './store/pass-record.ts';
import { fewestFrames, fitPass, type NoPassFit } from './tracking/pass-fit.ts';
import type { Place } from './tracking/wgs84.ts';

/**
 * A finished part of a pass as it is kept: with the fit of its offsets.
 * @param simulated its SDR is
 */
export function passRecord(outcome: PassOutcome, place: Place, station: string, simulated: boolean): PassRecord {
  const { pass, sdr, fromMs, toMs, whole, pointed, tally, report } = outcome;
  const { elements } = pass;
  return {
    id: passId(pass.key, sdr, fromMs, station),
    key: pass.key,
    priority: pass.priority,
    fromMs,
    toMs,
    whole,
    pointed,
    norad: pass.norad,
    satellite: pass.satellite,
    aosMs: pass.aosMs,
    tcaMs: pass.tcaMs,
    losMs: pass.losMs,
    maxElevationDeg: pass.maxElevationDeg,
    aosAzimuthDeg: pass.aosAzimuthDeg,
    losAzimuthDeg: pass.losAzimuthDeg,
    sdr,
    transmitters: outcome.transmitters,
    state: outcome.state,
    frames: tally.frames,
    bestSnrDb: tally.bestSnrDb,
    meanSnrDb: tally.meanSnrDb,
    droppedSamples: report?.droppedSamples ?? 0,
    gaps: report?.gaps ?? 0,
    offsets: tally.offsets,
    ...fitOf(outcome, place),
    elements: {
      epochMs: elements.epochMs,
      source: elements.source,
      ageDays: elementsAge(elements, pass.aosMs).ageDays,
    },
    reason: outcome.reason,
    recording: report?.recording ?? null,
    simulated: simulated || tally.simulated,
  };
}

/** How late the satellite and how wrong the oscillators were; where the frames do not tell, why. */
function fitOf({ pass, tally }: PassOutcome, place: Place): Pick<PassRecord, 'fit' | 'fitReason'> {
  if (tally.frames === 0) return { fit: null, fitReason: null };
  if (tally.offsets.length === 0) return { fit: null, fitReason: 'its frames have no measured carrier offset' };
  const curve = curveOf(pass.elements, place, pass.aosMs - 60_000, pass.losMs + 60_000);
  if (curve === null) return { fit: null, fitReason: 'its elements do not reach over the whole pass' };
  const fit = fitPass(tally.offsets, curve);
  return fit.fitted ? { fit, fitReason: null } : { fit: null, fitReason: noFit[fit.reason] };
}

const noFit: Readonly<Record<NoPassFit['reason'], string>> = {
  'too few frames': `too few frames: at least ${fewestFrames} with a measured carrier offset are needed`,
  'short arc': 'the frames cover too little of the pass to tell a late satellite from a wrong frequency',
  'out of reach': 'the satellite came more than a minute early or late',
  'no agreement': 'less than half of the frames agree on a time and a frequency',
};
