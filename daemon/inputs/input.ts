import type { Place } from '../tracking/wgs84.ts';

/** Part of an input without a gap inside. */
export interface Segment {
  /** Index of its first sample in the input. */
  readonly firstSample: number;
  /** Time of that sample, where the input tells it. */
  readonly time: Date | null;
  /** Frequency of the middle of the IQ, where the input tells it. */
  readonly centreHz: number | null;
}

/** A finite stream of samples: a recording or standard input. */
export interface SampleInput {
  /** The path as given, `-` for standard input. */
  readonly name: string;
  readonly kind: 'iq' | 'real';
  readonly sampleRate: number;
  /** Time of the first sample; null when nothing tells it. */
  readonly startTime: Date | null;
  readonly centreHz: number | null;
  /** Where it was recorded; left out when nothing tells it. */
  readonly place?: Place;
  /** Samples (an IQ pair counts one) that will come; null when unknown. */
  readonly totalSamples: number | null;
  /** At least one; samples are missing between one and the next. */
  readonly segments: readonly Segment[];
  /**
   * Fills `buffer` (2 floats an IQ pair, full scale ±1) and returns the number of samples read: fewer than fit only at the
   * end of a segment or of the input, 0 at the end. Samples that are not finite numbers come as 0 and are counted.
   * @throws InputError
   */
  read(buffer: Float32Array): Promise<number>;
  /** What was noticed so far. Complete when `read` has returned 0. */
  readonly condition: InputCondition;
  close(): Promise<void>;
}

/** What is wrong with an input that can be read all the same. */
export interface InputCondition {
  /** One clear line when the input ends before it should. */
  readonly truncated: string | null;
  readonly samplesRead: number;
  /** Values looked at for the counts below. */
  readonly valuesRead: number;
  /** Values that were no finite number and were taken as 0. */
  readonly notANumber: number;
  /** Values (two an IQ pair) at either end of the scale of an integer format, or beyond that of a float format. */
  readonly clipped: number;
  /** True while every value was the same. */
  readonly silent: boolean;
}

export type InputErrorCode =
  | 'INPUT_UNREADABLE'
  | 'INPUT_EMPTY'
  | 'INPUT_NOT_WAV'
  | 'INPUT_FORMAT_UNSUPPORTED'
  | 'INPUT_MALFORMED'
  | 'INPUT_MISLABELLED';

/** An input that can't be read: one clear line that begins with its name. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code: InputErrorCode;

  constructor(code: InputErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Time of a sample of an input by its segments; null when nothing tells it. */
export function timeOfSample(input: Pick<SampleInput, 'segments' | 'sampleRate'>, sample: number): Date | null {
  const timeMs = timeMsOfSample(input, sample);
  return timeMs === null ? null : new Date(timeMs);
}

/** The same in ms since 1970, with its fraction. */
export function timeMsOfSample(input: Pick<SampleInput, 'segments' | 'sampleRate'>, sample: number): number | null {
  const segment = input.segments.findLast((s) => s.firstSample <= sample) ?? input.segments[0];
  if (!segment?.time) return null;
  return segment.time.getTime() + ((sample - segment.firstSample) * 1000) / input.sampleRate;
}
