import { readFile } from 'node:fs/promises';
import type { Place } from '../tracking/wgs84.ts';
import { type ByteSource, openFile } from './byte-source.ts';
import { InputError, type SampleInput, type Segment } from './input.ts';
import { bytesOf, type SampleCodec } from './sample-codec.ts';
import { sampleStream } from './sample-stream.ts';

/** Two captures that fit to this are one stream, in seconds: the time stamps are rounded. */
const continuousWithinS = 0.002;
const maxMetaBytes = 64_000_000;
const maxCaptures = 100_000;

/** Opens `NAME.sigmf-meta` and `NAME.sigmf-data`; either may be given. Source: SigMF specification 1.x. @throws InputError */
export async function openSigmf(path: string): Promise<SampleInput> {
  const stem = path.replace(/\.sigmf(-meta|-data)?$/, '');
  if (path.endsWith('.sigmf'))
    throw new InputError(
      'INPUT_FORMAT_UNSUPPORTED',
      `${path}: a SigMF archive; unpack it (tar xf) and give the .sigmf-meta file`,
    );
  const metaPath = `${stem}.sigmf-meta`;
  const meta = await readMeta(metaPath);
  const fault = (what: string) => new InputError('INPUT_MALFORMED', `${metaPath}: ${what}`);
  const global = record(meta['global']);
  if (!global) throw fault('has no global part');
  const layout = dataType(global['core:datatype']);
  if (!layout)
    throw fault(
      `core:datatype ${JSON.stringify(global['core:datatype']) ?? 'is missing and'} is not one that can be read`,
    );
  const sampleRate = global['core:sample_rate'];
  if (typeof sampleRate !== 'number' || !(sampleRate >= 1 && sampleRate <= 1e9))
    throw fault('core:sample_rate is missing or makes no sense');
  const streams = global['core:num_channels'] ?? 1;
  if (streams !== 1) throw fault(`holds ${String(streams)} channels; one can be read`);
  const segments = readCaptures(meta['captures'] ?? [], sampleRate, fault);
  const place = readPlace(global['core:geolocation'], fault) ?? placeOfCaptures(meta['captures'], fault);
  const source: ByteSource = await openFile(`${stem}.sigmf-data`);
  const frameBytes = bytesOf[layout.codec.type] * (layout.kind === 'iq' ? 2 : 1);
  const end = (source.size ?? 0) / frameBytes;
  const inside = segments.filter((segment) => segment.firstSample < end || segment.firstSample === 0);
  return sampleStream(source, {
    ...layout,
    channels: layout.kind === 'iq' ? 2 : 1,
    sampleRate,
    // A capture that begins behind the data shows that some is missing.
    promisedBytes: inside.length < segments.length ? (segments.at(-1)!.firstSample + 1) * frameBytes : null,
    presentBytes: source.size,
    segments: inside,
    ...(place === null ? {} : { place }),
  });
}

async function readMeta(path: string): Promise<Record<string, unknown>> {
  const source = await openFile(path);
  await source.close();
  if ((source.size ?? 0) > maxMetaBytes)
    throw new InputError('INPUT_MALFORMED', `${path}: too large for SigMF metadata`);
  let meta: unknown;
  try {
    meta = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InputError('INPUT_MALFORMED', `${path}: is not JSON`, { cause: error });
  }
  const found = record(meta);
  if (!found) throw new InputError('INPUT_MALFORMED', `${path}: is not SigMF metadata`);
  return found;
}

/** `ci16_le`, `rf32_le`, `cu8` … */
function dataType(text: unknown): { kind: 'iq' | 'real'; codec: SampleCodec } | null {
  const match = typeof text === 'string' ? /^([cr])(u8|i8|u16|i16|u32|i32|f32|f64)(?:_(le|be))?$/.exec(text) : null;
  if (!match) return null;
  const type = match[2] as SampleCodec['type'];
  if (bytesOf[type] > 1 && match[3] === undefined) return null;
  return { kind: match[1] === 'c' ? 'iq' : 'real', codec: { type, bigEndian: match[3] === 'be' } };
}

