import type { ByteSource } from './byte-source.ts';
import { InputError } from './input.ts';
import type { SampleCodec } from './sample-codec.ts';

/**
 * The header of a RIFF/WAVE file. Sources: IBM/Microsoft "Multimedia Programming Interface and Data Specifications 1.0",
 * mmreg.h (WAVE_FORMAT_EXTENSIBLE), EBU Tech 3306 (RF64 and its ds64 chunk).
 */
export interface WavHeader {
  readonly codec: SampleCodec;
  readonly channels: number;
  readonly sampleRate: number;
  /** Bytes of samples by the header; null when it does not know (written to a pipe). */
  readonly dataBytes: number | null;
  /** True when the header was completed after recording, so that a size of 0 is meant. */
  readonly finished: boolean;
  /** Bytes before the first sample. */
  readonly dataOffset: number;
  /** From the `auxi` chunk of SDR programs. */
  readonly startTime: Date | null;
  readonly centreHz: number | null;
}

const formatPcm = 0x0001;
const formatFloat = 0x0003;
const formatExtensible = 0xfffe;
/** The last 14 bytes of every sub-format GUID that stands for a format tag. */
const guidTail = '000000001000800000aa00389b71';
/** Sizes that stand for "unknown": 0 or about 0xFFFFFFFF by most programs, about 0x7FFFF000 by SoX. */
const isUnknownSize = (size: number) =>
  size === 0 || size >= 0xffff_ff00 || (size >= 0x7fff_ef00 && size <= 0x7fff_ffff);
/** More chunks than any real file has before its samples. */
const maxChunks = 1000;
/** A `fmt `, `ds64` or `auxi` chunk is shorter. */
const maxHeaderChunk = 4096;
const maxSampleRate = 1e9;

/** Reads up to the first sample. @throws InputError */
export async function readWavHeader(source: ByteSource): Promise<WavHeader> {
  const fault = (code: InputError['code'], what: string) => new InputError(code, `${source.name}: ${what}`);
  const head = new Uint8Array(12);
  const got = await source.read(head);
  if (got === 0) throw fault('INPUT_EMPTY', 'is empty');
  const form = ascii(head, 0);
  if (form === 'RIFX') throw fault('INPUT_FORMAT_UNSUPPORTED', 'big-endian WAV (RIFX) is not supported');
  if (got < 12 || !['RIFF', 'RF64', 'BW64'].includes(form) || ascii(head, 8) !== 'WAVE')
    throw fault('INPUT_NOT_WAV', 'is not a WAV file');
  const riffBytes = new DataView(head.buffer).getUint32(4, true);
  const finished = source.size !== null && riffBytes + 8 === source.size;
  let offset = 12;
  let format: Pick<WavHeader, 'codec' | 'channels' | 'sampleRate'> | undefined;
  let wideDataBytes: number | null = null;
  let aux: Pick<WavHeader, 'startTime' | 'centreHz'> = { startTime: null, centreHz: null };
  const chunk = new Uint8Array(8);
  for (let chunks = 0; chunks < maxChunks; chunks++) {
    if ((await source.read(chunk)) < 8) throw fault('INPUT_MALFORMED', 'WAV file without samples (no data chunk)');
    offset += 8;
    const id = ascii(chunk, 0);
    const size = new DataView(chunk.buffer).getUint32(4, true);
    if (id === 'data') {
      if (!format) throw fault('INPUT_MALFORMED', 'WAV file without a format (no fmt chunk before the samples)');
      return {
        ...format,
        ...aux,
        finished,
        dataBytes: dataSize(size, form === 'RIFF' ? null : wideDataBytes),
        dataOffset: offset,
      };
    }
    const wanted = id === 'fmt ' || id === 'ds64' || id === 'auxi' ? Math.min(size, maxHeaderChunk) : 0;
    const body = new Uint8Array(wanted);
    if ((await source.read(body)) < wanted) throw fault('INPUT_MALFORMED', 'WAV file that ends within its header');
    if (id === 'fmt ') format = parseFormat(body, fault);
    if (id === 'ds64') wideDataBytes = parseWideSize(body, fault);
    if (id === 'auxi') aux = parseAuxiliary(body);
    const padded = size + (size & 1);
    await source.skip(padded - wanted);
    offset += padded;
  }
  throw fault('INPUT_MALFORMED', `WAV file with more than ${maxChunks} chunks before its samples`);
}

