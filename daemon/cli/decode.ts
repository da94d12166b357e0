import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { makeSharedReceiver } from '../../dsp/receiver.ts';
import type { DecodedFrame } from '../api/wire.ts';
import { seenOffsetHz } from '../decode/chain.ts';
import { decodeInput, type FrameCarrier } from '../decode/decode-input.ts';
import { kissRecord } from '../decode/kiss.ts';
import { fileSink, streamSink } from '../decode/output.ts';
import { InputError, type SampleInput } from '../inputs/input.ts';
import { judge } from '../inputs/judge.ts';
import { formatOfName, openInput, openStream } from '../inputs/open-input.ts';
import { type Command, type CommandIo, UsageError } from './command.ts';
import { type DopplerPrediction, describeFit, readPrediction } from './decode-doppler.ts';
import { type DecodeOptions, readDecodeOptions } from './decode-options.ts';
import { type Progress, terminalProgress } from './progress.ts';

const help = `
Prints the frames of recordings.

Usage: downlinkd decode INPUT... (--satellite NAME|NORAD [--transmitter ID] | --mode MODE) [OPTIONS]

INPUT is a file, a folder (all recordings in it) or - for standard input. A two-channel WAV is IQ. A mono WAV is FM audio
for FSK and AFSK, and SSB audio for BPSK and DBPSK (carrier at 1500 Hz up to 2400 Bd, else at 12 kHz, and searched +-1 kHz or more).

What to look for
  --satellite NAME|NORAD   all its transmitters; case does not matter, a dash stands for a blank
  --transmitter ID         only this one (downlinkd satellites NAME lists them)
  --mode MODE              modulation:symbol_rate:framing[,key=value...], such as
                           fsk:9600:ax25-g3ruh or afsk:1200:ax25,af_carrier=1700,deviation=500

What the input is
  --input-format FORMAT    cu8, cs8, cs16, cf32 (raw IQ), wav or sigmf; by default the file's name and start tell
  --sample-rate HZ         needed for raw IQ; overrides a WAV's header
  --iq, --audio            insist; --audio takes the first channel of a two-channel WAV
  --start-time ISO         time of the first sample; without it (and none in the file) frames have no time
  --offset-hz HZ           where the carrier lies in the IQ, relative to its middle
  --audio-carrier-hz HZ    where the carrier lies in SSB audio

Doppler shift, taken out of IQ: frames are then measured against the prediction (their offset_hz is what remains)
  --elements FILE          orbital elements of the satellite, OMM as JSON, TLE or 3LE; needs --satellite
  --location LAT,LON[,ALT_M]   where it was recorded, by default where SigMF or the station's settings say; needs --elements
The time must be known: by --start-time, SigMF, the header of a WAV or the name of the file. Without --elements the
carrier is searched as far as any shift goes.

What comes out
  --format FORMAT          jsonl (one JSON object a line), kiss (with timestamp frames where the time is known) or hex
  --json                   the same as --format jsonl
  --telemetry              adds what each frame says to its JSON line
  --output FILE            a file, which appears when it is complete
  --no-repair              only frames whose check held as they were received: no list decoding
  --config FILE            settings whose data folder may hold own satellites

Of several inputs each JSON line also has its "input". Exit code 0: all was read, with frames or without; 1: bad input, or
one that was truncated, silent, mostly clipped or not numbers (what could be decoded is printed); 2: usage.
`;

export const run: Command = {
  name: 'decode',
  summary: 'print the frames of a recording',
  help,
  async run(argv, io) {
    const options = readDecodeOptions(argv);
    const inputs = options.inputs.flatMap(expandFolder);
    if (options.open.startTime && inputs.length > 1)
      throw new UsageError('--start-time is the start of one input, not of several');
    refuseOwnInput(options.output, inputs);
    const prediction = options.doppler === null ? null : readPrediction(options.doppler, io);
    const sink = options.output === null ? streamSink(io.stdout) : fileSink(options.output);
    const progress = terminalProgress(io.stderr);
    const results: InputResult[] = [];
    try {
      for (const input of inputs) {
        const result = await decodeOne(input, options, prediction, io, progress, inputs.length > 1, async (data) => {
          if (options.output === null) progress.clear();
          await sink.write(data);
        });
        results.push(result);
      }
      progress.clear();
      if (results.every((result) => result.failed)) sink.discard();
      else await sink.finish();
    } catch (error) {
      progress.clear();
      sink.discard();
      if (io.signal.aborted) return 130;
      throw error;
    }
    summarise(results, io);
    return results.every((result) => result.good) ? 0 : 1;
  },
};

interface InputResult {
  readonly name: string;
  readonly frames: number;
  readonly good: boolean;
  /** Nothing could be read of it. */
  readonly failed: boolean;
}

