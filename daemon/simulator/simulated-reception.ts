import { prng } from '../../dsp/core/prng.ts';
import { formatMode } from '../../dsp/mode.ts';
import type { Clock, Timers } from '../core/clock.ts';
import type { ReceivedFrame } from '../receiver/received-frame.ts';
import type { CaptureMember, CaptureOrder, Reception } from '../station/runner.ts';
import { observer } from '../tracking/observer.ts';
import { propagator } from '../tracking/propagator.ts';
import { angleBetweenDeg, type Direction } from '../tracking/rotator-mount.ts';
import type { Place } from '../tracking/wgs84.ts';
import { simulatedPayload } from './payload.ts';

export interface SimulatedReceptionDeps {
  readonly clock: Clock & Timers;
  readonly place: Place;
  readonly seed: number;
  readonly frameIntervalS: number;
  /** Where the antenna points now; null: it sees the whole sky. */
  readonly antenna?: (() => Direction | null) | undefined;
}

/** Es/N0 at 500 km, dB, and what a frame needs. */
const nearSnrDb = 22;
const neededSnrDb = 6;
/** What the beam loses per degree beside it squared, and at most, dB: a beam 30 degrees wide. */
const beamDbPerDeg2 = 3 / 15 ** 2;
const sideLobesDb = 20;

type OnReceived = (frame: ReceivedFrame, timeMs: number) => void;

/**
 * A radio under a clock that is not real: it hands over frames, not samples, as often and as strong as the geometry has
 * them. The same order at the same time gives the same frames.
 */
export function openSimulatedReception(
  order: CaptureOrder,
  onFrame: OnReceived,
  deps: SimulatedReceptionDeps,
): Reception {
  const { clock } = deps;
  const beganMs = clock.monotonic();
  const stops = order.members.map((member) => transmit(member, onFrame, deps));
  let endedMs: number | null = null;
  return {
    centreHz: order.centreHz,
    report: () => ({
      samples: Math.round(((endedMs ?? clock.monotonic()) - beganMs) * 250),
      droppedSamples: 0,
      gaps: 0,
      rejects: 0,
      failure: null,
      recording: null,
    }),
    async stop() {
      endedMs = clock.monotonic();
      for (const stop of stops) stop();
    },
  };
}

function transmit({ pass, wanted }: CaptureMember, onFrame: OnReceived, deps: SimulatedReceptionDeps): () => void {
  const { clock, place, frameIntervalS, seed } = deps;
  const where = propagator(pass.elements);
  const look = observer(place);
  const random = prng((seed ^ Math.imul(pass.norad, 2654435761) ^ Math.floor(pass.tcaMs / 60_000)) >>> 0);
  // Every satellite's oscillator is off by its own amount.
  const errorHz = (prng(pass.norad).uniform() - 0.5) * 6e-6 * wanted.frequencyHz;
  let number = 0;
  let cancel = () => {};
  const next = (): void => {
    cancel = clock.after(frameIntervalS * 1000 * (0.8 + 0.4 * random.uniform()), () => {
      const timeMs = clock.now();
      const state = where(timeMs);
      number += 1;
      const noiseDb = random.normal();
      const measuredHz = 30 * random.normal();
      if (!state.failed) {
        const at = look(state);
        const snrDb =
          nearSnrDb - 20 * Math.log10(at.rangeKm / 500) - beamLossDb(at, deps.antenna?.() ?? null) + noiseDb;
        if (at.elevationDeg > 0 && snrDb > neededSnrDb) onFrame(frame(timeMs, snrDb, errorHz + measuredHz), timeMs);
      }
      next();
    });
  };
  next();

  function frame(timeMs: number, snrDb: number, offsetHz: number): ReceivedFrame {
    return {
      time: new Date(timeMs).toISOString(),
      sample: 0,
      satellite: pass.satellite,
      transmitter: wanted.transmitter,
      mode: formatMode(wanted.mode),
      frame: Buffer.from(simulatedPayload(wanted.mode.framing, pass.satellite, number)).toString('hex'),
      integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour: null },
      snr_db: Math.round(snrDb * 10) / 10,
      offset_hz: Math.round(offsetHz),
      modulation_index: null,
      clock_ppm: null,
      sync_quality: null,
      simulated: true,
      timedBy: 'arrival',
      durationMs: 0,
    };
  }
  return () => cancel();
}

function beamLossDb(at: Direction, antenna: Direction | null): number {
  if (antenna === null) return 0;
  return Math.min(sideLobesDb, beamDbPerDeg2 * angleBetweenDeg(at, antenna) ** 2);
}
