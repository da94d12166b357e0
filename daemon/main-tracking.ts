import { groundReport } from './api/ground-report.ts';
import { trackReport } from './api/track-report.ts';
import type { Refused, TrackingSource } from './api/tracking-routes.ts';
import type { PassEntry, PassList, PlanReport, RotatorReport, TrackingState, TrackReport } from './api/wire.ts';
import type { Calibrations } from './calibrations.ts';
import type { Clock, Timers } from './core/clock.ts';
import { iso } from './core/iso.ts';
import type { Log } from './core/log.ts';
import { rounded } from './core/rounded.ts';
import type { Source } from './drivers/sdr/source.ts';
import type { ElementStore } from './elements/element-store.ts';
import type { FrameIntake } from './frame-intake.ts';
import type { LiveFeeds } from './live-feeds.ts';
import type { StationRig } from './open-rig.ts';
import { finishedEntries, passEntry, withEarlierParts } from './pass-entries.ts';
import { passOffsets } from './pass-offsets.ts';
import type { PassRecorder } from './pass-recorder.ts';
import { passTrack } from './pass-track.ts';
import type { PassWaterfalls } from './pass-waterfalls.ts';
import { plannedSdr, type ReceivingStatus } from './planned-sdr.ts';
import { resolveWanted } from './receiver/wanted.ts';
import type { Satellite } from './satellites/satellite.ts';
import type { SdrSettings, Settings } from './settings/settings.ts';
import type { StationPass, TrackedSatellite } from './station/pass-list.ts';
import { makeRunner, type PassOutcome, type PointingJob, type Runner, type RunnerRotator } from './station/runner.ts';
import { capturesOf } from './station/schedule.ts';
import type { PassRecord } from './store/pass-record.ts';
import type { PassStore } from './store/pass-store.ts';
import type { WaterfallStore } from './store/waterfall-store.ts';
import { flatHorizon, type Horizon, maskedHorizon } from './tracking/horizon.ts';
import { observer } from './tracking/observer.ts';
import { isSamePass, readPassKey, SAME_PASS_MS } from './tracking/pass-key.ts';
import { propagator } from './tracking/propagator.ts';
import type { Direction } from './tracking/rotator-mount.ts';
import type { Place } from './tracking/wgs84.ts';
import { trackingElements } from './tracking-elements.ts';

/** A rotator as the rest of the station sees it. */
export interface StationRotator extends RunnerRotator {
  report(): RotatorReport;
  /** Where the antenna points, true angles; null while that is not known. */
  pointing(): Direction | null;
}

export interface TrackingDeps {
  readonly settings: Settings;
  readonly log: Log;
  readonly clock: Clock & Timers;
  /** The clock is not the real one: everything is simulated. */
  readonly virtual: boolean;
  readonly find: (nameOrNorad: string) => Satellite;
  readonly elements: ElementStore;
  readonly rotators: readonly StationRotator[];
  readonly passes: PassStore;
  readonly makeSource: (settings: SdrSettings) => Source;
  readonly calibrations: Calibrations;
  readonly recorder: PassRecorder | null;
  readonly pictures: WaterfallStore;
  readonly waterfalls: PassWaterfalls;
  readonly live: LiveFeeds;
  readonly rigs: readonly StationRig[];
  readonly intake: FrameIntake;
  readonly outcome: (outcome: PassOutcome) => void;
  readonly underWay?: (outcome: PassOutcome) => void;
  readonly notReceived: (pass: StationPass, reason: string) => void;
  readonly operatorToken: string;
}

export interface TrackingStation {
  readonly source: TrackingSource;
  readonly runner: Runner;
  /** What an SDR tells of itself while it receives; null while it waits for its next pass. */
  receiving(sdr: string): ReceivingStatus | null;
  /**
   * Follows other satellites from now on, or the same with other transmitters; what is being received goes on.
   * @returns false where that takes a new start: recordings are wanted, and none were before
   */
  retrack(track: Settings['track']): boolean;
  stop(): Promise<void>;
}

/** Parts of one pass that are looked at. */
const mostParts = 100;
/** Satellites above this count as in view. */
const inViewDeg = 0;

