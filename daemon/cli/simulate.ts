import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { ModeError, parseMode } from '../../dsp/mode.ts';
import { StationError, systemCode } from '../core/error.ts';
import {
  findSatellite,
  loadCatalogue,
  ownSatellites,
  SatelliteNotFound,
  shippedSatellites,
} from '../satellites/catalogue.ts';
import { loadSettings } from '../settings/settings.ts';
import { type IqFileFormat, sampleFormat, writeIqFile } from '../simulator/iq-file.ts';
import { type PassGeometry, passGeometry } from '../simulator/pass-geometry.ts';
import { startRtlServer } from '../simulator/rtl-server.ts';
import { MID_PASS_S, type Scene, type SimulatedSignal, type TransmittedFrame } from '../simulator/scene.ts';
import { inTurn, signalOfMode, signalsOf } from '../simulator/simulated-signals.ts';
import { makeSynthesizer } from '../simulator/synthesizer.ts';
import { type Command, type CommandIo, UsageError } from './command.ts';
import { joinNegative } from './negative-values.ts';
import { realPass } from './simulate-pass.ts';

const help = `
Plays a synthetic pass: real Doppler curve, noise, frequency error, frames of a satellite or a mode. As an rtl_tcp server,
or into a file. Every frame sent is one JSON line on standard output.

Usage: downlinkd simulate (--listen PORT | --output FILE) [--satellite NAME… | --mode MODE…] [OPTIONS]

  --listen PORT              serve samples like rtl_tcp (0: a free port, told on standard error)
  --host ADDRESS             where to listen (127.0.0.1)
  --output FILE              write IQ to a .cu8, .cs16, .cf32 or .wav file instead
  --satellite NAME           what it sends (GOMX-3); may be repeated
  --mode MODE                modulation:symbol_rate:framing[,key=value…]; may be repeated
  --frequency-hz HZ          carrier of --mode (437000000); further ones 25 kHz higher each
  --ebn0-db DB               at the closest approach (20)
  --constant-level           the level does not fall with the slant range
  --sample-rate HZ           of the file, or until a client asks for another (2400000)
  --centre-hz HZ             tuning, likewise (the middle of the signals)
  --max-elevation-deg DEG    of the pass, 500 km high (60)
  --elements FILE            a real pass instead: of the one --satellite, by OMM as JSON, TLE or 3LE
  --location LAT,LON[,ALT_M] where it is received (the station's)
  --start-time ISO           when the stream begins, during that pass
  --start rise|mid-pass|S    where the pass begins; S in seconds from the closest approach (rise);
                             mid-pass is -90
  --repeat                   at the set, the pass begins anew
  --duration-s S             end of the stream (a file: the set, or one second behind the last frame of --frames)
  --frame-interval-s S       from frame to frame (5)
  --frames N                 frames of each transmitter (no limit)
  --frequency-error-ppm P    error of the receiver's oscillator (0)
  --seed N                   same seed, same samples (1)
  --lossless                 wait for a client that does not read, instead of dropping samples
  --fast                     serve as fast as the client reads; lossless
  --config FILE              settings whose data folder may hold own satellites

Example: downlinkd simulate --listen 1234 --mode fsk:9600:ax25-g3ruh --ebn0-db 12
`;

const options = {
  listen: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  output: { type: 'string' },
  satellite: { type: 'string', multiple: true },
  mode: { type: 'string', multiple: true },
  'frequency-hz': { type: 'string' },
  'ebn0-db': { type: 'string' },
  'constant-level': { type: 'boolean', default: false },
  'sample-rate': { type: 'string' },
  'centre-hz': { type: 'string' },
  'max-elevation-deg': { type: 'string' },
  start: { type: 'string' },
  elements: { type: 'string', multiple: true },
  location: { type: 'string' },
  'start-time': { type: 'string' },
  repeat: { type: 'boolean', default: false },
  'duration-s': { type: 'string' },
  'frame-interval-s': { type: 'string' },
  frames: { type: 'string' },
  'frequency-error-ppm': { type: 'string' },
  seed: { type: 'string' },
  lossless: { type: 'boolean', default: false },
  fast: { type: 'boolean', default: false },
  config: { type: 'string' },
} as const;

