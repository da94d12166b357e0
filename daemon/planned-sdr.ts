import type { Clock, Timers } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { Source } from './drivers/sdr/source.ts';
import type { FrameIntake, FrameOrigin } from './frame-intake.ts';
import type { StationRig } from './open-rig.ts';
import { curveOf } from './pass-curve.ts';
import type { PassRecorder, RecordedSource } from './pass-recorder.ts';
import { chooseCentre } from './receiver/centre.ts';
import type { ReceivedFrame } from './receiver/received-frame.ts';
import { type SdrReceiver, startSdrReceiver } from './receiver/sdr-receiver.ts';
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
  readonly makeSource: (settings: SdrSettings) => Source;
  readonly intake: FrameIntake;
  /** The receiver that each SDR has now. */
  readonly receivers: Map<string, SdrReceiver>;
}

type Heard = (frame: ReceivedFrame, timeMs: number, predicted: boolean) => void;

export const usualSampleRate = 2_400_000;
/** What dongles tune to. */
const usualTuningHz = [24e6, 1766e6] as const;
/** A late start must find the Doppler shift of its time too. */
const beforeMs = 60_000;
const behindMs = 300_000;

/** An SDR that receives what the plan of passes says. */
export function plannedSdr(settings: SdrSettings, deps: PlannedSdrDeps): RunnerSdr {
  const { id } = settings;
  const sampleRate = settings.sampleRate ?? usualSampleRate;
  const rotator = deps.rotators.find((one) => one.id === settings.rotator);
  const rigs = deps.rigs.filter(({ sdr }) => sdr === id);
  return {
    id,
    tuningHz: settings.tuningHz ?? usualTuningHz,
    sampleRate,
    rotator: settings.rotator ?? null,
    // The edges of the band count as carriers: all of it has to be in the capture, and off the radio's spike.
    centre: ([low, high]) => settings.centreHz ?? chooseCentre([low, high], sampleRate),
    async open(order, onFrame) {
      const heard: Heard = (frame, timeMs, predicted) => {
        // Without a prediction its offset is the whole Doppler shift, which says nothing of the elements.
        onFrame(predicted ? frame : { ...frame, offset_hz: null }, timeMs);
        deps.intake.add(frame, originOf(frame, order, id));
      };
      for (const rig of rigs) rig.follow(order);
      if (settings.driver !== 'simulator') return openReception(settings, order, heard, sampleRate, deps);
      return openSimulatedReception(order, (frame, timeMs) => heard(frame, timeMs, true), {
        clock: deps.clock,
        place: deps.place,
        seed: settings.seed ?? 1,
        frameIntervalS: settings.frameIntervalS ?? 20,
        antenna: rotator && (() => rotator.pointing()),
      });
    },
  };
}

async function openReception(
  settings: SdrSettings,
  order: CaptureOrder,
  heard: Heard,
  sampleRate: number,
  { clock, log: stationLog, place, makeSource, recorder, receivers, intake }: PlannedSdrDeps,
): Promise<Reception> {
  const log = stationLog.child({ sdr: settings.id });
  const source = makeSource(settings);
  const recorded: RecordedSource | null =
    recorder !== null && order.members.some(({ pass }) => pass.record) ? recorder.record(source, order, log) : null;
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
    },
  );
  receivers.set(settings.id, receiver);
  return {
    centreHz: receiver.status().centre_hz,
    report: () => ({ ...reportOf(receiver), recording: recorded?.name() ?? null }),
    async stop() {
      await receiver.stop();
      receivers.delete(settings.id);
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

function reportOf(receiver: SdrReceiver): Omit<CaptureReport, 'recording'> {
  const status = receiver.status();
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