/** Captures that follow each other without a gap at one frequency become one segment. */
function readCaptures(value: unknown, sampleRate: number, fault: (what: string) => InputError): Segment[] {
  if (!Array.isArray(value)) throw fault('captures is not a list');
  if (value.length > maxCaptures) throw fault(`has more than ${maxCaptures} captures`);
  const captures: Capture[] = [];
  value.forEach((item, i) => {
    const capture = record(item);
    const start = capture?.['core:sample_start'];
    if (!capture || !Number.isSafeInteger(start) || (start as number) < 0)
      throw fault(`captures[${i}] has no core:sample_start`);
    if ((capture['core:header_bytes'] ?? 0) !== 0)
      throw fault(`captures[${i}] has a header between the samples; that can't be read`);
    const frequency = capture['core:frequency'];
    const index = capture['core:global_index'];
    const next: Capture = {
      firstSample: start as number,
      timeMs: readTime(capture['core:datetime'], i, fault),
      centreHz: typeof frequency === 'number' && Number.isFinite(frequency) ? frequency : null,
      globalIndex: Number.isSafeInteger(index) && (index as number) >= 0 ? (index as number) : null,
      afterGap: capture['downlinkd:gap'] === true,
    };
    const last = captures.at(-1);
    if (last && next.firstSample < last.firstSample) throw fault('captures are out of order');
    if (last && next.firstSample === last.firstSample) captures.pop();
    else if (last && continues(last, next, sampleRate)) return;
    captures.push(timed(next, last, sampleRate));
  });
  const segments = captures.map(
    ({ firstSample, timeMs, centreHz }): Segment => ({
      firstSample,
      time: timeMs === null ? null : new Date(Math.round(timeMs)),
      centreHz,
    }),
  );
  if (segments[0]?.firstSample !== 0) segments.unshift({ firstSample: 0, time: null, centreHz: null });
  return segments;
}

interface Capture {
  readonly firstSample: number;
  /** Milliseconds since 1970 with their fraction. */
  readonly timeMs: number | null;
  readonly centreHz: number | null;
  /** Index in the stream that was recorded, samples that were lost counted in. */
  readonly globalIndex: number | null;
  /** Our own recorder says that something is missing, though nobody knows how much. */
  readonly afterGap: boolean;
}

/**
 * A new capture is written after a gap; without a time or an index that shows there is none it must be taken as one. The
 * index tells it to the sample.
 */
function continues(last: Capture, next: Capture, sampleRate: number): boolean {
  if (next.afterGap || next.centreHz !== last.centreHz) return false;
  const samples = next.firstSample - last.firstSample;
  const indexed = next.globalIndex !== null && last.globalIndex !== null;
  if (indexed && next.globalIndex! - last.globalIndex! !== samples) return false;
  if (next.timeMs === null || last.timeMs === null) return indexed;
  return Math.abs((next.timeMs - last.timeMs) / 1000 - samples / sampleRate) <= continuousWithinS;
}

/** A capture without a time has that of the one before, and what the indices say has passed since. */
function timed(next: Capture, last: Capture | undefined, sampleRate: number): Capture {
  if (next.timeMs !== null || next.afterGap || !last || last.timeMs === null) return next;
  if (next.globalIndex === null || last.globalIndex === null || next.globalIndex < last.globalIndex) return next;
  return { ...next, timeMs: last.timeMs + ((next.globalIndex - last.globalIndex) / sampleRate) * 1000 };
}

function readTime(value: unknown, i: number, fault: (what: string) => InputError): number | null {
  if (value === undefined || value === null) return null;
  const match = typeof value === 'string' ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(value) : null;
  const secondMs = match ? Date.parse(`${match[1]}Z`) : Number.NaN;
  if (Number.isNaN(secondMs)) throw fault(`captures[${i}] core:datetime is not a UTC time`);
  return secondMs + Number(`0${match?.[2] ?? ''}`) * 1000;
}

/** A GeoJSON point (RFC 7946): longitude, latitude and, where it is known, the altitude in metres. */
function readPlace(value: unknown, fault: (what: string) => InputError): Place | null {
  if (value === undefined || value === null) return null;
  const point = record(value);
  const [longitudeDeg, latitudeDeg, altitudeM = 0] = Array.isArray(point?.['coordinates']) ? point['coordinates'] : [];
  const valid = Math.abs(latitudeDeg) <= 90 && Math.abs(longitudeDeg) <= 180 && Math.abs(altitudeM) <= 1e7;
  if (point?.['type'] !== 'Point' || ![latitudeDeg, longitudeDeg, altitudeM].every(Number.isFinite) || !valid)
    throw fault('core:geolocation is not a GeoJSON point');
  return { latitudeDeg, longitudeDeg, altitudeM };
}

/** Before version 1.2 a recording that moves had its places in the captures; the first one stands for all. */
function placeOfCaptures(captures: unknown, fault: (what: string) => InputError): Place | null {
  return Array.isArray(captures) ? readPlace(record(captures[0])?.['core:geolocation'], fault) : null;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