/** The half of the station that follows satellites: settings → satellites, SDRs, rotators → runner → API. */
export function startTracking(deps: TrackingDeps): TrackingStation {
  const { settings, clock, elements, log } = deps;
  const place = placeOf(settings);
  const horizon = horizonOf(settings);
  let published = trackedSatellites(settings.track, deps.find, log);
  let satellites = calibrated(published, deps.calibrations);
  const receiving = new Map<string, () => ReceivingStatus>();
  const sdrs = settings.sdrs
    .filter(({ receive }) => receive === null)
    .map((sdr) => plannedSdr(sdr, { ...deps, place, receiving }));
  const runner = makeRunner({
    clock,
    log,
    place,
    horizon,
    satellites: () => satellites,
    elements: () => elements.current(),
    choices: () => deps.passes.choices(),
    // One that stays up has no rise to be known by: its windows reach over each other.
    begunBefore: () =>
      deps.passes
        .list({ endedSinceMs: clock.now(), limit: mostParts })
        .filter(({ aosAzimuthDeg }) => aosAzimuthDeg !== null),
    sdrs,
    rotators: deps.rotators,
    outcome: deps.outcome,
    notReceived: deps.notReceived,
    ...(deps.underWay && { underWay: deps.underWay }),
  });
  const unlisten = elements.onChange((changed) => {
    if (published.some(({ norad }) => changed.has(norad))) runner.replan();
  });
  runner.start();
  return {
    runner,
    source: trackingSource(
      runner,
      () => satellites,
      place,
      horizon,
      deps,
      () => {
        satellites = calibrated(published, deps.calibrations);
        runner.replan();
      },
    ),
    receiving: (sdr) => receiving.get(sdr)?.() ?? null,
    retrack(track) {
      if (deps.recorder === null && track.some(({ record }) => record)) return false;
      published = trackedSatellites(track, deps.find, log);
      satellites = calibrated(published, deps.calibrations);
      runner.replan();
      return true;
    },
    async stop() {
      unlisten();
      await runner.stop();
    },
  };
}

/** Expected where they were heard, for satellites with a calibration. */
function calibrated(satellites: readonly TrackedSatellite[], calibrations: Calibrations): TrackedSatellite[] {
  return satellites.map((satellite) => {
    const calibration = calibrations.of(satellite.norad);
    if (calibration === null) return satellite;
    const factor = 1 + calibration.offsetPpm * 1e-6;
    const wanted = satellite.wanted.map((one) => ({
      ...one,
      frequencyHz: Math.round(one.frequencyHz * factor),
      calibrated: true,
    }));
    return { ...satellite, wanted };
  });
}

/** @throws RangeError without a place: the settings are checked for that */
export function placeOf({ station }: Settings): Place {
  const { latitude, longitude, altitudeM = 0 } = station;
  if (latitude === undefined || longitude === undefined) throw new RangeError('the station has no place');
  return { latitudeDeg: latitude, longitudeDeg: longitude, altitudeM };
}

function horizonOf({ station }: Settings): (minElevationDeg: number | null) => Horizon {
  const mask = station.horizon;
  return (min) => (mask === undefined ? flatHorizon(min ?? 0) : maskedHorizon(mask, min ?? undefined));
}

function trackedSatellites(tracks: Settings['track'], find: (name: string) => Satellite, log: Log): TrackedSatellite[] {
  const byNorad = new Map<number, TrackedSatellite>();
  for (const track of tracks) {
    const satellite = find(track.satellite);
    const norad = satellite.norad ?? satellite.temporaryId;
    const { wanted, notReceived } = resolveWanted([track], find);
    for (const missing of notReceived) log.warn(missing, 'not received');
    if (norad === undefined || norad === null) {
      log.warn({ satellite: satellite.name }, 'has no catalogue number: it cannot be tracked');
      continue;
    }
    const before = byNorad.get(norad);
    byNorad.set(norad, {
      name: satellite.name,
      norad,
      priority: Math.max(track.priority, before?.priority ?? Number.NEGATIVE_INFINITY),
      minElevationDeg: track.minElevationDeg ?? null,
      leastMaxElevationDeg: track.leastMaxElevationDeg,
      record: track.record || before?.record === true,
      wanted: [...(before?.wanted ?? []), ...wanted],
    });
  }
  return [...byNorad.values()];
}

