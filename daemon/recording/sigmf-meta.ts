import type { SampleFormat } from '../drivers/sdr/source.ts';
import type { Elements } from '../tracking/elements.ts';
import { ommOf } from '../tracking/omm.ts';
import type { Place } from '../tracking/wgs84.ts';

/** What a recording tells about itself. */
export interface RecordingFacts {
  /** The bytes are kept as the source gives them. */
  readonly format: SampleFormat;
  readonly sampleRate: number;
  readonly satellites: readonly { readonly name: string; readonly norad: number | null }[];
  /** Where the station is; null when that is unknown. */
  readonly place: Place | null;
  readonly description: string;
  /** Callsign or name of the station. */
  readonly author?: string;
  readonly elements?: readonly Elements[];
  readonly simulated?: boolean;
}

/** Samples without a gap inside, at one frequency. */
export interface RecordedCapture {
  /** Index of its first sample in the file. */
  readonly fileSample: number;
  /** Index of that sample in the source. */
  readonly sourceSample: number;
  /** Milliseconds since 1970, UTC, with their fraction. */
  readonly timeMs: number;
  readonly centreHz: number;
  /** Something is missing before it. */
  readonly gap: boolean;
}

export interface RecordedAnnotation {
  /** In the file. */
  readonly fileSample: number;
  readonly length: number;
  readonly label: string;
  readonly comment?: string;
  /** Edges of what was received, Hz. */
  readonly band?: { readonly lowerHz: number; readonly upperHz: number };
}

export interface RecordingProgress {
  /** `recording` in a file that nobody writes to means that the station stopped in the middle. */
  readonly state: 'recording' | 'complete' | 'ended early';
  readonly reason: string | null;
  /** Samples that were received and aren't in the file, since the disk was too slow. */
  readonly skippedSamples: number;
}

export const recorder = 'downlinkd';
const dataTypes = { cu8: 'cu8', cs8: 'ci8', cs16: 'ci16_le', cf32: 'cf32_le' } as const satisfies Record<
  SampleFormat,
  string
>;
const SPECIFICATION = '1.2.0';

/** The text of a .sigmf-meta file. Source: SigMF specification 1.2; what has no field there is under `downlinkd:`. */
export function metaText(
  facts: RecordingFacts,
  captures: readonly RecordedCapture[],
  annotations: readonly RecordedAnnotation[],
  { state, reason, skippedSamples }: RecordingProgress,
): string {
  const { place, author, elements = [] } = facts;
  const document = {
    global: {
      'core:datatype': dataTypes[facts.format],
      'core:sample_rate': facts.sampleRate,
      'core:version': SPECIFICATION,
      'core:recorder': recorder,
      'core:description': facts.description,
      ...(author !== undefined && { 'core:author': author }),
      ...(place !== null && {
        'core:geolocation': { type: 'Point', coordinates: [place.longitudeDeg, place.latitudeDeg, place.altitudeM] },
      }),
      'core:extensions': [{ name: 'downlinkd', version: '1.0.0', optional: true }],
      'downlinkd:state': state,
      ...(reason !== null && { 'downlinkd:reason': reason }),
      ...(skippedSamples > 0 && { 'downlinkd:skipped_samples': skippedSamples }),
      ...(facts.simulated === true && { 'downlinkd:simulated': true }),
      'downlinkd:satellites': facts.satellites,
      ...(elements.length > 0 && { 'downlinkd:elements': elements.map(ommOf) }),
    },
    captures: captures.map((capture) => captureFields(capture, captures[0]!)),
    annotations: annotations.toSorted((a, b) => a.fileSample - b.fileSample).map(annotationFields),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function captureFields({ fileSample, sourceSample, timeMs, centreHz, gap }: RecordedCapture, first: RecordedCapture) {
  const index = sourceSample - first.sourceSample;
  return {
    'core:sample_start': fileSample,
    // A source that began to count anew has no place in the stream of before.
    ...(index >= fileSample && { 'core:global_index': index }),
    'core:datetime': isoMicros(timeMs),
    'core:frequency': centreHz,
    ...(gap && { 'downlinkd:gap': true }),
  };
}

function annotationFields({ fileSample, length, label, comment, band }: RecordedAnnotation) {
  return {
    'core:sample_start': fileSample,
    'core:sample_count': length,
    'core:label': label,
    ...(band !== undefined && { 'core:freq_lower_edge': band.lowerHz, 'core:freq_upper_edge': band.upperHz }),
    ...(comment !== undefined && { 'core:comment': comment }),
  };
}

/** `2026-11-26T12:00:00.123456Z`: a sample is shorter than a millisecond. */
function isoMicros(timeMs: number): string {
  const micros = Math.round(timeMs * 1000);
  const wholeMs = Math.floor(micros / 1000);
  return new Date(wholeMs).toISOString().replace('Z', `${String(micros - wholeMs * 1000).padStart(3, '0')}Z`);
}
