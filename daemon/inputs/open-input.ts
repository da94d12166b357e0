import { type ByteSource, openFile, streamSource, withPrefix } from './byte-source.ts';
import { readFileName } from './file-name.ts';
import { InputError, type SampleInput, type Segment } from './input.ts';
import { bytesOf, type SampleCodec } from './sample-codec.ts';
import { sampleStream } from './sample-stream.ts';
import { openSigmf } from './sigmf.ts';
import { readWavHeader } from './wav-header.ts';

export const inputFormats = ['cu8', 'cs8', 'cs16', 'cf32', 'wav', 'sigmf'] as const;
export type InputFormat = (typeof inputFormats)[number];

export interface OpenOptions {
  /** Left out, the name and the first bytes tell. */
  readonly format?: InputFormat;
  /** Needed for raw formats; overrides what a WAV says. */
  readonly sampleRate?: number;
  /** Overrides what the number of channels says. */
  readonly kind?: 'iq' | 'real';
  /** Overrides the time the input tells. */
  readonly startTime?: Date;
}

const rawCodecs: Readonly<Record<Exclude<InputFormat, 'wav' | 'sigmf'>, SampleCodec>> = {
  cu8: { type: 'u8' },
  cs8: { type: 'i8' },
  cs16: { type: 'i16' },
  cf32: { type: 'f32' },
};
/** No FM or SSB receiver gives audio faster than this, in samples/s. */
const maxAudioRate = 1_000_000;
const wavForms = ['RIFF', 'RF64', 'BW64', 'RIFX'];

/** The format a file name stands for; null when it says nothing. */
export function formatOfName(path: string): InputFormat | null {
  const extension = /\.([^./\\]+)$/.exec(path.toLowerCase())?.[1] ?? '';
  if (/^sigmf(-meta|-data)?$/.test(extension)) return 'sigmf';
  if (extension === 'cfile') return 'cf32';
  return inputFormats.find((format) => format === extension && format !== 'sigmf') ?? null;
}

/** Opens a file. @throws InputError, also when the format or a raw file's sample rate is neither said nor seen */
export async function openInput(path: string, options: OpenOptions = {}): Promise<SampleInput> {
  const named = options.format ?? formatOfName(path);
  if (named === 'sigmf') return withStart(onlyAs(await openSigmf(path), options), options);
  return openBytes(await openFile(path), named, { ...readFileName(path) }, options);
}

/** Reads standard input, or any stream of bytes. @throws InputError as openInput */
export async function openStream(
  stream: AsyncIterable<Uint8Array | string>,
  options: OpenOptions = {},
): Promise<SampleInput> {
  if (options.format === 'sigmf')
    throw new InputError('INPUT_FORMAT_UNSUPPORTED', '-: SigMF needs two files, not standard input');
  return openBytes(streamSource(stream), options.format ?? null, { startTime: null, centreHz: null }, options);
}