function trackingSource(
  runner: Runner,
  satellites: () => readonly TrackedSatellite[],
  place: Place,
  horizon: (minElevationDeg: number | null) => Horizon,
  deps: TrackingDeps,
  recalibrate: () => void,
): TrackingSource {
  const { clock, elements } = deps;
  const isRunning = (key: string) =>
    runner.progress().some(({ pass, state }) => pass === key && (state === 'receiving' || state === 'flushing'));
  const whyNoCalibration = (
    key: string,
    records: readonly PassRecord[],
    usable: readonly PassRecord[],
  ): Refused | null => {
    if (isRunning(key))
      return { code: 'PASS_RUNNING', reason: 'the pass is being received: its fit is made when it is over' };
    if (usable.length > 0) {
      const why = usable.find(({ fitReason }) => fitReason !== null)?.fitReason ?? 'it has no frames';
      return { code: 'NO_FIT', reason: `the pass did not tell a frequency error: ${why}` };
    }
    if (records.length > 0)
      return {
        code: 'PASS_SIMULATED',
        reason: 'the pass was simulated: it says nothing of the satellite or this receiver',
      };
    const coming = runner.passes().some((pass) => pass.key === key);
    return coming ? { code: 'NO_FIT', reason: 'the pass is not received yet: its fit is made when it is over' } : null;
  };
  const subject = (norad: number) => {
    const own = elements.of(norad);
    const known = satellites().find((one) => one.norad === norad);
    return own === null
      ? null
      : { name: known?.name ?? own.name, elements: own, frequencyHz: known?.wanted[0]?.frequencyHz ?? null };
  };
  const simulators = new Set(deps.settings.sdrs.filter(({ driver }) => driver === 'simulator').map(({ id }) => id));
  const entriesOf = (passes: readonly StationPass[], parts: ReturnType<Runner['progress']>): PassEntry[] => {
    const received = Map.groupBy(parts, ({ pass }) => pass);
    const left = new Map(runner.plan().left.map(({ pass, reason }) => [pass, reason]));
    return passes.map((pass) => {
      const own = received.get(pass.key) ?? [];
      return passEntry(
        pass,
        own,
        left.get(pass.key) ?? null,
        own.some(({ sdr }) => simulators.has(sdr)),
      );
    });
  };
  return {
    operatorToken: deps.operatorToken,
    passes({ sinceMs, satellite, limit }): PassList {
      const fromMs = sinceMs ?? clock.now();
      const name = satellite === null ? null : nameOf(satellite, deps.find);
      // A pass that goes on may have been received in part already, before the station was started anew.
      const finished = new Map(
        finishedEntries(deps.passes.list({ endedSinceMs: fromMs, limit }), deps.pictures.has).map((entry) => [
          entry.key,
          entry,
        ]),
      );
      const nowMs = clock.now();
      // Until the next plan the old one still has passes that are over.
      const open = entriesOf(runner.passes(), runner.progress()).filter(
        ({ key, los }) => Date.parse(los) > nowMs || !finished.has(key),
      );
      const coming = open.map((entry) => {
        const before = finished.get(entry.key);
        finished.delete(entry.key);
        return before === undefined ? entry : withEarlierParts(entry, before);
      });
      const over = sinceMs === null ? [] : [...finished.values()];
      const passes = [...over, ...coming]
        .filter((pass) => Date.parse(pass.los) >= fromMs && (name === null || pass.name === name))
        .slice(0, limit);
      const not_predicted = runner.notPredicted();
      return { passes, not_predicted, reason: passes.length > 0 ? null : whyEmpty(not_predicted) };
    },
    plan(): PlanReport {
      const plan = runner.plan();
      const rotatorOf = new Map(deps.settings.sdrs.map(({ id, rotator }) => [id, rotator]));
      return {
        captures: capturesOf(plan).map(({ sdr, fromMs, toMs, members }) => ({
          sdr,
          from: iso(fromMs),
          to: iso(toMs),
          passes: members.map(({ pass }) => pass),
        })),
        pointing: plan.assignments.flatMap(({ sdr, pass, pointed }) => {
          const rotator = rotatorOf.get(sdr);
          if (rotator === undefined) return [];
          return pointed.map(({ fromMs, toMs }) => ({ rotator, pass, from: iso(fromMs), to: iso(toMs) }));
        }),
        left: plan.left,
      };
    },
    track(norad, atMs) {
      const one = subject(norad);
      return one === null ? null : trackReport(one, place, atMs ?? clock.now());
    },
    waterfall: (key) => deps.pictures.read(key),
    passTrack(key) {
      const pass = runner.passes().find((one) => one.key === key) ?? recordsOf(deps.passes, key)[0];
      if (pass === undefined) return null;
      const { norad, aosMs, losMs } = pass;
      const one = subject(norad);
      if (one === null) return { reason: `there are no elements of satellite ${norad}` };
      const min = satellites().find((known) => known.norad === norad)?.minElevationDeg ?? null;
      return passTrack({ key, subject: one, place, horizon: horizon(min), aosMs, losMs });
    },
    ground(norad, query) {
      const one = subject(norad);
      return one === null ? null : groundReport(one, query, clock.now());
    },
    offsets(key) {
      const records = recordsOf(deps.passes, key);
      const [first] = records;
      return first === undefined ? null : passOffsets(records, elements.of(first.norad), place);
    },
    rotators: () => deps.rotators.map((rotator) => rotator.report()),
    rigs: () => deps.rigs.map((rig) => rig.report()),
    state(): TrackingState {
      const nowMs = clock.now();
      const parts = runner.progress();
      const receiving = new Set(parts.filter(({ state }) => state === 'receiving').map(({ pass }) => pass));
      const planned = new Set(parts.map(({ pass }) => pass));
      const next = runner.passes().find(({ aosMs, key }) => aosMs > nowMs && planned.has(key));
      const views = satellites().flatMap(({ norad }) => {
        const one = subject(norad);
        const report = one === null ? null : trackReport(one, place, nowMs);
        return report === null || 'reason' in report ? [] : [report];
      });
      return {
        time: iso(nowMs),
        in_view: views.filter((view: TrackReport) => view.elevation_deg > inViewDeg),
        receiving: entriesOf(
          runner.passes().filter(({ key }) => receiving.has(key)),
          parts,
        ),
        next_pass: next === undefined ? null : entriesOf([next], parts)[0]!,
        rotators: deps.rotators.map((rotator) => rotator.report()),
      };
    },
    choose(key, choice) {
      const pass = runner.passes().find((one) => one.key === key);
      // Until the next plan the old one still has passes that are over.
      if (pass === undefined ? recordsOf(deps.passes, key).length > 0 : pass.losMs <= clock.now())
        return { code: 'PASS_OVER', reason: 'the pass is over: a pass is pinned or skipped before it begins' };
      if (pass === undefined) return null;
      if (choice === 'skipped' && isRunning(key))
        return {
          code: 'PASS_RUNNING',
          reason: 'the pass is being received, and what runs is not broken off: skip a pass before it begins',
        };
      deps.passes.setChoice(key, choice);
      runner.replan();
      return { choice };
    },
    calibrate: async (key) => {
      const records = recordsOf(deps.passes, key);
      // Under a clock that is not real everything is simulated, and kept apart.
      const usable = records.filter(({ simulated }) => deps.virtual || !simulated);
      const bias = usable.find(({ fit }) => fit !== null)?.fit?.frequencyBiasPpm;
      const [first] = records;
      if (first === undefined || bias === undefined) return whyNoCalibration(key, records, usable);
      const { norad } = first;
      // What was measured remained behind the calibration of that time.
      const offsetPpm = (deps.calibrations.of(norad)?.offsetPpm ?? 0) + bias;
      const takenAt = iso(clock.now());
      await deps.calibrations.set(norad, { norad, offsetPpm, pass: key, takenAt });
      recalibrate();
      return { norad, offset_ppm: rounded(offsetPpm, 2), pass: key };
    },
    ...trackingElements(elements, satellites, clock),
  };
}

