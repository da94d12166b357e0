import { join } from 'node:path';
import { systemClock } from '../core/clock.ts';
import type { FrameCarrier } from '../decode/decode-input.ts';
import { InputError, type SampleInput, timeMsOfSample } from '../inputs/input.ts';
import { loadCatalogue, ownSatellites, shippedSatellites } from '../satellites/catalogue.ts';
import { loadSettings } from '../settings/settings.ts';
import { type DopplerCurve, dopplerCurve, rangeRateFrom } from '../tracking/doppler-curve.ts';
import { observer } from '../tracking/observer.ts';
import { type CarrierMeasurement, fitPass } from '../tracking/pass-fit.ts';
import { propagator } from '../tracking/propagator.ts';
import type { Place } from '../tracking/wgs84.ts';
import { type CommandIo, UsageError } from './command.ts';
import { findTarget, readElements, readLocation, type Target, warnOfAge } from './tracking-options.ts';

/** What the command line says of the prediction. */
export interface DopplerOptions {
  readonly satellite: string;
  readonly elements: readonly string[];
  readonly location: string | undefined;
  readonly config: string | undefined;
}

/** The predicted Doppler shift of a satellite in recordings of it. */
export interface DopplerPrediction {
  /**
   * Range rate over the time of a recording; undefined when there is nothing to correct in it, which is told.
   * @throws UsageError when nothing tells the place or the time, InputError when the orbit can't be predicted for it
   */
  curveFor(input: SampleInput, say: (line: string) => void): DopplerCurve | undefined;
}

/** How long standard input may last. */
const endlessMs = 24 * 3_600_000;
/** Elements of a low orbit lead or lag by some seconds after so many days. */
const oldDays = 10;
/** How finely a recording is looked through for a moment with the satellite above the horizon. */
const lookMs = 10_000;

/** Reads the elements. @throws UsageError, StationError, ConfigError */
export function readPrediction(options: DopplerOptions, io: CommandIo): DopplerPrediction {
  const settings = loadSettings(options.config);
  const catalogue = loadCatalogue(shippedSatellites(), ownSatellites(settings.dataFolder));
  const elements = readElements(options.elements, io, systemClock.now());
  const base = { catalogue, elementsFrom: options.elements.join(', '), elements };
  const target = findTarget(base, options.satellite);
  const given = options.location === undefined ? null : readLocation(options.location);
  const ownStation = settings.file.endsWith(join('config', 'station.example.yaml'))
    ? null
    : stationOf(settings.station);
  return {
    curveFor(input, say) {
      if (input.kind !== 'iq') {
        say(`${input.name}: is audio, no Doppler shift is taken out`);
        return undefined;
      }
      const place = given ?? input.place ?? ownStation;
      if (place === null)
        throw new UsageError(`where was ${input.name} recorded? Give --location LAT,LON,ALT_M for the Doppler shift`);
      const [fromMs, toMs] = timeSpan(input);
      warnOfAge([target], fromMs, io, oldDays);
      return curveOf(target, place, fromMs, toMs, input.name, say);
    },
  };
}

function stationOf({ latitude, longitude, altitudeM = 0 }: ReturnType<typeof loadSettings>['station']): Place | null {
  if (latitude === undefined || longitude === undefined) return null;
  return { latitudeDeg: latitude, longitudeDeg: longitude, altitudeM };
}

/** From the first to the last sample. @throws UsageError when a part of it has no time */
function timeSpan(input: SampleInput): [number, number] {
  const { segments, totalSamples, sampleRate, name } = input;
  const starts = segments.map(({ firstSample }) => timeMsOfSample(input, firstSample));
  const times = starts.filter((time) => time !== null);
  if (times.length < starts.length || times.length === 0) {
    const what = segments.length > 1 ? `a part of ${name}` : name;
    throw new UsageError(`when was ${what} recorded? Give --start-time ISO for the Doppler shift`);
  }
  const last = segments.at(-1)!;
  const lastMs =
    totalSamples === null ? endlessMs : Math.max(0, ((totalSamples - last.firstSample) * 1000) / sampleRate);
  return [Math.min(...times), Math.max(...times) + lastMs];
}

function curveOf(
  { name, elements }: Target,
  place: Place,
  fromMs: number,
  toMs: number,
  input: string,
  say: (line: string) => void,
): DopplerCurve {
  const orbit = propagator(elements);
  const look = observer(place);
  const up = (timeMs: number) => {
    const state = orbit(timeMs);
    return !state.failed && look(state).elevationDeg > 0;
  };
  let seen = up(toMs);
  for (let timeMs = fromMs; !seen && timeMs < toMs; timeMs += lookMs) seen = up(timeMs);
  if (!seen) say(`${input}: by the elements ${name} is below the horizon in all of it: are time and place right?`);
  try {
    return dopplerCurve(rangeRateFrom(orbit, place), fromMs, toMs);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(
      'INPUT_FORMAT_UNSUPPORTED',
      `${input}: the Doppler shift of ${name} can't be predicted: ${error.message}`,
    );
  }
}

/** One line of how the elements and the oscillators fit to the frames of a recording; null when they can't tell it. */
export function describeFit(carriers: readonly FrameCarrier[], curve: DopplerCurve): string | null {
  const measurements: CarrierMeasurement[] = carriers.flatMap(({ frame, middleMs, frequencyHz }) =>
    middleMs === null || frame.offset_hz === null ? [] : [{ timeMs: middleMs, offsetHz: frame.offset_hz, frequencyHz }],
  );
  const fit = fitPass(measurements, curve);
  if (!fit.fitted) return null;
  const { timeBiasS, sigmaTimeS, frequencyBiasHz, frequencyBiasPpm, sigmaFrequencyHz, used } = fit;
  const when = `${Math.abs(timeBiasS).toFixed(2)} s ${timeBiasS < 0 ? 'earlier' : 'later'} than predicted (+-${sigmaTimeS.toFixed(2)} s)`;
  const where = `carrier ${fixed(frequencyBiasHz, 0)} Hz (${fixed(frequencyBiasPpm, 2)} ppm, +-${sigmaFrequencyHz.toFixed(0)} Hz) off`;
  return `by ${used} frames the satellite comes ${when}, its ${where}`;
}

/** Rounded, without a minus before a zero. */
function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}
