import { bytesPerSample } from '../../dsp/kernels/sample-format.ts';
import type { SdrStatus } from '../api/wire.ts';
import { abortable } from '../core/abortable.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Source, Tuning } from '../drivers/sdr/source.ts';
import type { CarrierEvidence } from './carrier-evidence.ts';
import type { ChannelFrame } from './channel.ts';
import { type ChannelPlan, halfWidthHz, planChannels, type Wanted } from './channel-plan.ts';
import { channelStatus, makeChannelRecord } from './channel-record.ts';
import { makeDuplicateFilter } from './duplicates.ts';
import { type LiveFeed, makeLiveFeed } from './live-feed.ts';
import type { SpectrumRow } from './live-order.ts';
import type { ReceiverMessage } from './receive.ts';
import type { ReceivedFrame } from './received-frame.ts';
import { type ReceiverThread, startReceiverThread } from './receiver-thread.ts';
import { makeRingMemory, makeRingWriter } from './ring.ts';
import { makeTimeline, makeTimelineMemory } from './timeline.ts';

export interface SdrReceiverDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** A frame, received once; not stored yet. */
  readonly onFrame: (frame: ReceivedFrame, carrier: CarrierEvidence) => void;
  /** The same transmission again, from another channel. */
  readonly onCopy: (frame: ReceivedFrame) => void;
  /** A row of the waterfall, once a second. */
  readonly onRow?: (row: SpectrumRow) => void;
  /** Entry of the receiver's thread; the own one unless a test needs another. */
  readonly workerUrl?: URL;
}

export interface SdrReceiver {
  /** Resolves when the source has ended and everything of it is decoded. */
  readonly ended: Promise<void>;
  status(): Pick<SdrStatus, Exclude<keyof SdrStatus, 'id' | 'driver' | 'not_received'>>;
  /** What is received. */
  readonly channels: readonly ChannelPlan[];
  /** What lies outside of the capture. */
  readonly outside: readonly Wanted[];
  /** What the capture shows to those who look. */
  readonly feed: LiveFeed;
  /** Stops the source, decodes what has arrived, ends the thread. */
  stop(): Promise<void>;
}

/** About this much of a capture fits into the ring between source and receiver. */
const ringSeconds = 2;
/** A receiver that has not finished by then is ended: a station must stop in reasonable time. */
const drainMs = 5000;
/** A receiver that is too slow stays so for long: not a line for every buffer. */
const dropLogMs = 10_000;

/**
 * Tunes a source and receives all that is wanted of it until it ends or is stopped.
 * @throws whatever the source's `tune` throws: the station can't start with that
 */