/** The finished parts of a pass; none for a key that is none. */
function recordsOf(passes: PassStore, key: string): readonly PassRecord[] {
  try {
    const { norad, aosMs } = readPassKey(key);
    const query = { norad, sinceMs: aosMs - SAME_PASS_MS, untilMs: aosMs + SAME_PASS_MS, limit: mostParts };
    const records = passes.list(query);
    const named = records.find((record) => record.key === key);
    return named === undefined ? [] : records.filter((record) => isSamePass(record, named));
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function whyEmpty(notPredicted: readonly { readonly satellite: string; readonly reason: string }[]): string {
  const [first] = notPredicted;
  return first === undefined ? 'no pass in this time' : `${first.satellite}: ${first.reason}`;
}

function nameOf(text: string, find: (name: string) => Satellite): string {
  try {
    return find(text).name;
  } catch {
    return text;
  }
}

/** The way of a satellite over the sky during a pointing job, true angles. */
export function directionOf({ pass }: PointingJob, place: Place) {
  const where = propagator(pass.elements);
  const look = observer(place);
  let last = { azimuthDeg: pass.aosAzimuthDeg ?? 0, elevationDeg: 0 };
  return (timeMs: number) => {
    const state = where(timeMs);
    if (!state.failed) {
      const { azimuthDeg, elevationDeg } = look(state);
      last = { azimuthDeg, elevationDeg };
    }
    return last;
  };
}
