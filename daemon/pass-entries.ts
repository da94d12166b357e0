import type { PassEntry, PassFitReport, PassPart } from './api/wire.ts';
import { iso } from './core/iso.ts';
import { rounded } from './core/rounded.ts';
import { elementsAge, elementsAgeNote } from './elements/elements-age.ts';
import type { StationPass } from './station/pass-list.ts';
import type { PassRecord } from './store/pass-record.ts';
import type { PassFit } from './tracking/pass-fit.ts';
import { isSamePass } from './tracking/pass-key.ts';

/**
 * Finished parts of passes as the public sees them, each pass once, in the order of time. Parts of one pass may have several keys,
 * where elements were renewed between two runs of the station; it has that of its picture, else the first.
 */
export function finishedEntries(records: readonly PassRecord[], hasWaterfall: (key: string) => boolean): PassEntry[] {
  const passes: PassRecord[][] = [];
  const latest = new Map<number, PassRecord[]>();
  for (const record of records.toSorted((a, b) => a.aosMs - b.aosMs)) {
    const parts = latest.get(record.norad);
    if (parts !== undefined && isSamePass(parts[0]!, record)) parts.push(record);
    else {
      const begun = [record];
      latest.set(record.norad, begun);
      passes.push(begun);
    }
  }
  return passes
    .map((parts) => finishedEntry(parts, hasWaterfall))
    .sort((a, b) => (a.aos < b.aos ? -1 : a.aos > b.aos ? 1 : a.norad - b.norad));
}

function finishedEntry(parts: readonly PassRecord[], hasWaterfall: (key: string) => boolean): PassEntry {
  const pass = parts.find(({ key }) => hasWaterfall(key)) ?? parts[0]!;
  const heard = parts.some(({ frames }) => frames > 0);
  const fit = parts.find((part) => part.fit !== null)?.fit ?? null;
  return {
    ...factsOf(pass),
    choice: null,
    elements_age_days: rounded(pass.elements?.ageDays ?? 0, 2),
    elements_note: null,
    received_by: inOrder(
      parts
        .filter(({ sdr }) => sdr !== null)
        .map((part) =>
          partOf({ ...part, state: part.state === 'skipped' || part.state === 'failed' ? 'missed' : part.state }),
        ),
    ),
    best_snr_db: bestOf(parts),
    reason: heard ? null : (pass.reason ?? null),
    simulated: parts.some(({ simulated }) => simulated),
    fit: fit === null ? null : fitReport(fit),
    fit_reason: fit === null ? (parts.find(({ fitReason }) => fitReason !== null)?.fitReason ?? null) : null,
    waterfall: hasWaterfall(pass.key),
  };
}

/**
 * A pass to come or under way.
 * @param reason why it is not received
 * @param simulated one of its SDRs is
 */
export function passEntry(
  pass: StationPass,
  parts: readonly Parameters<typeof partOf>[0][],
  reason: string | null,
  simulated: boolean,
): PassEntry {
  const { elements } = pass;
  return {
    ...factsOf(pass),
    choice: pass.choice,
    elements_age_days: rounded(elementsAge(elements, pass.aosMs).ageDays, 2),
    elements_note: elementsAgeNote(elements, pass.aosMs),
    received_by: inOrder(parts.map(partOf)),
    best_snr_db: null,
    reason,
    simulated,
    fit: null,
    fit_reason: parts.some(({ frames }) => frames > 0) ? 'the pass is not over' : null,
    waterfall: false,
  };
}

/** A pass under way, with the parts of it that are over. */
export function withEarlierParts(entry: PassEntry, before: PassEntry): PassEntry {
  const { fit, waterfall } = before;
  return {
    ...entry,
    received_by: inOrder([...before.received_by, ...entry.received_by]),
    best_snr_db: before.best_snr_db,
    simulated: before.simulated || entry.simulated,
    fit,
    waterfall,
    fit_reason: fit === null ? (entry.fit_reason ?? before.fit_reason) : null,
  };
}

function bestOf(parts: readonly PassRecord[]): number | null {
  const known = parts.flatMap(({ bestSnrDb }) => (bestSnrDb === null ? [] : [bestSnrDb]));
  return known.length === 0 ? null : rounded(Math.max(...known), 1);
}

/** What a pass to come and one that is over tell alike. */
function factsOf(pass: Pick<PassRecord, 'key' | 'norad' | 'satellite' | 'priority' | keyof PassTimes>) {
  return {
    key: pass.key,
    norad: pass.norad,
    name: pass.satellite,
    aos: iso(pass.aosMs),
    tca: iso(pass.tcaMs),
    los: iso(pass.losMs),
    max_elevation_deg: rounded(pass.maxElevationDeg, 2),
    aos_azimuth_deg: pass.aosAzimuthDeg === null ? null : rounded(pass.aosAzimuthDeg, 2) % 360,
    los_azimuth_deg: pass.losAzimuthDeg === null ? null : rounded(pass.losAzimuthDeg, 2) % 360,
    priority: pass.priority,
  };
}

type PassTimes = Pick<PassRecord, 'aosMs' | 'tcaMs' | 'losMs' | 'maxElevationDeg' | 'aosAzimuthDeg' | 'losAzimuthDeg'>;

function partOf(
  part: Pick<PassRecord, 'sdr' | 'transmitters' | 'fromMs' | 'toMs' | 'whole' | 'pointed' | 'frames'> &
    Pick<PassPart, 'state'>,
): PassPart {
  return {
    sdr: part.sdr ?? '',
    transmitters: part.transmitters,
    from: iso(part.fromMs),
    to: iso(part.toMs),
    whole: part.whole,
    pointed: part.pointed.map(({ fromMs, toMs }) => ({ from: iso(fromMs), to: iso(toMs) })),
    state: part.state,
    frames: part.frames,
  };
}

/** By their beginning; the times are ISO 8601 in UTC, which sort as text. */
function inOrder(parts: readonly PassPart[]): PassPart[] {
  return [...parts].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

function fitReport(fit: PassFit): PassFitReport {
  return {
    time_bias_s: rounded(fit.timeBiasS, 3),
    sigma_time_s: rounded(fit.sigmaTimeS, 3),
    frequency_bias_hz: rounded(fit.frequencyBiasHz, 1),
    sigma_frequency_hz: rounded(fit.sigmaFrequencyHz, 1),
    frequency_bias_ppm: rounded(fit.frequencyBiasPpm, 3),
    rms_hz: rounded(fit.rmsHz, 1),
    used_frames: fit.used,
    rejected_frames: fit.rejected,
  };
}