type Fault = (code: InputError['code'], what: string) => InputError;

function dataSize(size: number, wide: number | null): number | null {
  if (size === 0xffffffff && wide !== null) return wide;
  return isUnknownSize(size) ? null : size;
}

function parseFormat(body: Uint8Array, fault: Fault): Pick<WavHeader, 'codec' | 'channels' | 'sampleRate'> {
  if (body.length < 16) throw fault('INPUT_MALFORMED', 'WAV file with a format of less than 16 bytes');
  const view = new DataView(body.buffer);
  const tag = view.getUint16(0, true);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockAlign = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  let kind = tag;
  if (tag === formatExtensible) {
    if (body.length < 40) throw fault('INPUT_MALFORMED', 'WAV file whose extensible format is cut off');
    if (Buffer.from(body.subarray(26, 40)).toString('hex') !== guidTail)
      throw fault('INPUT_FORMAT_UNSUPPORTED', 'WAV file with a format of its own (unknown sub-format)');
    kind = view.getUint16(24, true);
  }
  if (kind !== formatPcm && kind !== formatFloat)
    throw fault(
      'INPUT_FORMAT_UNSUPPORTED',
      `WAV file with compressed or unknown samples (format 0x${kind.toString(16).padStart(4, '0')})`,
    );
  const codec = codecOf(kind, bits);
  if (!codec)
    throw fault(
      'INPUT_FORMAT_UNSUPPORTED',
      `WAV file with ${bits}-bit ${kind === formatPcm ? 'PCM' : 'float'} samples`,
    );
  if (channels < 1 || channels > 2)
    throw fault('INPUT_FORMAT_UNSUPPORTED', `WAV file with ${channels} channels: 1 is audio, 2 are IQ`);
  if (blockAlign !== channels * Math.ceil(bits / 8))
    throw fault(
      'INPUT_MALFORMED',
      `WAV file that contradicts itself: ${channels} x ${bits} bits in ${blockAlign} bytes`,
    );
  if (sampleRate < 1 || sampleRate > maxSampleRate)
    throw fault('INPUT_MALFORMED', `WAV file with a sample rate of ${sampleRate} Hz`);
  return { codec, channels, sampleRate };
}

function codecOf(kind: number, bits: number): SampleCodec | undefined {
  if (kind === formatFloat) return bits === 32 ? { type: 'f32' } : bits === 64 ? { type: 'f64' } : undefined;
  // Odd depths such as 12 or 20 bits lie in the upper bits of the next whole byte.
  if (bits < 1 || bits > 32) return undefined;
  return { type: (['u8', 'i16', 'i24', 'i32'] as const)[Math.ceil(bits / 8) - 1]! };
}

function parseWideSize(body: Uint8Array, fault: Fault): number {
  if (body.length < 24) throw fault('INPUT_MALFORMED', 'RF64 file whose ds64 chunk is cut off');
  const bytes = new DataView(body.buffer).getBigUint64(8, true);
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER))
    throw fault('INPUT_MALFORMED', 'RF64 file that claims an impossible size');
  return Number(bytes);
}

/**
 * The `auxi` chunk that SpectraVue, HDSDR and SDRuno write: start and stop as Windows SYSTEMTIME in UTC (year, month, day of
 * week, day, hour, minute, second, ms; u16 each), then the centre frequency in Hz as u32. An implausible date counts as none.
 */
function parseAuxiliary(body: Uint8Array): Pick<WavHeader, 'startTime' | 'centreHz'> {
  if (body.length < 36) return { startTime: null, centreHz: null };
  const view = new DataView(body.buffer);
  const [year, month, , day, hour, minute, second, ms] = Array.from({ length: 8 }, (_, i) =>
    view.getUint16(2 * i, true),
  ) as [number, number, number, number, number, number, number, number];
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second, ms));
  const plausible =
    year >= 1990 && year <= 2100 && time.getUTCMonth() === month - 1 && time.getUTCDate() === day && hour < 24;
  const centreHz = view.getUint32(32, true);
  return {
    startTime: plausible && minute < 60 && second < 60 && ms < 1000 ? time : null,
    centreHz: centreHz > 0 ? centreHz : null,
  };
}

function ascii(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
}
