import type { RecordedCapture } from './sigmf-meta.ts';

/** Which samples of a source are where in a recording, and when they were. */
export interface CaptureList {
  readonly captures: readonly RecordedCapture[];
  /** Samples taken so far: the file's length when all of them are written. */
  readonly samples: number;
  /** Counts changes of `captures`. */
  readonly version: number;
  /**
   * The next samples for the file. A jump in the source's count, a gap, or another frequency begins a new capture.
   * @param timeMs time of the first one where that is known better than by counting
   */
  take(next: {
    firstSample: number;
    samples: number;
    gap: boolean;
    centreHz: number;
    timeMs?: number | undefined;
  }): void;
  /** Where samples of the source are in the file; null when they aren't. A piece that a gap cuts off is as long as it is there. */
  place(sample: number, length: number): { readonly fileSample: number; readonly length: number } | null;
  /** Forgets what lies behind that many samples of the file. */
  cut(samples: number): void;
}

/** @param startMs time of the first sample that will be taken, ms since 1970, UTC */
export function captureList(startMs: number, centreHz: number, sampleRate: number): CaptureList {
  let captures: RecordedCapture[] = [{ fileSample: 0, sourceSample: 0, timeMs: startMs, centreHz, gap: false }];
  let samples = 0;
  let version = 1;
  /** The source's index of the sample that should come next. */
  let expected: number | null = null;

  function countedTime(firstSample: number): number {
    if (expected === null) return startMs;
    const last = captures.at(-1)!;
    // A source that began to count anew goes on where the last capture ended, as far as anybody knows.
    const passed = firstSample >= expected ? firstSample - last.sourceSample : samples - last.fileSample;
    return last.timeMs + (passed / sampleRate) * 1000;
  }

  return {
    get captures() {
      return captures;
    },
    get samples() {
      return samples;
    },
    get version() {
      return version;
    },
    take({ firstSample, samples: count, gap, centreHz, timeMs }) {
      const missing = expected !== null && (gap || firstSample !== expected);
      if (expected === null || missing || centreHz !== captures.at(-1)!.centreHz) {
        const next = { fileSample: samples, sourceSample: firstSample, centreHz, gap: missing };
        const capture = { ...next, timeMs: timeMs ?? countedTime(firstSample) };
        // The very first one was only a guess.
        captures = samples === 0 ? [capture] : [...captures, capture];
        version++;
      }
      expected = firstSample + count;
      samples += count;
    },
    place(sample, length) {
      // From the end: after a source began to count anew, a number means the newest sample that has it.
      for (let at = captures.length - 1; at >= 0; at--) {
        const { fileSample, sourceSample } = captures[at]!;
        const place = fileSample + sample - sourceSample;
        const end = captures[at + 1]?.fileSample ?? samples;
        if (place >= fileSample && place < end) return { fileSample: place, length: Math.min(length, end - place) };
      }
      return null;
    },
    cut(to) {
      samples = Math.min(samples, to);
      captures = captures.filter((capture, i) => i === 0 || capture.fileSample < samples);
      version++;
    },
  };
}