export async function startSdrReceiver(
  source: Source,
  want: Tuning,
  wanted: readonly Wanted[],
  deps: SdrReceiverDeps,
): Promise<SdrReceiver> {
  const { clock, log } = deps;
  const { centreHz, sampleRate } = await source.tune(want);
  const untimed = source.startTimeMs === null;
  if (untimed && wanted.some(({ doppler }) => doppler !== undefined))
    log.warn({}, 'nothing tells the time of the samples: Doppler shifts are searched, not predicted');
  const { channels, outside } = planChannels(untimed ? wanted.map(withoutDoppler) : wanted, { centreHz, sampleRate });
  const format = source.format;
  const sampleBytes = bytesPerSample[format];
  const ringBytes = 2 ** Math.min(27, Math.max(18, Math.ceil(Math.log2(ringSeconds * sampleRate * sampleBytes))));
  const memory = makeRingMemory(ringBytes);
  const writer = makeRingWriter(memory, source.lossless ? 'wait' : 'dropOldest', sampleBytes);
  const time = makeTimelineMemory();
  const arrives = source.startTimeMs === undefined;
  const timeline = makeTimeline(sampleRate, arrives ? 'arrival' : (source.startTimeMs ?? null), time);
  // A clock that is set while a frame is on its way must not split its time: arrivals are counted by the monotonic clock.
  const arrivals = makeTimeline(sampleRate, 'arrival');
  const duplicates = makeDuplicateFilter();
  const records = channels.map(makeChannelRecord);
  const abort = new AbortController();
  let samples = 0;
  let gaps = 0;
  let workerRestarts = 0;
  let failure: string | null = null;

  function onFrame(channel: number, frame: ChannelFrame): void {
    const plan = channels[channel]!;
    const record = records[channel]!;
    const timeMs = arrives ? arrivalOf(frame.sample) : timeline.timeOf(frame.sample);
    const received: ReceivedFrame = {
      time: timeMs === null ? null : new Date(timeMs).toISOString(),
      sample: frame.sample,
      satellite: plan.satellite,
      transmitter: plan.transmitter,
      mode: record.mode,
      frame: Buffer.from(frame.bytes).toString('hex'),
      integrity: frame.integrity,
      snr_db: frame.snrDb,
      offset_hz: frame.offsetHz,
      modulation_index: frame.modulationIndex,
      clock_ppm: frame.clockPpm,
      sync_quality: frame.syncQuality,
      simulated: source.simulated,
      timedBy: timeMs === null ? null : arrives ? 'arrival' : 'recording',
      durationMs: ((frame.endSample - frame.sample) / sampleRate) * 1000,
    };
    if (duplicates.seen({ satellite: plan.satellite, ...frame })) {
      record.duplicates += 1;
      record.hearing.frame(clock.monotonic());
      deps.onCopy(received);
      return;
    }
    record.frames += 1;
    record.hearing.frame(clock.monotonic());
    record.lastFrame = received;
    deps.onFrame(received, {
      frequencyHz: plan.frequencyHz,
      middleMs: timeline.timeOf((frame.sample + frame.endSample) / 2),
      dopplerHz: frame.dopplerHz,
    });
  }

  function arrivalOf(sample: number): number | null {
    const monotonicMs = arrivals.timeOf(sample);
    return monotonicMs === null ? null : Math.round(monotonicMs + clock.now() - clock.monotonic());
  }

  function onMessage(message: ReceiverMessage): void {
    if (message.kind === 'frame') onFrame(message.channel, message.frame);
    else if (message.kind === 'channelFailed') {
      const { satellite, transmitter } = channels[message.channel]!;
      records[message.channel]!.failures += 1;
      const { reason, pauseSamples } = message;
      log.error({ satellite, transmitter, reason, pauseS: pauseSamples / sampleRate }, 'receiver failed, begins anew');
    } else if (message.kind === 'progress') {
      message.rejects.forEach((counts, i) => {
        for (const why of ['length', 'crc', 'fec', 'header'] as const) records[i]!.rejects[why] += counts[why];
        const { length, crc, fec, header } = counts;
        records[i]!.hearing.rejects(length + crc + fec + header, clock.monotonic());
      });
      gaps += message.gaps;
    } else if (message.kind === 'second') {
      message.heard.forEach((signal, i) => {
        records[i]!.hearing.heard(signal, clock.monotonic());
      });
      deps.onRow?.(message.row);
      live.message(message);
    } else if (message.kind !== 'ready' && message.kind !== 'ended') live.message(message);
  }

  const thread: ReceiverThread = startReceiverThread(
    { memory, time, format, centreHz, sampleRate, channels },
    {
      message: onMessage,
      died(error, retryInMs) {
        workerRestarts += 1;
        log.error({ err: error, retryInMs }, 'receiver thread died, starts anew');
      },
    },
    deps.workerUrl,
  );

  const live = makeLiveFeed(
    {
      centreHz,
      sampleRate,
      channels: channels.map(({ satellite, transmitter, frequencyHz, mode }, i) => ({
        ...{ satellite, transmitter, frequencyHz, mode: records[i]!.mode },
        bandwidthHz: 2 * halfWidthHz(mode.modulation),
      })),
    },
    (order) => thread.order(order),
  );

  async function pump(): Promise<void> {
    let toldDropped = 0;
    let toldAtMs = Number.NEGATIVE_INFINITY;
    try {
      // A radio that begins before the thread does has lost samples by then, or a ring full of them to catch up with.
      await abortable(thread.ready, abort.signal);
      for await (const { bytes, firstSample, gap } of source.buffers(abort.signal)) {
        const count = bytes.length / sampleBytes;
        timeline.arrived({ firstSample, samples: count, gap }, clock.now());
        if (arrives) arrivals.arrived({ firstSample, samples: count, gap }, clock.monotonic());
        samples += count;
        await writer.write(bytes, firstSample, gap, abort.signal);
        if (writer.droppedSamples > toldDropped && clock.monotonic() - toldAtMs > dropLogMs) {
          log.warn({ samples: writer.droppedSamples - toldDropped }, 'receiver too slow, samples dropped');
          toldDropped = writer.droppedSamples;
          toldAtMs = clock.monotonic();
        }
      }
    } catch (error) {
      if (!abort.signal.aborted) {
        failure = error instanceof Error ? error.message : String(error);
        log.error({ err: error }, 'source failed');
      }
    }
    writer.end();
    await thread.ended;
  }

  const ended = pump();
  return {
    ended,
    channels,
    outside,
    feed: live.feed,
    status() {
      const { state } = source;
      return {
        simulated: source.simulated,
        state: failure === null ? state.at : 'failed',
        reason: failure ?? (state.at === 'waiting' ? state.reason : null),
        centre_hz: centreHz,
        sample_rate: sampleRate,
        samples,
        dropped_samples: writer.droppedSamples,
        estimated_lost_samples: source.estimatedLostSamples ?? null,
        gaps,
        worker_restarts: workerRestarts,
        channels: channels.map((plan, i) => channelStatus(plan, records[i]!, clock.monotonic())),
      };
    },
    async stop() {
      abort.abort();
      const timeout = setTimeout(() => {
        log.warn({ drainMs }, 'receiver did not finish in time, ended');
        void thread.stop();
      }, drainMs);
      await ended;
      clearTimeout(timeout);
    },
  };
}

function withoutDoppler({ doppler: _unused, ...wanted }: Wanted): Wanted {
  return wanted;
}