/** Distance of the carriers of several modes. */
const SPACING_HZ = 25_000;

export const run: Command = {
  name: 'simulate',
  summary: 'play a synthetic pass as an rtl_tcp server or into a file',
  help,
  async run(argv, io) {
    const { values } = parseArgs({ args: joinNegative(argv, Object.keys(options)), options });
    const given: Readonly<Record<string, unknown>> = values;
    const number = (name: keyof typeof options, usual: number, least: number, most: number): number => {
      const text = given[name];
      const value = text === undefined ? usual : String(text).trim() === '' ? Number.NaN : Number(text);
      if (value >= least && value <= most) return value;
      throw new UsageError(`--${name} ${text}: a number from ${least} to ${most} is expected`);
    };
    if ((values.listen === undefined) === (values.output === undefined))
      throw new UsageError('either --listen PORT or --output FILE is needed');
    const port = values.listen === undefined ? 0 : number('listen', 0, 0, 65_535);
    const level = {
      ebn0Db: number('ebn0-db', 20, -20, 100),
      frameIntervalS: number('frame-interval-s', 5, 0.001, 3600),
      ...(values.frames === undefined ? {} : { frames: whole(number('frames', 1, 1, 1e9), 'frames') }),
    };
    const signals = inTurn(signalsFor(values, level, number('frequency-hz', 437e6, 0, 100e9)));
    const { pass, startS } = realPassOf(values, io) ?? syntheticPass(number, values.start);
    const { halfDurationS } = pass;
    const scene: Scene = {
      seed: whole(number('seed', 1, 0, 0xffff_ffff), 'seed'),
      signals,
      pass,
      startS,
      receiverErrorPpm: number('frequency-error-ppm', 0, -200, 200),
      level: values['constant-level'] ? 'constant' : 'slant-range',
      repeat: values.repeat,
    };
    const frequencies = signals.map((s) => s.frequencyHz);
    const middle = Math.round((Math.min(...frequencies) + Math.max(...frequencies)) / 2);
    const sampleRate = whole(number('sample-rate', 2_400_000, 1000, 20e6), 'sample-rate');
    const centreHz = number('centre-hz', middle, 0, 100e9);
    const endless = Number.POSITIVE_INFINITY;
    const durationS = values['duration-s'] === undefined ? endless : number('duration-s', 0, 0.001, 1e6);
    if (values.output === undefined) {
      const { host, lossless, fast } = values;
      return serve(io, { host, port, scene, sampleRate, centreHz, lossless, fast, durationS });
    }
    return write(io, values.output, scene, centreHz, sampleRate, Math.min(durationS, halfDurationS - startS));
  },
};

