import { join } from 'node:path';
import { ApiError } from './api/error.ts';
import { type Api, makeApi } from './api/server.ts';
import type { SdrStatus, StatusReport } from './api/wire.ts';
import { inUseBy } from './control/in-use.ts';
import type { Restarter } from './control/restarter.ts';
import { type Clock, systemClock, systemTimers, type Timers } from './core/clock.ts';
import { askSystem, bootName, type ClockState, type ClockWatch, watchClock } from './core/clock-watch.ts';
import type { Log } from './core/log.ts';
import type { LogRing } from './core/log-ring.ts';
import { findProject } from './core/project.ts';
import { makeSource, systemDeps } from './drivers/sdr/index.ts';
import type { Source } from './drivers/sdr/source.ts';
import { type FrameIntake, makeFrameIntake } from './frame-intake.ts';
import { type LiveFeeds, makeLiveFeeds } from './live-feeds.ts';
import type { TrackingStation } from './main-tracking.ts';
import { openControl } from './open-control.ts';
import { type Forwarding, openForwarding } from './open-forward.ts';
import { openTracking, type RotatorHooks } from './open-tracking.ts';
import { usualSampleRate, waitsForPass } from './planned-sdr.ts';
import { checkPlayable } from './played-day.ts';
import { chooseCentre } from './receiver/centre.ts';
import type { Wanted } from './receiver/channel-plan.ts';
import { type SdrReceiver, startSdrReceiver } from './receiver/sdr-receiver.ts';
import { type NotReceived, outsideCapture, resolveWanted } from './receiver/wanted.ts';
import { satelliteEntries, trackedBy } from './satellite-entries.ts';
import {
  type Catalogue,
  findSatellite,
  liveCatalogue,
  ownSatellites,
  SatelliteNotFound,
  shippedSatellites,
} from './satellites/catalogue.ts';
import { frameTelemetry } from './satellites/frame-telemetry.ts';
import type { SdrSettings, Settings } from './settings/settings.ts';
import { makeAppender } from './store/appender.ts';
import { lockDataFolder } from './store/folder-lock.ts';
import { type FrameReader, type Ledger, openLedger } from './store/ledger.ts';

export interface StationDeps {
  readonly log: Log;
  readonly clock?: Clock & Timers;
  /** The clock is not the real one: simulated SDRs and rotators only, and nothing is fetched. */
  readonly virtual?: boolean;
  readonly rotatorHooks?: RotatorHooks;
  /** Whether the system's clock is right; asks systemd and chrony unless a test has its own. */
  readonly askClock?: () => Promise<ClockState>;
  /** The source that settings describe; the real ones unless a test has its own. */
  readonly makeSource?: (settings: SdrSettings) => Source;
  /** Who can start the station anew with other settings; left out, they can't be changed. */
  readonly restarter?: Restarter;
  /** The last lines of the log. */
  readonly logRing?: LogRing;
}

export interface Station {
  /** Where the API answers. */
  readonly url: string;
  readonly simulated: boolean;
  status(): Omit<StatusReport, 'stream_clients'>;
  /** The half that follows satellites; null where none is tracked. */
  readonly tracking: TrackingStation | null;
  /** Stops the radios, decodes what has arrived, stores it, tells the clients, closes everything. */
  stop(): Promise<void>;
}

/** The same every time: so are the ids of the frames of a played day. */
const playedLedger = 'played';

interface Sdr {
  readonly settings: SdrSettings;
  readonly source: Source;
  readonly wanted: readonly Wanted[];
  readonly notReceived: readonly NotReceived[];
  receiver: SdrReceiver | null;
}