async function openBytes(
  source: ByteSource,
  named: Exclude<InputFormat, 'sigmf'> | null,
  fromName: { startTime: Date | null; centreHz: number | null },
  options: OpenOptions,
): Promise<SampleInput> {
  try {
    const start = new Uint8Array(4);
    const got = await source.read(start);
    if (got === 0) throw new InputError('INPUT_EMPTY', `${source.name}: is empty`);
    const whole = withPrefix(start.subarray(0, got), source);
    const isWav = wavForms.includes(Buffer.from(start).toString('latin1'));
    if (named === 'wav' || (named === null && isWav)) return await openWav(whole, fromName, options);
    if (named === null)
      throw new InputError(
        'INPUT_FORMAT_UNSUPPORTED',
        `${source.name}: what this is can't be seen: say --input-format`,
      );
    if (isWav) throw new InputError('INPUT_MISLABELLED', `${source.name}: is a WAV file, not raw ${named}`);
    return openRaw(whole, named, fromName, options);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openWav(
  source: ByteSource,
  fromName: { startTime: Date | null; centreHz: number | null },
  options: OpenOptions,
): Promise<SampleInput> {
  const header = await readWavHeader(source);
  const kind = options.kind ?? (header.channels === 2 ? 'iq' : 'real');
  if (kind === 'iq' && header.channels === 1)
    throw new InputError('INPUT_MISLABELLED', `${source.name}: has one channel, so it is audio and can't be IQ`);
  const sampleRate = options.sampleRate ?? header.sampleRate;
  if (kind === 'real' && sampleRate > maxAudioRate)
    throw new InputError(
      'INPUT_MISLABELLED',
      `${source.name}: one channel at ${sampleRate} samples/s is no audio, and IQ has two channels`,
    );
  const presentBytes = source.size === null ? null : Math.max(0, source.size - header.dataOffset);
  if (presentBytes === 0 || (header.dataBytes === null && header.finished))
    throw new InputError('INPUT_EMPTY', `${source.name}: WAV file without samples`);
  return sampleStream(source, {
    kind,
    codec: header.codec,
    channels: header.channels,
    sampleRate,
    promisedBytes: unwrapped(header.dataBytes, presentBytes),
    presentBytes,
    segments: oneSegment(
      options.startTime ?? header.startTime ?? fromName.startTime,
      header.centreHz ?? fromName.centreHz,
    ),
  });
}

/** A recording over 4 GB has only the lower 32 bits of its length in a plain WAV header. */
function unwrapped(dataBytes: number | null, presentBytes: number | null): number | null {
  if (dataBytes === null || presentBytes === null) return dataBytes;
  return presentBytes > dataBytes && (presentBytes - dataBytes) % 2 ** 32 === 0 ? presentBytes : dataBytes;
}

function openRaw(
  source: ByteSource,
  format: keyof typeof rawCodecs,
  fromName: { startTime: Date | null; centreHz: number | null },
  options: OpenOptions,
): SampleInput {
  if (options.sampleRate === undefined)
    throw new InputError(
      'INPUT_FORMAT_UNSUPPORTED',
      `${source.name}: raw samples don't tell their rate: say --sample-rate`,
    );
  if (options.kind === 'real')
    throw new InputError('INPUT_MISLABELLED', `${source.name}: ${format} is IQ and can't be audio`);
  const codec = rawCodecs[format];
  if (source.size !== null && source.size < 2 * bytesOf[codec.type])
    throw new InputError('INPUT_EMPTY', `${source.name}: holds not one sample`);
  return sampleStream(source, {
    kind: 'iq',
    codec,
    channels: 2,
    sampleRate: options.sampleRate,
    promisedBytes: null,
    presentBytes: source.size,
    segments: oneSegment(options.startTime ?? fromName.startTime, fromName.centreHz),
  });
}

function onlyAs(input: SampleInput, { kind }: OpenOptions): SampleInput {
  if (kind === undefined || kind === input.kind) return input;
  throw new InputError(
    'INPUT_MISLABELLED',
    `${input.name}: holds ${input.kind === 'iq' ? 'IQ, not audio' : 'audio, not IQ'}`,
  );
}

/** A start given by the user moves the whole recording; the gaps between its captures stay. */
function withStart(input: SampleInput, { startTime }: OpenOptions): SampleInput {
  if (!startTime) return input;
  const first = input.segments[0]?.time?.getTime();
  const segments: Segment[] = input.segments.map((segment) => {
    const sinceStartMs =
      segment.time && first !== undefined ? segment.time.getTime() - first : segment.firstSample === 0 ? 0 : Number.NaN;
    return { ...segment, time: Number.isNaN(sinceStartMs) ? null : new Date(startTime.getTime() + sinceStartMs) };
  });
  return Object.create(input, { segments: { value: segments }, startTime: { value: startTime } }) as SampleInput;
}

function oneSegment(time: Date | null, centreHz: number | null): Segment[] {
  return [{ firstSample: 0, time, centreHz }];
}
