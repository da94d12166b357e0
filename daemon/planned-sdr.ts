import { formatMode } from '../dsp/mode.ts';
import type { ChannelStatus, SdrStatus } from './api/wire.ts';
import type { Clock, Timers } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { Source } from './drivers/sdr/source.ts';
import type { FrameIntake, FrameOrigin } from './frame-intake.ts';
import type { LiveFeeds } from './live-feeds.ts';
import type { StationRig } from './open-rig.ts';
import { curveOf } from './pass-curve.ts';
import type { PassRecorder, RecordedSource } from './pass-recorder.ts';
import type { PassWaterfalls } from './pass-waterfalls.ts';
import { chooseCentre } from './receiver/centre.ts';
import { type Hearing, makeHearing } from './receiver/hearing.ts';
import type { ReceivedFrame } from './receiver/received-frame.ts';
import { startSdrReceiver } from './receiver/sdr-receiver.ts';
import type { SdrSettings } from './settings/settings.ts';
import { openSimulatedReception } from './simulator/simulated-reception.ts';
import type { StationPass } from './station/pass-list.ts';
import type { CaptureReport } from './station/pass-run.ts';
import type { CaptureOrder, Reception, RunnerSdr } from './station/runner.ts';
import type { DopplerCurve } from './tracking/doppler-curve.ts';
import type { Direction } from './tracking/rotator-mount.ts';
import type { Place } from './tracking/wgs84.ts';

export interface PlannedSdrDeps {
  readonly clock: Clock & Timers;
  readonly log: Log;
  readonly place: Place;
  readonly rotators: readonly {
    readonly id: string;
    pointing(): Direction | null;
  }[];
  readonly rigs: readonly StationRig[];
  readonly recorder: PassRecorder | null;
  readonly waterfalls: PassWaterfalls;
  readonly live: LiveFeeds;
  readonly makeSource: (settings: SdrSettings) => Source;
  readonly intake: FrameIntake;
  /** What each SDR tells of itself while it receives; none of those that wait for a pass. */
  readonly receiving: Map<string, () => ReceivingStatus>;
}

export type ReceivingStatus = Omit<SdrStatus, 'id' | 'driver' | 'not_received'>;

type Heard = (frame: ReceivedFrame, timeMs: number, predicted: boolean) => void;

export const usualSampleRate = 2_400_000;
/** What dongles tune to. */
export const usualTuningHz = [24e6, 1766e6] as const;
/** A late start must find the Doppler shift of its time too. */
const beforeMs = 60_000;
const behindMs = 300_000;

/** Why an SDR that follows the plan receives nothing. */
export const waitsForPass = 'waits for its next pass';
const noSamples = 'simulated: it hands over frames, without samples';

/** An SDR that receives what the plan of passes says. */
export function plannedSdr(settings: SdrSettings, deps: PlannedSdrDeps): RunnerSdr {
  const { id } = settings;
  const sampleRate = settings.sampleRate ?? usualSampleRate;
  const tuningHz = settings.tuningHz ?? usualTuningHz;
  const rotator = deps.rotators.find((one) => one.id === settings.rotator);
  const rigs = deps.rigs.filter(({ sdr }) => sdr === id);
  return {
    id,
    tuningHz,
    sampleRate,
    rotator: settings.rotator ?? null,
    // The edges of the band count as carriers: all of it has to be in the capture, and off the radio's spike.
    centre: ([low, high]) => settings.centreHz ?? chooseCentre([low, high], sampleRate, tuningHz),
    async open(order, onFrame) {
      const heard: Heard = (frame, timeMs, predicted) => {
        // Without a prediction its offset is the whole Doppler shift, which says nothing of the elements.
        onFrame(predicted ? frame : { ...frame, offset_hz: null }, timeMs);
        deps.intake.add(frame, originOf(frame, order, id));
      };
      for (const rig of rigs) rig.follow(order);
      if (settings.driver !== 'simulator') return openReception(settings, order, heard, sampleRate, deps);
      return openWithoutSamples(settings, order, heard, sampleRate, rotator && (() => rotator.pointing()), deps);
    },
  };
}

/** A simulated radio that follows the plan hands over frames, without a receiver. */
function openWithoutSamples(
  { id, seed = 1, frameIntervalS = 20 }: Extract<SdrSettings, { driver: 'simulator' }>,
  order: CaptureOrder,
  heard: Heard,
  sampleRate: number,
  antenna: (() => Direction | null) | undefined,
  { clock, place, receiving, live }: PlannedSdrDeps,
): Reception {
  const status = statusWithoutSamples(order, sampleRate, clock);
  const onFrame = (frame: ReceivedFrame, timeMs: number): void => {
    status.heard(frame);
    heard(frame, timeMs, true);
  };
  const reception = openSimulatedReception(order, onFrame, { clock, place, seed, frameIntervalS, antenna });
  receiving.set(id, status.report);
  live.close(id, noSamples);
  return {
    ...reception,
    async stop() {
      await reception.stop();
      receiving.delete(id);
      live.close(id, waitsForPass);
    },
  };
}

