import type { DecodedFrame } from './api/wire.ts';
import type { Clock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import { bytesPerSample, type Source, type Tuning } from './drivers/sdr/source.ts';
import { enforceQuota, type QuotaLimits } from './recording/recording-quota.ts';
import { type Recording, recordingName, startRecording } from './recording/sigmf-recorder.ts';
import type { CaptureOrder } from './station/runner.ts';
import type { Place } from './tracking/wgs84.ts';

export interface PassRecorderOptions {
  readonly folder: string;
  readonly limits: QuotaLimits;
  readonly place: Place;
  /** Callsign or name of the station. */
  readonly station: string;
}

/** A source whose samples are kept as they come. */
export interface RecordedSource {
  readonly source: Source;
  /** Name of the recording; null while there is none. */
  name(): string | null;
  heard(frame: DecodedFrame): void;
  close(): Promise<void>;
}

export interface PassRecorder {
  record(source: Source, order: CaptureOrder, log: Log): RecordedSource;
  /** Removes the oldest recordings until the limits hold. */
  tidy(): Promise<void>;
}

/** SigMF has no more room in a label. */
const labelLength = 20;

/** Keeps the samples of passes as SigMF, within a quota. A disk that fails ends a recording, never the reception. */
export function makePassRecorder(options: PassRecorderOptions, clock: Clock, stationLog: Log): PassRecorder {
  const { folder, limits, place, station } = options;
  const writing = new Set<string>();
  const tidy = async () => {
    await enforceQuota(folder, limits, writing, stationLog);
  };

  return {
    tidy,
    record(source, order, log) {
      let recording: Recording | null = null;
      let tuning: Tuning = { centreHz: order.centreHz, sampleRate: 0 };
      const satellites = [...new Map(order.members.map(({ pass }) => [pass.norad, pass])).values()];
      const first = satellites[0]!;

      async function begin(timeMs: number): Promise<Recording> {
        const begun = await startRecording({
          folder,
          name: recordingName(timeMs, first.satellite),
          format: source.format,
          sampleRate: tuning.sampleRate,
          centreHz: tuning.centreHz,
          startMs: timeMs,
          satellites: satellites.map(({ satellite: name, norad }) => ({ name, norad })),
          place,
          description: `Pass of ${satellites.map(({ satellite }) => satellite).join(', ')}`,
          ...(station === '' ? {} : { author: station }),
          elements: satellites.map(({ elements }) => elements),
          simulated: source.simulated,
        });
        writing.add(begun.name);
        if (begun.reason !== null) log.warn({ reason: begun.reason }, 'the pass is not recorded');
        return begun;
      }

      const wrapped: Source = {
        kind: source.kind,
        simulated: source.simulated,
        format: source.format,
        lossless: source.lossless,
        get state() {
          return source.state;
        },
        ...(source.startTimeMs === undefined ? {} : { startTimeMs: source.startTimeMs }),
        get estimatedLostSamples() {
          return source.estimatedLostSamples ?? 0;
        },
        async tune(want) {
          tuning = await source.tune(want);
          recording?.retune(tuning.centreHz);
          return tuning;
        },
        async *buffers(signal) {
          for await (const buffer of source.buffers(signal)) {
            // The buffer has just arrived: its first sample is as old as it is long.
            const samples = buffer.bytes.length / bytesPerSample[source.format];
            const timeMs = clock.now() - (1000 * samples) / tuning.sampleRate;
            recording ??= await begin(timeMs);
            recording.write(buffer.bytes, buffer.firstSample, buffer.gap, buffer.gap ? timeMs : undefined);
            yield buffer;
          }
        },
      };

      return {
        source: wrapped,
        name: () => recording?.name ?? null,
        heard({ sample, satellite, transmitter, frame }) {
          recording?.annotate({
            sample,
            length: 1,
            label: (satellite ?? 'frame').slice(0, labelLength),
            comment: `${transmitter ?? ''} ${frame.length / 2} bytes`.trim(),
          });
        },
        async close() {
          if (recording === null) return;
          const { name, reason, skippedSamples } = await recording.close();
          writing.delete(name);
          if (reason !== null || skippedSamples > 0)
            log.warn({ name, reason, skippedSamples }, 'the recording is not whole');
          else log.info({ name }, 'recorded');
          await tidy();
        },
      };
    },
  };
}
