import { diskReason } from '../core/disk-reason.ts';
import { bytesPerSample } from '../drivers/sdr/source.ts';
import { captureList } from './capture-list.ts';
import { type DataFile, dataPath, metaPath, type RecordingFiles, systemFiles } from './recording-files.ts';
import { metaText, type RecordedAnnotation, type RecordingFacts } from './sigmf-meta.ts';

export interface RecordingPlan extends RecordingFacts {
  readonly folder: string;
  /** Of the files, without ending; a number is put behind it when it is taken. */
  readonly name: string;
  readonly centreHz: number;
  /** Time of the first sample that will be written, ms since 1970, UTC. */
  readonly startMs: number;
}

export interface RecordingOptions {
  readonly files?: RecordingFiles;
  /** Bytes that may wait for the disk; what comes beyond is left out of the recording. */
  readonly mostWaitingBytes?: number;
}

/** What was received in a part of the recording; SigMF wants labels of up to 20 characters, the rest in the comment. */
export interface SignalAnnotation extends Pick<RecordedAnnotation, 'label' | 'comment' | 'band'> {
  /** Index in the source of its first sample, and their number. */
  readonly sample: number;
  readonly length: number;
}

export interface RecordingResult {
  readonly name: string;
  readonly dataPath: string;
  readonly metaPath: string;
  readonly bytes: number;
  readonly samples: number;
  readonly captures: number;
  readonly skippedSamples: number;
  /** Why it ended before it was closed; null when it didn't. */
  readonly reason: string | null;
}

/** A recording under way. The disk can only end it: nothing here throws or waits because of it. */
export interface Recording extends RecordingResult {
  /**
   * Takes a copy of whole IQ pairs. `firstSample` counts as the source does; a jump in it, or `gap`, begins a new capture.
   * @param timeMs time of the first one where the caller knows it better than by counting from the start
   */
  write(bytes: Uint8Array, firstSample: number, gap: boolean, timeMs?: number): void;
  /** The middle of what comes from the next write on. */
  retune(centreHz: number): void;
  /** Marks what was received. False when it isn't in the recording. */
  annotate(annotation: SignalAnnotation): boolean;
  /** Resolves when no more than half of what may wait does: for sources that can wait. */
  ready(): Promise<void>;
  /** Writes what waits and the final metadata; a recording without samples leaves no files. */
  close(): Promise<RecordingResult>;
}

const MOST_WAITING_BYTES = 32 * 2 ** 20;
/** A source that is torn to pieces is no recording any more; each piece makes the metadata be written again. */
const MOST_CAPTURES = 10_000;
const MOST_ANNOTATIONS = 20_000;
/** Given back on a full disk, so that the metadata find room. */
const ROOM_FOR_META_BYTES = 65_536;