/** The one place where the parts of a station come together: settings → sources → receivers → ledger → API. */
export async function startStation(settings: Settings, deps: StationDeps): Promise<Station> {
  const { log, clock = { ...systemClock, ...systemTimers }, virtual = false } = deps;
  const startedAt = clock.monotonic();
  const { version, folder } = findProject();
  const catalogue = liveCatalogue(shippedSatellites(), ownSatellites(settings.dataFolder));
  const find = (nameOrNorad: string) => findSatellite(catalogue, nameOrNorad);
  const fixed = settings.sdrs.filter(({ receive }) => receive !== null);
  if (virtual) checkPlayable(settings);
  const sdrs = fixed.map((sdr) => prepareSdr(sdr, find, deps));
  const simulated =
    settings.sdrs.some(({ driver }) => driver === 'simulator') || sdrs.some(({ source }) => source.simulated);
  const { station } = settings;

  // What is opened is closed again, in the opposite order, on the way out and when the start fails half-way.
  const closers: (() => void | Promise<void>)[] = [];
  const closeAll = async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };

  try {
    const lock = lockDataFolder(settings.dataFolder);
    closers.push(() => lock.release());
    const owner = station.callsign ?? station.name ?? '';
    const ledger = openLedger(settings.dataFolder, owner, ...(virtual ? [playedLedger] : []));
    closers.push(() => ledger.close());

    let api: Api | null = null;
    let forwarding: Forwarding | null = null;
    let storeError: string | null = null;
    let waitingFrames = 0;
    let lostFrames = 0;
    const appender = makeAppender(ledger, {
      stored(frames) {
        storeError = null;
        waitingFrames = 0;
        for (const { seq, id, satellite, time } of frames) log.info({ seq, id, satellite, receivedAt: time }, 'frame');
        api?.announce(frames);
        forwarding?.wake();
      },
      failed(error, waiting) {
        storeError = error instanceof Error ? error.message : String(error);
        waitingFrames = waiting;
        log.error({ err: error, waiting }, 'frames cannot be stored, trying again');
      },
      lost(count) {
        lostFrames += count;
      },
    });

    const boot = bootName();
    const watch = await watchStationClock(ledger, {
      ...{ clock, virtual, log, boot, ask: settings.clockTrusted ? trustClock : deps.askClock },
      restamped() {
        api?.framesChanged();
        forwarding?.wake();
      },
    });
    closers.push(() => watch.close());
    // A played day has nothing to tell anybody.
    if (!virtual) {
      const opened = openForwarding(settings, {
        ...{ ledger, clock, log, software: `downlinkd ${version}` },
        satelliteName: (text) => find(text).name,
        held: ({ seq, clock: quality }) =>
          quality === 'unsynchronised' && watch.state().synchronised === false && ledger.isSince(boot, seq),
      });
      forwarding = opened;
      closers.push(() => opened.close());
    }
    const intake = makeFrameIntake({
      appender,
      norad: (satellite) => noradIn(catalogue, satellite),
      clockState: () => watch.state(),
      clockStamp: () => ({ boot, utcMinusMonotonicMs: clock.now() - clock.monotonic() }),
    });

    const live = makeLiveFeeds(
      settings.sdrs.map(({ id, receive }) => ({ id, reason: receive === null ? waitsForPass : 'it is being started' })),
      clock,
    );
    let tracking: TrackingStation | null = null;
    if (settings.track.length > 0) {
      const started = await openTracking(settings, {
        ...{ log, clock, virtual, find, intake, live, rotatorHooks: deps.rotatorHooks },
        source: (sdr) => sourceOf(sdr, find, deps),
      });
      tracking = started.tracking;
      closers.push(started.close);
    }
    const status = (): Omit<StatusReport, 'stream_clients'> => ({
      version,
      uptime_s: (clock.monotonic() - startedAt) / 1000,
      simulated,
      station: {
        callsign: station.callsign ?? null,
        name: station.name ?? null,
        latitude: station.latitude ?? null,
        longitude: station.longitude ?? null,
        altitude_m: station.altitudeM ?? null,
      },
      clock: { time: new Date(clock.now()).toISOString(), ...watch.state() },
      ledger: {
        id: ledger.ledgerId,
        last_seq: ledger.lastSeq(),
        waiting_frames: waitingFrames,
        lost_frames: lostFrames,
        error: storeError,
      },
      sdrs: [...sdrs.flatMap((sdr) => sdrStatus(sdr) ?? []), ...plannedStatus(settings, tracking)],
    });

    let { track } = settings;
    let url = '';
    const control = openControl({
      ...{ settings, catalogue, find, tracking },
      restarter: deps.restarter ?? null,
      ring: deps.logRing ?? null,
      inUse: inUseBy({
        sdrs: () => status().sdrs,
        rotators: () => tracking?.source.rotators() ?? [],
        rigs: () => tracking?.source.rigs() ?? [],
        url: () => url,
        kissPort: () => api?.kissPort ?? null,
      }),
      tracked(next) {
        track = next;
      },
    });
    const opened = await makeApi(settings.api.host, {
      version,
      frames: ledger,
      status,
      satellites: () => satelliteEntries(catalogue, status().sdrs, trackedBy(track, find)),
      control,
      satelliteName: (text) => nameIn(catalogue, ledger, text),
      kiss: settings.kiss && { ...settings.kiss, host: settings.kiss.host ?? settings.api.host },
      telemetry: frameTelemetry(catalogue),
      collectors: forwarding,
      tracking: tracking?.source ?? null,
      live,
      pageFolder: join(folder, 'web', 'dist'),
      onError: (err) => log.error({ err }, 'request failed'),
    });
    api = opened;
    closers.push(() => opened.close());
    closers.push(() => {
      const unwritten = appender.close();
      if (unwritten > 0) log.error({ frames: unwritten }, 'frames could not be stored and are lost');
    });
    url = await opened.listen(settings.api.port);
    if (opened.kissPort !== null) log.info({ port: opened.kissPort }, 'frames are served as KISS');

    for (const sdr of sdrs) {
      const receiver = await startReceiver(sdr, clock, log, intake, live);
      sdr.receiver = receiver;
      closers.push(() => receiver.stop());
    }
    // Last: a long queue must not keep the station from receiving.
    forwarding?.start();
    return { url, simulated, status, tracking, stop: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function prepareSdr(
  settings: SdrSettings,
  find: (name: string) => ReturnType<typeof findSatellite>,
  deps: StationDeps,
): Sdr {
  return {
    settings,
    source: sourceOf(settings, find, deps),
    ...resolveWanted(settings.receive ?? [], find),
    receiver: null,
  };
}

function sourceOf(
  settings: SdrSettings,
  find: (name: string) => ReturnType<typeof findSatellite>,
  deps: StationDeps,
): Source {
  const log = deps.log.child({ sdr: settings.id });
  return (
    deps.makeSource?.(settings) ??
    makeSource(
      settings,
      systemDeps({ findSatellite: find, log: ({ level, message, ...event }) => log[level](event, message) }),
    )
  );
}

/** SDRs that follow the plan: what they receive now, or that they wait. */
function plannedStatus(settings: Settings, tracking: TrackingStation | null): SdrStatus[] {
  return settings.sdrs
    .filter(({ receive }) => receive === null)
    .map(({ id, driver, sampleRate }) => {
      const receiving = tracking?.receiving(id) ?? null;
      if (receiving !== null) return { id, driver, ...receiving, not_received: [] };
      return {
        id,
        driver,
        simulated: driver === 'simulator',
        state: 'closed',
        reason: waitsForPass,
        centre_hz: 0,
        sample_rate: sampleRate ?? usualSampleRate,
        samples: 0,
        dropped_samples: 0,
        estimated_lost_samples: null,
        gaps: 0,
        worker_restarts: 0,
        channels: [],
        not_received: [],
      };
    });
}

async function startReceiver(
  { settings, source, wanted, notReceived }: Sdr,
  clock: Clock,
  stationLog: Log,
  intake: FrameIntake,
  live: LiveFeeds,
): Promise<SdrReceiver> {
  const log = stationLog.child({ sdr: settings.id });
  const sampleRate = settings.sampleRate ?? usualSampleRate;
  const origin = { sdr: settings.id, pass: null };
  const receiver = await startSdrReceiver(
    source,
    { centreHz: centreOf(settings, wanted, sampleRate), sampleRate },
    wanted,
    {
      clock,
      log,
      onFrame: (frame) => intake.add(frame, origin),
      onCopy: (frame) => intake.addCopy(frame, origin),
    },
  );
  live.open(settings.id, receiver.feed);
  void receiver.ended.then(() => live.close(settings.id, whyEnded(receiver)));
  for (const { satellite, transmitter, frequencyHz, captureOffsetHz } of receiver.channels) {
    log.info({ satellite, transmitter, frequencyHz, captureOffsetHz }, 'receiving');
  }
  for (const missing of [...notReceived, ...receiver.outside.map(outsideCapture)]) log.warn(missing, 'not received');
  return receiver;
}

function whyEnded(receiver: SdrReceiver): string {
  const { state, reason } = receiver.status();
  return state === 'failed' ? `it failed: ${reason}` : 'it ended';
}

/** A recording that doesn't tell its centre most likely has the signal in the middle; a radio has its own spike there. */
function centreOf(settings: SdrSettings, wanted: readonly Wanted[], sampleRate: number): number {
  if (settings.centreHz !== undefined) return settings.centreHz;
  const [first] = wanted;
  if (first === undefined) return 0;
  if (settings.driver === 'file') return first.frequencyHz;
  return chooseCentre(
    wanted.map(({ frequencyHz }) => frequencyHz),
    sampleRate,
    settings.tuningHz,
  );
}

function sdrStatus({ settings, receiver, notReceived }: Sdr): SdrStatus | null {
  if (receiver === null) return null;
  const { id, driver } = settings;
  return { id, driver, ...receiver.status(), not_received: [...notReceived, ...receiver.outside.map(outsideCapture)] };
}

const trustClock = async (): Promise<ClockState> => ({ synchronised: true, source: 'settings' });

/** Watches the clock, and corrects the times of frames that were received before it was set. */
async function watchStationClock(
  ledger: Ledger,
  deps: {
    readonly clock: Clock & Timers;
    readonly virtual: boolean;
    readonly log: Log;
    readonly boot: string;
    readonly ask: StationDeps['askClock'];
    readonly restamped: () => void;
  },
): Promise<ClockWatch> {
  const { clock, virtual, log, boot, restamped, ask = askSystem } = deps;
  function correct({ source }: ClockState): void {
    const frames = ledger.restamp({ boot, utcMinusMonotonicMs: clock.now() - clock.monotonic() }, source, clock.now());
    if (frames === 0) return;
    log.info({ source, frames }, 'the clock was set: frames received before have corrected times now');
    restamped();
  }
  const watch = await watchClock({
    clock,
    ask: virtual ? async () => ({ synchronised: null, source: 'played' }) : ask,
    onSet: correct,
  });
  // The clock may have been set while this program did not run.
  if (watch.state().synchronised !== false) correct(watch.state());
  return watch;
}

function noradIn(catalogue: Catalogue, name: string): number | null {
  try {
    return findSatellite(catalogue, name).norad;
  } catch (error) {
    if (error instanceof SatelliteNotFound) return null;
    throw error;
  }
}

/** The ledger may know satellites that the catalogue doesn't know any more. @throws ApiError */
function nameIn(catalogue: Catalogue, ledger: FrameReader, nameOrNorad: string): string {
  try {
    return findSatellite(catalogue, nameOrNorad).name;
  } catch (error) {
    if (!(error instanceof SatelliteNotFound)) throw error;
    if (ledger.frames({ since: 0, limit: 1, satellite: nameOrNorad }).length > 0) return nameOrNorad;
    throw new ApiError(error.code, error.message);
  }
}
