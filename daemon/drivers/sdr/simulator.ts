import { parseMode } from '../../../dsp/mode.ts';
import { StationError } from '../../core/error.ts';
import type { Satellite } from '../../satellites/satellite.ts';
import type { SdrSettingsOf } from '../../settings/settings.ts';
import { MID_PASS_S, type Scene } from '../../simulator/scene.ts';
import { inTurn, signalOfMode, signalsOf } from '../../simulator/simulated-signals.ts';
import { makeSynthesizer } from '../../simulator/synthesizer.ts';
import type { SourceDeps } from './deps.ts';
import { makePacer } from './pacer.ts';
import type { Source, SourceState, Tuning } from './source.ts';

export type SimulatorSettings = Omit<SdrSettingsOf<'simulator'>, 'id'>;

const DEFAULT_RATE = 2_400_000;
const BLOCK_S = 0.02;
/** A reader that is later than this lost samples, as with a radio. */
const PATIENCE_MS = 1000;

/** A radio that hears a synthetic pass: same tuning, same pace, same losses as a dongle, and it says that it is simulated. */
export function simulatorSource(settings: SimulatorSettings, deps: SourceDeps): Source {
  const scene = sceneOf(settings, deps.findSatellite);
  let tuning: Tuning = { centreHz: settings.centreHz ?? 0, sampleRate: settings.sampleRate ?? DEFAULT_RATE };
  let state: SourceState = { at: 'closed' };
  let retuned = true;

  async function* buffers(signal: AbortSignal) {
    const synthesizer = makeSynthesizer({ scene, format: 'cu8' });
    let pacer = makePacer(() => tuning.sampleRate, deps);
    let firstSample = 0;
    let gap = false;
    let bytes = new Uint8Array(0);
    let started = false;
    state = { at: 'streaming' };
    try {
      while (!signal.aborted) {
        if (retuned || !started) {
          retuned = false;
          gap = started;
          started = true;
          synthesizer.tune(tuning.centreHz, tuning.sampleRate);
          bytes = new Uint8Array(2 * Math.max(1, Math.round(tuning.sampleRate * BLOCK_S)));
          pacer = makePacer(() => tuning.sampleRate, deps);
          pacer.restart(firstSample);
        }
        const samples = bytes.length / 2;
        const lateMs = await pacer.wait(firstSample + samples, signal);
        if (signal.aborted) break;
        if (retuned) continue;
        if (lateMs > PATIENCE_MS) {
          const lost = Math.floor((lateMs / 1000) * tuning.sampleRate);
          synthesizer.skip(lost);
          firstSample += lost;
          gap = true;
        }
        synthesizer.fill(bytes);
        yield { bytes, firstSample, gap };
        firstSample += samples;
        gap = false;
      }
    } finally {
      state = { at: 'closed' };
    }
  }

  return {
    kind: 'simulator',
    simulated: true,
    format: 'cu8',
    lossless: false,
    get state() {
      return state;
    },
    async tune(want) {
      if (!(want.sampleRate >= 1000 && want.sampleRate <= 20e6))
        throw new StationError(
          'TUNING_IMPOSSIBLE',
          `sample rate ${want.sampleRate} S/s: the simulator does 1000 to 20000000`,
        );
      if (!Number.isFinite(want.centreHz)) throw new StationError('TUNING_IMPOSSIBLE', 'no centre frequency is given');
      retuned ||= want.centreHz !== tuning.centreHz || want.sampleRate !== tuning.sampleRate;
      tuning = want;
      return tuning;
    },
    buffers,
  };
}

/** What is on the sky: the signals of the settings, or one of everything that is to be received. */
function sceneOf(settings: SimulatorSettings, find: (name: string) => Satellite): Scene {
  const usual = { ebn0Db: settings.ebn0Db ?? 20, frameIntervalS: settings.frameIntervalS ?? 5 };
  const signals =
    settings.signals?.flatMap((s) => {
      const level = {
        ebn0Db: s.ebn0Db ?? usual.ebn0Db,
        frameIntervalS: s.frameIntervalS ?? usual.frameIntervalS,
      };
      if (s.mode !== undefined) return [signalOfMode(parseMode(s.mode), s.frequencyHz ?? 0, level)];
      return signalsOf(find(String(s.satellite ?? '')), s.transmitter, 0, level);
    }) ?? (settings.receive ?? []).flatMap((r) => signalsOf(find(r.satellite), r.transmitter, r.offsetHz ?? 0, usual));
  return {
    seed: settings.seed ?? 1,
    signals: inTurn(signals),
    pass: { altitudeKm: 500, maxElevationDeg: settings.maxElevationDeg ?? 60 },
    ...(String(settings.start ?? 'mid-pass') === 'mid-pass' ? { startS: MID_PASS_S } : {}),
    receiverErrorPpm: settings.frequencyErrorPpm ?? 0,
    level: 'slant-range',
    repeat: true,
  };
}