/** `20261126T120000Z_GOMX-3`: sorts by time, and is a name on every file system. */
export function recordingName(startMs: number, satellite: string): string {
  const time = new Date(startMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  const plain = satellite.replaceAll(/[^A-Za-z0-9._+-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return `${time}Z_${plain.slice(0, 60) || 'unknown'}`;
}

/**
 * Begins a recording: NAME.sigmf-data and NAME.sigmf-meta in the source's own format. The metadata are replaced at every gap
 * before the samples behind it are written: so what a crash leaves can be read, and its times are right.
 * @throws RangeError for a name that is none; a disk that refuses is told in `reason`
 */
export async function startRecording(plan: RecordingPlan, options: RecordingOptions = {}): Promise<Recording> {
  if (!/^[A-Za-z0-9][\w.+-]{0,120}$/.test(plan.name)) throw new RangeError(`'${plan.name}' is no name for a recording`);
  const { files = systemFiles, mostWaitingBytes = MOST_WAITING_BYTES } = options;
  const pairBytes = bytesPerSample[plan.format];
  const list = captureList(plan.startMs, plan.centreHz, plan.sampleRate);
  let annotations: RecordedAnnotation[] = [];
  const waiting: Uint8Array[] = [];
  const wakers: (() => void)[] = [];
  let name = plan.name;
  let file: DataFile | null = null;
  let reason: string | null = null;
  let closed: Promise<RecordingResult> | null = null;
  let centreHz = plan.centreHz;
  let skippedSamples = 0;
  let afterSkip = false;
  let waitingBytes = 0;
  let writtenBytes = 0;
  let versionInMeta = 0;
  let writing: Promise<void> | null = null;

  const result = (): RecordingResult => ({
    name,
    dataPath: dataPath(plan.folder, name),
    metaPath: metaPath(plan.folder, name),
    bytes: writtenBytes,
    samples: Math.floor(writtenBytes / pairBytes),
    captures: list.captures.length,
    skippedSamples,
    reason,
  });

  function end(why: string): void {
    reason ??= why;
    waiting.length = 0;
    waitingBytes = 0;
    for (const wake of wakers.splice(0)) wake();
  }

  async function writeMeta(state: 'recording' | 'complete' | 'ended early'): Promise<void> {
    versionInMeta = list.version;
    await files.writeMeta(
      metaPath(plan.folder, name),
      metaText(plan, list.captures, annotations, { state, reason, skippedSamples }),
    );
  }

  async function writeWaiting(to: DataFile): Promise<void> {
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (list.version !== versionInMeta) await writeMeta('recording');
        for (let done = 0; done < next.length; ) {
          const count = await to.write(next.subarray(done));
          if (count === 0) throw Object.assign(new Error('nothing written'), { code: 'ENOSPC' });
          done += count;
          writtenBytes += count;
        }
        waitingBytes = Math.max(0, waitingBytes - next.length);
        if (waitingBytes <= mostWaitingBytes / 2) for (const wake of wakers.splice(0)) wake();
      }
    } catch (error) {
      end(diskReason(error));
    }
    // Nothing is awaited between the last look at what waits and this: what comes later begins anew.
    writing = null;
  }

  /** Samples at the end of a file that couldn't be written whole, and captures that have none. */
  async function trim(to: DataFile, spareBytes: number): Promise<void> {
    const samples = Math.floor(Math.max(0, writtenBytes - spareBytes) / pairBytes);
    await to.truncate(samples * pairBytes);
    writtenBytes = samples * pairBytes;
    list.cut(samples);
    annotations = annotations.filter((a) => a.fileSample + a.length <= samples);
  }

  async function finish(): Promise<RecordingResult> {
    await writing;
    if (file === null) return result();
    const to = file;
    const state = () => (reason === null ? 'complete' : 'ended early');
    try {
      if (reason !== null) await trim(to, 0);
      await to.sync();
      await writeMeta(state());
    } catch (error) {
      end(diskReason(error));
      await trim(to, ROOM_FOR_META_BYTES)
        .then(() => writeMeta(state()))
        // What was written last stands, and can be read.
        .catch(() => {});
    }
    await to.close().catch(() => {});
    if (writtenBytes === 0) await files.remove(plan.folder, name).catch(() => {});
    return result();
  }

  try {
    for (let number = 1; file === null; number++) {
      name = number === 1 ? plan.name : `${plan.name}_${number}`;
      file = await files.create(plan.folder, name);
    }
    await writeMeta('recording');
  } catch (error) {
    end(diskReason(error));
  }

  return {
    get name() {
      return name;
    },
    get dataPath() {
      return result().dataPath;
    },
    get metaPath() {
      return result().metaPath;
    },
    get bytes() {
      return writtenBytes;
    },
    get samples() {
      return result().samples;
    },
    get captures() {
      return list.captures.length;
    },
    get skippedSamples() {
      return skippedSamples;
    },
    get reason() {
      return reason;
    },
    write(bytes, firstSample, gap, timeMs) {
      if (reason !== null || closed !== null || file === null || bytes.length === 0) return;
      if (bytes.length % pairBytes !== 0) return end(`${bytes.length} bytes are not whole samples`);
      const samples = bytes.length / pairBytes;
      if (waitingBytes + bytes.length > mostWaitingBytes) {
        skippedSamples += samples;
        afterSkip = true;
        return;
      }
      list.take({ firstSample, samples, gap: gap || afterSkip, centreHz, timeMs });
      if (list.captures.length > MOST_CAPTURES) return end(`more than ${MOST_CAPTURES} gaps`);
      afterSkip = false;
      waiting.push(bytes.slice());
      waitingBytes += bytes.length;
      writing ??= writeWaiting(file);
    },
    retune(to) {
      centreHz = to;
    },
    annotate({ sample, length, ...what }) {
      const place = list.place(sample, length);
      if (place === null || annotations.length >= MOST_ANNOTATIONS) return false;
      annotations.push({ ...place, ...what });
      return true;
    },
    async ready() {
      if (waitingBytes <= mostWaitingBytes / 2) return;
      await new Promise<void>((resolve) => wakers.push(resolve));
    },
    close() {
      closed ??= finish();
      return closed;
    },
  };
}
