import { openCalibrations } from './calibrations.ts';
import type { Clock, Timers } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { Source } from './drivers/sdr/source.ts';
import type { ElementSource } from './elements/element-source.ts';
import { openElementStore } from './elements/element-store.ts';
import type { FrameIntake } from './frame-intake.ts';
import type { LiveFeeds } from './live-feeds.ts';
import { placeOf, startTracking, type TrackingStation } from './main-tracking.ts';
import { logMissing } from './missing-log.ts';
import { openRig } from './open-rig.ts';
import { type OpenRotatorDeps, openRotator } from './open-rotator.ts';
import { operatorToken } from './operator-token.ts';
import { passRecord } from './pass-outcome.ts';
import { makePassRecorder } from './pass-recorder.ts';
import { makePassWaterfalls } from './pass-waterfalls.ts';
import { resolveWanted } from './receiver/wanted.ts';
import type { Satellite } from './satellites/satellite.ts';
import type { SdrSettings, Settings } from './settings/settings.ts';
import { PassRun } from './station/pass-run.ts';
import type { PassOutcome } from './station/runner.ts';
import type { PassRecord } from './store/pass-record.ts';
import { openPassStore } from './store/pass-store.ts';
import { openWaterfallStore } from './store/waterfall-store.ts';
import { maskedHorizon } from './tracking/horizon.ts';

/** For tests: rotators of their own, and what becomes of them. */
export type RotatorHooks = Pick<OpenRotatorDeps, 'make' | 'pointed' | 'planned'>;

export interface OpenTrackingDeps {
  readonly log: Log;
  readonly clock: Clock & Timers;
  readonly virtual: boolean;
  readonly find: (nameOrNorad: string) => Satellite;
  readonly source: (settings: SdrSettings) => Source;
  readonly rotatorHooks?: RotatorHooks | undefined;
  readonly intake: FrameIntake;
  readonly live: LiveFeeds;
}

/** Opens what tracking keeps on disk and on the network, and starts it. @throws StationError SETTINGS_INVALID */
export async function openTracking(
  settings: Settings,
  deps: OpenTrackingDeps,
): Promise<{ readonly tracking: TrackingStation; readonly close: () => Promise<void> }> {
  const closers: (() => void | Promise<void>)[] = [];
  const close = async () => {
    for (let next = closers.pop(); next !== undefined; next = closers.pop()) await next();
  };
  try {
    return { tracking: await open(settings, deps, closers), close };
  } catch (error) {
    // What was opened would keep the program alive.
    await close();
    throw error;
  }
}

async function open(
  settings: Settings,
  { log, clock, virtual, find, source, rotatorHooks, intake, live }: OpenTrackingDeps,
  closers: (() => void | Promise<void>)[],
): Promise<TrackingStation> {
  const elements = openElementStore(settings.dataFolder, elementSources(settings, virtual), {
    clock,
    timers: clock,
    fetch,
    log,
  });
  closers.push(() => elements.close());
  const passes = openPassStore(settings.dataFolder);
  closers.push(() => passes.close());
  const place = placeOf(settings);
  const station = settings.station.callsign ?? settings.station.name ?? '';
  const horizon = settings.station.horizon && maskedHorizon(settings.station.horizon);
  const rotators = settings.rotators.map((rotator) =>
    openRotator(rotator, place, { clock, log, horizon, ...rotatorHooks }),
  );
  const rigs = virtual ? [] : settings.rigs.map((rig) => openRig(rig, place, clock, log));
  for (const one of [...rotators, ...rigs]) closers.push(() => one.close());
  const { folder, ...limits } = settings.recordings;
  // Nothing is recorded without samples, and the station's own recordings are not to be tidied away.
  const records = !virtual && settings.track.some(({ record }) => record);
  const recorder = records ? makePassRecorder({ folder, limits, place, station }, clock, log) : null;
  await recorder?.tidy();
  const keep = (outcome: PassOutcome, put: (record: PassRecord) => void): void => {
    const simulated = virtual || settings.sdrs.find(({ id }) => id === outcome.sdr)?.driver === 'simulator';
    try {
      put(passRecord(outcome, place, station, simulated));
    } catch (error) {
      log.error({ err: error, pass: outcome.pass.key }, 'the outcome of a pass could not be kept');
    }
  };
  const pictures = openWaterfallStore(settings.dataFolder);
  const waterfalls = makePassWaterfalls(pictures, clock, log);
  let lastPicture = Promise.resolve();
  closers.push(() => lastPicture);
  const tracking = startTracking({
    settings,
    log,
    clock,
    virtual,
    find,
    elements,
    rotators,
    rigs,
    recorder,
    calibrations: openCalibrations(settings.dataFolder),
    passes,
    makeSource: source,
    pictures,
    waterfalls,
    live,
    intake,
    outcome(outcome) {
      lastPicture = Promise.all([lastPicture, waterfalls.over(outcome)]).then(() => {});
      keep(outcome, (record) => passes.upsert(record));
    },
    notReceived: (pass, reason) =>
      keep(
        {
          ...{ pass, reason, sdr: null, transmitters: [], fromMs: pass.aosMs, toMs: pass.losMs, whole: false },
          ...{ state: pass.choice === 'skipped' ? 'skipped' : 'missed', pointed: [], report: null },
          tally: new PassRun().tally(),
        },
        (record) => passes.upsert(record),
      ),
    // A day that is played is played again, not gone on with.
    ...(virtual
      ? {}
      : { underWay: (outcome: PassOutcome) => keep(outcome, (record) => passes.upsertUnderWay(record)) }),
    operatorToken: operatorToken(settings.dataFolder),
  });
  closers.push(() => tracking.stop());
  elements.start();
  const wishes = settings.track.map((one) => ({
    satellite: find(one.satellite).name,
    wanted: resolveWanted([one], find).wanted,
  }));
  closers.push(logMissing(wishes, settings.sdrs, { clock, log, elements, runner: tracking.runner }));
  return tracking;
}

/** Under a clock that is not real nothing is asked of servers: they have the elements of today. */
function elementSources({ elementSources: sources }: Settings, virtual: boolean): ElementSource[] {
  return sources.flatMap((source): ElementSource[] => {
    if (!/^https?:/.test(source)) return [{ file: source }];
    return virtual ? [] : [{ url: source }];
  });
}
