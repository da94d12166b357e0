import type { Wanted } from '../receiver/channel-plan.ts';
import type { Elements } from '../tracking/elements.ts';
import type { Horizon } from '../tracking/horizon.ts';
import { choiceFor, type PassChoice, passKey } from '../tracking/pass-key.ts';
import { findPasses } from '../tracking/passes.ts';
import { failureReason, propagator } from '../tracking/propagator.ts';
import type { Place } from '../tracking/wgs84.ts';
import type { PlannablePass, PlannedTransmitter } from './schedule.ts';

/** A satellite that the station follows by itself. */
export interface TrackedSatellite {
  readonly name: string;
  readonly norad: number;
  /** Higher goes first. */
  readonly priority: number;
  /** Its own horizon; null: the station's. */
  readonly minElevationDeg: number | null;
  /** Passes that do not rise that high are left out. */
  readonly leastMaxElevationDeg: number;
  readonly record: boolean;
  /** What can be received of it. */
  readonly wanted: readonly Wanted[];
}

/** A coming pass of a tracked satellite. */
export interface StationPass extends PlannablePass {
  readonly norad: number;
  readonly tcaMs: number;
  readonly aosAzimuthDeg: number | null;
  readonly losAzimuthDeg: number | null;
  readonly elements: Elements;
  readonly record: boolean;
}

/** What a pass is known again by. */
export type KnownPass = Pick<StationPass, 'key' | 'norad' | 'aosMs' | 'losMs'>;

/** Why a tracked satellite has no passes. */
export interface NotPredicted {
  readonly satellite: string;
  readonly norad: number;
  readonly reason: string;
}

export interface PassListQuestion {
  readonly satellites: readonly TrackedSatellite[];
  readonly elements: ReadonlyMap<number, Elements>;
  readonly place: Place;
  readonly horizon: (minElevationDeg: number | null) => Horizon;
  readonly fromMs: number;
  readonly toMs: number;
  readonly choices: readonly PassChoice[];
  /** The list before: a pass that is found again keeps its key. */
  readonly before?: readonly KnownPass[];
}

/** Range rate of the fastest satellite over the speed of light: what a transmitter's Doppler shift takes at most. */
const dopplerPpm = 25;

/** The passes of all tracked satellites, in the order of time. Deterministic. */
export function listPasses(question: PassListQuestion): {
  readonly passes: readonly StationPass[];
  readonly notPredicted: readonly NotPredicted[];
} {
  const { fromMs, toMs, place, choices, before = [] } = question;
  const passes: StationPass[] = [];
  const notPredicted: NotPredicted[] = [];
  for (const satellite of question.satellites) {
    const { name, norad } = satellite;
    const elements = question.elements.get(norad);
    const problem = elements === undefined ? 'no elements' : failure(elements, fromMs);
    if (elements === undefined || problem !== null) {
      notPredicted.push({ satellite: name, norad, reason: problem ?? 'no elements' });
      continue;
    }
    const horizon = question.horizon(satellite.minElevationDeg);
    for (const pass of findPasses({ elements, place, horizon, fromMs, toMs })) {
      if (pass.highest.elevationDeg < satellite.leastMaxElevationDeg) continue;
      const aosMs = pass.rise?.timeMs ?? fromMs;
      const losMs = pass.set?.timeMs ?? toMs;
      const same = before.find((old) => old.norad === norad && old.aosMs < losMs && old.losMs > aosMs);
      const key = same?.key ?? passKey(norad, aosMs);
      passes.push({
        key,
        satellite: name,
        norad,
        priority: satellite.priority,
        record: satellite.record,
        aosMs,
        losMs,
        tcaMs: pass.highest.timeMs,
        maxElevationDeg: pass.highest.elevationDeg,
        aosAzimuthDeg: pass.rise?.azimuthDeg ?? null,
        losAzimuthDeg: pass.set?.azimuthDeg ?? null,
        elements,
        transmitters: satellite.wanted.map(plannedTransmitter),
        choice: choiceFor(choices, norad, aosMs),
      });
    }
  }
  passes.sort((a, b) => a.aosMs - b.aosMs || a.norad - b.norad);
  return { passes, notPredicted };
}

/** What planning needs to know of something to receive. */
export function plannedTransmitter({ transmitter, frequencyHz, mode }: Wanted): PlannedTransmitter {
  const halfWidthHz = 0.75 * mode.modulation.symbolRate + dopplerPpm * 1e-6 * frequencyHz;
  return { id: transmitter, frequencyHz, halfWidthHz };
}

function failure(elements: Elements, timeMs: number): string | null {
  const { failed } = propagator(elements)(timeMs);
  return failed === false ? null : failureReason(elements, failed);
}