/** Null without elements. @throws UsageError for options that don't go together */
function realPassOf(values: Readonly<Record<string, unknown>>, io: CommandIo): ReturnType<typeof realPass> | null {
  const given = (name: string) => values[name] as string | undefined;
  const { elements } = values as { elements?: string[] };
  if (elements === undefined) {
    const stray = ['location', 'start-time'].find((name) => given(name) !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} goes with --elements FILE`);
    return null;
  }
  const [satellite, another] = (values['satellite'] as string[] | undefined) ?? [];
  if (satellite === undefined || another !== undefined || values['mode'] !== undefined)
    throw new UsageError('--elements goes with one --satellite, and not with --mode');
  const startTime = given('start-time');
  if (startTime === undefined) throw new UsageError('--elements needs --start-time ISO, during a pass');
  const stray = ['start', 'max-elevation-deg'].find((name) => given(name) !== undefined);
  if (stray !== undefined || values['repeat'] === true)
    throw new UsageError(`--${stray ?? 'repeat'} does not go with --elements: the pass is the real one`);
  return realPass({ elements, location: given('location'), config: given('config'), startTime }, satellite, io);
}

function syntheticPass(
  number: (name: 'max-elevation-deg' | 'start', usual: number, least: number, most: number) => number,
  start = 'rise',
): { readonly pass: PassGeometry; readonly startS: number } {
  const pass = passGeometry({ altitudeKm: 500, maxElevationDeg: number('max-elevation-deg', 60, 0.1, 90) });
  const { halfDurationS } = pass;
  if (start === 'rise') return { pass, startS: -halfDurationS };
  if (start === 'mid-pass') return { pass, startS: Math.max(MID_PASS_S, -halfDurationS) };
  return { pass, startS: number('start', 0, -halfDurationS, halfDurationS) };
}

function whole(value: number, name: string): number {
  if (Number.isInteger(value)) return value;
  throw new UsageError(`--${name} ${value}: a whole number is expected`);
}

function signalsFor(
  values: { satellite?: string[] | undefined; mode?: string[] | undefined; config?: string | undefined },
  level: Pick<SimulatedSignal, 'ebn0Db' | 'frameIntervalS' | 'frames'>,
  frequencyHz: number,
): SimulatedSignal[] {
  const satellites = values.satellite ?? (values.mode ? [] : ['GOMX-3']);
  // Modes alone need no settings.
  const folders = () => [shippedSatellites(), ownSatellites(loadSettings(values.config).dataFolder)];
  try {
    const catalogue = satellites.length > 0 ? loadCatalogue(...folders()) : null;
    return [
      ...satellites.flatMap((name) => signalsOf(findSatellite(catalogue!, name), undefined, 0, level)),
      ...(values.mode ?? []).map((mode, k) => signalOfMode(parseMode(mode), frequencyHz + k * SPACING_HZ, level)),
    ];
  } catch (error) {
    if (error instanceof SatelliteNotFound || error instanceof ModeError) throw new UsageError(error.message);
    throw error;
  }
}

function printer(io: CommandIo): (frame: TransmittedFrame) => void {
  const told = new Set<string>();
  return (frame) => {
    const name = `${frame.satellite} ${frame.transmitter}`;
    if (!frame.inCapture && !told.has(name)) {
      told.add(name);
      io.stderr.write(`${name}: a frame lies outside of what is captured; see --centre-hz and --sample-rate\n`);
    }
    const line = {
      satellite: frame.satellite,
      transmitter: frame.transmitter,
      number: frame.number,
      start_s: Math.round(frame.startS * 1e6) / 1e6,
      end_s: Math.round(frame.endS * 1e6) / 1e6,
      in_capture: frame.inCapture,
      frame: Buffer.from(frame.bytes).toString('hex'),
    };
    io.stdout.write(`${JSON.stringify(line)}\n`);
  };
}

async function serve(io: CommandIo, serverOptions: Parameters<typeof startRtlServer>[0]): Promise<number> {
  const { host, port } = serverOptions;
  const server = await startRtlServer({ ...serverOptions, transmitted: printer(io) }).catch((cause: Error) => {
    if (systemCode(cause) === 'EADDRINUSE')
      throw new StationError('PORT_IN_USE', `port ${port} of ${host} is in use`, { cause });
    throw new StationError('PORT_UNAVAILABLE', `can't listen on ${host}:${port}: ${cause.message}`, { cause });
  });
  io.stderr.write(`SIMULATED rtl_tcp on ${host}:${server.port}\n`);
  const aborted = io.signal.aborted ? Promise.resolve() : once(io.signal, 'abort');
  await Promise.race([server.done, aborted]);
  await server.stop();
  if (server.droppedSamples > 0) io.stderr.write(`${server.droppedSamples} samples dropped: the client did not read\n`);
  return 0;
}

async function write(
  io: CommandIo,
  path: string,
  scene: Scene,
  centreHz: number,
  sampleRate: number,
  durationS: number,
): Promise<number> {
  const format = (['cu8', 'cs16', 'cf32', 'wav'] as const).find((f) => path.toLowerCase().endsWith(`.${f}`));
  if (!format) throw new UsageError(`--output ${path}: a name that ends in .cu8, .cs16, .cf32 or .wav is expected`);
  const synthesizer = makeSynthesizer({
    scene,
    format: sampleFormat(format as IqFileFormat),
    transmitted: printer(io),
  });
  synthesizer.tune(centreHz, sampleRate);
  const samples = Math.round(durationS * sampleRate);
  const whole = await writeIqFile(path, format, synthesizer, sampleRate, samples, io.signal);
  return whole ? 0 : 1;
}
