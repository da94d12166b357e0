import { isImplemented } from '../../../dsp/framing/index.ts';
import { formatMode, parseMode } from '../../../dsp/mode.ts';
import { StationError } from '../../core/error.ts';
import type { Satellite } from '../../satellites/satellite.ts';
import type { SdrSettingsOf } from '../../settings/settings.ts';
import { MID_PASS_S, type Scene, type SimulatedSignal } from '../../simulator/scene.ts';
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
  const { ebn0Db = 20, frameIntervalS = 5 } = settings;
  const wanted = settings.signals ?? settings.receive;
  const signals = wanted.flatMap((signal): SimulatedSignal[] => {
    const level = {
      ebn0Db: ('ebn0Db' in signal ? signal.ebn0Db : undefined) ?? ebn0Db,
      frameIntervalS: ('frameIntervalS' in signal ? signal.frameIntervalS : undefined) ?? frameIntervalS,
    };
    if ('mode' in signal && signal.mode !== undefined) {
      const mode = parseMode(signal.mode);
      const transmitter = formatMode(mode);
      return [{ satellite: 'SIMSAT', transmitter, mode, frequencyHz: signal.frequencyHz ?? 0, ...level }];
    }
    const satellite = find(String(signal.satellite));
    const offsetHz = 'offsetHz' in signal ? (signal.offsetHz ?? 0) : 0;
    const found = satellite.transmitters.filter(
      (t) => isImplemented(t.mode.framing.kind) && (signal.transmitter === undefined || t.id === signal.transmitter),
    );
    if (found.length === 0)
      throw new StationError(
        'SETTINGS_INVALID',
        `the simulator can send nothing of ${satellite.name}${signal.transmitter ? ` (${signal.transmitter})` : ''}`,
      );
    return found.map((t) => ({
      satellite: satellite.name,
      transmitter: t.id,
      mode: t.mode,
      frequencyHz: t.frequencyHz + offsetHz,
      ...level,
    }));
  });
  // Frames come in turn, the first one soon.
  const inTurn = signals.map((signal, k) => ({
    ...signal,
    firstFrameS: 0.5 + (k * Math.min(signal.frameIntervalS, 10)) / signals.length,
  }));
  return {
    seed: settings.seed ?? 1,
    signals: inTurn,
    pass: { altitudeKm: 500, maxElevationDeg: settings.maxElevationDeg ?? 60 },
    ...(String(settings.start ?? 'mid-pass') === 'mid-pass' ? { startS: MID_PASS_S } : {}),
    receiverErrorPpm: settings.frequencyErrorPpm ?? 0,
    level: 'slant-range',
    repeat: true,
  };
}