async function decodeOne(
  name: string,
  options: DecodeOptions,
  prediction: DopplerPrediction | null,
  io: CommandIo,
  progress: Progress,
  several: boolean,
  write: (data: string | Uint8Array) => Promise<void>,
): Promise<InputResult> {
  const say = (line: string) => {
    progress.clear();
    warn(io, line);
  };
  let frames = 0;
  let input: SampleInput | undefined;
  const stdin = io.stdin as Readable;
  const onAbort = () => stdin.destroy();
  if (name === '-') io.signal.addEventListener('abort', onAbort, { once: true });
  try {
    input = name === '-' ? await openStream(stdin, options.open) : await openInput(name, options.open);
    checkPlacement(input, options, say);
    const doppler = prediction?.curveFor(input, say);
    const carriers: FrameCarrier[] = [];
    const whole = input;
    const received = await decodeInput({
      input,
      wanted: options.wanted,
      placement: options.placement,
      ...(doppler === undefined ? {} : { doppler }),
      carriers: (told) => carriers.push(...told),
      makeReceiver: (...args) => makeSharedReceiver(...args, options.repair ? {} : { maxTrials: 0 }),
      signal: io.signal,
      frames: async (batch) => {
        frames += batch.length;
        for (const frame of batch) await write(format(frame, options, several ? name : null));
      },
      unreceivable: (wanted, reason) =>
        say(`${name}: ${wanted.transmitter ?? 'this mode'} can't be received from it: ${reason}`),
      progress: (samples, waiting) => {
        const fraction = whole.totalSamples === null ? null : samples / whole.totalSamples;
        progress.show(
          `${plural(frames + waiting, 'frame')}, ${(samples / whole.sampleRate).toFixed(1)} s of ${name}`,
          fraction,
        );
      },
    });
    const fit = doppler === undefined ? null : describeFit(carriers, doppler);
    if (fit !== null) say(`${name}: ${fit}`);
    if (received === 0) return { name, frames, good: false, failed: true };
    const judgement = judge(input);
    for (const line of judgement.warnings) say(line);
    const anywhere = options.placement.offsetHz === undefined && options.wanted.some((w) => w.frequencyHz === null);
    if (frames === 0 && input.kind === 'iq' && anywhere)
      say(
        `${name}: no frame. By --mode alone the carrier is looked for within 2.5 kHz of the middle: --offset-hz tells where it is, --satellite how far a pass moves it`,
      );
    return { name, frames, good: judgement.good, failed: input.condition.samplesRead === 0 };
  } catch (error) {
    if (!(error instanceof InputError) || io.signal.aborted) throw error;
    say(error.message);
    return { name, frames, good: false, failed: true };
  } finally {
    io.signal.removeEventListener('abort', onAbort);
    if (!io.signal.aborted) await input?.close();
  }
}

/** Options that make no sense for what was opened, and places that the input itself tells. */
function checkPlacement(input: SampleInput, options: DecodeOptions, say: (line: string) => void): void {
  const { offsetHz, audioCarrierHz } = options.placement;
  if (input.kind === 'real' && offsetHz !== undefined)
    throw new UsageError(`${input.name} is audio; --offset-hz is for IQ`);
  if (input.kind === 'iq' && audioCarrierHz !== undefined)
    throw new UsageError(`${input.name} is IQ; --audio-carrier-hz is for audio`);
  if (offsetHz !== undefined && Math.abs(offsetHz) >= input.sampleRate / 2)
    throw new UsageError(
      `--offset-hz ${offsetHz} lies outside of ${input.name}, which has ${input.sampleRate} samples/s`,
    );
  if (audioCarrierHz !== undefined && audioCarrierHz >= input.sampleRate / 2)
    throw new UsageError(`--audio-carrier-hz ${audioCarrierHz} lies above half the sample rate of ${input.name}`);
  if (offsetHz !== undefined) return;
  for (const wanted of options.wanted) {
    const seen = seenOffsetHz(wanted, input);
    if (seen !== null && seen !== 0)
      say(
        `${input.name}: its middle is ${input.centreHz} Hz, so ${wanted.transmitter} is looked for at ${seen} Hz from there`,
      );
  }
}

function format(frame: DecodedFrame, options: DecodeOptions, input: string | null): string | Uint8Array {
  if (options.format === 'jsonl') {
    const telemetry = options.telemetry === null ? {} : { telemetry: options.telemetry(frame) };
    return `${JSON.stringify({ ...frame, ...(input === null ? {} : { input }), ...telemetry })}\n`;
  }
  if (options.format === 'hex') return `${frame.frame}\n`;
  return kissRecord(Buffer.from(frame.frame, 'hex'), frame.time === null ? null : new Date(frame.time));
}

/** A folder stands for the recordings in it. */
function expandFolder(path: string): string[] {
  if (path === '-' || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => formatOfName(name) !== null && !/\.sigmf-data$/i.test(name));
  if (names.length === 0) throw new InputError('INPUT_EMPTY', `${path}: no recording in this folder`);
  return names.sort().map((name) => join(path, name));
}

/** The output would replace the recording. */
function refuseOwnInput(output: string | null, inputs: readonly string[]): void {
  const real = (path: string) => {
    try {
      return realpathSync(path);
    } catch {
      return null;
    }
  };
  const target = output === null ? null : real(output);
  if (target !== null && inputs.some((input) => input !== '-' && real(input) === target))
    throw new UsageError(`--output ${output} is one of the inputs`);
}

function summarise(results: readonly InputResult[], io: CommandIo): void {
  if (results.length < 2) {
    const [only] = results;
    if (io.stderr.isTTY && only && !only.failed) io.stderr.write(`${plural(only.frames, 'frame')} in ${only.name}\n`);
    return;
  }
  const width = Math.max(...results.map((result) => result.name.length));
  for (const { name, frames, failed, good } of results) {
    const remark = failed ? '  not decoded' : good ? '' : '  damaged';
    io.stderr.write(`${name.padEnd(width)}  ${String(frames).padStart(6)}${remark}\n`);
  }
  const total = results.reduce((sum, result) => sum + result.frames, 0);
  const bad = results.filter((result) => !result.good).length;
  io.stderr.write(`${plural(total, 'frame')} in ${results.length} inputs${bad > 0 ? `, ${bad} of them bad` : ''}\n`);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function warn(io: CommandIo, line: string): void {
  io.stderr.write(`downlinkd: ${line}\n`);
}