function statusWithoutSamples(order: CaptureOrder, sampleRate: number, clock: Clock) {
  const channels = order.members.map(({ wanted: { satellite, transmitter, mode, frequencyHz } }) => ({
    ...{ satellite, transmitter, mode: formatMode(mode), frequency_hz: Math.round(frequencyHz), frames: 0 },
    last_frame: null as ChannelStatus['last_frame'],
    hears: makeHearing(),
  }));
  return {
    heard({ satellite, transmitter, time, snr_db, offset_hz }: ReceivedFrame): void {
      const own = channels.find((one) => one.satellite === satellite && one.transmitter === transmitter);
      if (own === undefined) return;
      Object.assign(own, { frames: own.frames + 1, last_frame: { time, snr_db, offset_hz } });
      own.hears.frame(clock.monotonic());
    },
    report: (): ReceivingStatus => ({
      simulated: true,
      state: 'streaming',
      reason: noSamples,
      centre_hz: order.centreHz,
      sample_rate: sampleRate,
      samples: 0,
      dropped_samples: 0,
      estimated_lost_samples: null,
      gaps: 0,
      worker_restarts: 0,
      channels: channels.map(({ hears, ...one }) => ({
        ...one,
        hearing: hearingWithoutSamples(hears, clock),
        duplicates: 0,
        rejects: { length: 0, crc: 0, fec: 0, header: 0 },
        failures: 0,
      })),
    }),
  };
}

/** Nobody can say that nothing is above the noise where there is none. */
function hearingWithoutSamples(hears: Hearing, clock: Clock): ChannelStatus['hearing'] {
  const hearing = hears.report(clock.monotonic());
  return hearing.state === 'nothing' ? { state: 'nothing', text: 'no frame in the last minute (simulated)' } : hearing;
}

async function openReception(
  settings: SdrSettings,
  order: CaptureOrder,
  heard: Heard,
  sampleRate: number,
  { clock, log: stationLog, place, makeSource, recorder, receiving, intake, waterfalls, live }: PlannedSdrDeps,
): Promise<Reception> {
  const log = stationLog.child({ sdr: settings.id });
  const source = makeSource(settings);
  const recorded: RecordedSource | null =
    recorder !== null && order.members.some(({ pass }) => pass.record) ? recorder.record(source, order, log) : null;
  const rows = waterfalls.begin(settings.id);
  const receiver = await startSdrReceiver(
    recorded?.source ?? source,
    { centreHz: order.centreHz, sampleRate },
    order.members.map(({ wanted, pass }) => ({ ...wanted, ...dopplerOf(pass, order, place) })),
    {
      clock,
      log,
      onFrame(frame, { middleMs, dopplerHz }) {
        recorded?.heard(frame);
        heard(frame, middleMs ?? clock.now(), dopplerHz !== null);
      },
      onCopy: (frame) => intake.addCopy(frame, originOf(frame, order, settings.id)),
      onRow: (row) => rows.add(row, receiver.feed.channels),
    },
  );
  receiving.set(settings.id, () => receiver.status());
  live.open(settings.id, receiver.feed);
  return {
    centreHz: receiver.status().centre_hz,
    report: () => ({ ...reportOf(receiver.status()), recording: recorded?.name() ?? null }),
    async stop() {
      live.close(settings.id, waitsForPass);
      await receiver.stop();
      receiving.delete(settings.id);
      await recorded?.close();
    },
  };
}

function originOf({ satellite }: ReceivedFrame, { members }: CaptureOrder, sdr: string): FrameOrigin {
  return { sdr, pass: members.find(({ pass }) => pass.satellite === satellite)?.pass.key ?? null };
}

function dopplerOf(pass: StationPass, { fromMs, toMs }: CaptureOrder, place: Place): { doppler?: DopplerCurve } {
  const doppler = curveOf(pass.elements, place, fromMs - beforeMs, toMs + behindMs);
  return doppler === null ? {} : { doppler };
}

function reportOf(status: ReceivingStatus): Omit<CaptureReport, 'recording'> {
  const rejects = status.channels.reduce(
    (sum, { rejects: { length, crc, fec, header } }) => sum + length + crc + fec + header,
    0,
  );
  const failed = status.state === 'failed' || status.state === 'waiting' || status.state === 'ended';
  return {
    samples: status.samples,
    droppedSamples: status.dropped_samples,
    gaps: status.gaps,
    rejects,
    failure: failed ? (status.reason ?? (status.state === 'ended' ? 'it ended' : null)) : null,
  };
}
