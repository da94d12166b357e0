import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Reject } from '../../dsp/core/types.ts';
import { bytesPerSample, type SampleFormat } from '../../dsp/kernels/sample-format.ts';
import { type ChannelFrame, makeChannel } from './channel.ts';
import { channelLooks } from './channel-looks.ts';
import { type ChannelPlan, channelDesign, sharedChannels } from './channel-plan.ts';
import type { ReceiverFactory } from './channel-receiver.ts';
import type { LiveMessage, LiveOrder } from './live-order.ts';
import { makeRingReader, type RingMemory } from './ring.ts';
import { makeSpectra } from './spectra.ts';
import { readTimeline, type TimelineMemory } from './timeline.ts';

/** What a receiver worker is started with. Goes through workerData as it is. */
export interface ReceiverTask {
  readonly memory: RingMemory;
  /** What the other side knows of the time of the samples. */
  readonly time: TimelineMemory;
  readonly format: SampleFormat;
  readonly centreHz: number;
  readonly sampleRate: number;
  readonly channels: readonly ChannelPlan[];
}

export type RejectCounts = Readonly<Record<Reject, number>>;

/** What a receiver worker tells. `channel` is the index in the task. */
export type ReceiverMessage =
  /** From now on it reads the ring: a thread takes seconds to start on a small or busy computer. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'frame'; readonly channel: number; readonly frame: ChannelFrame }
  | { readonly kind: 'channelFailed'; readonly channel: number; readonly reason: string; readonly pauseSamples: number }
  /** `samples` read, `gaps` met and candidates rejected (one entry a channel) since the message before. */
  | {
      readonly kind: 'progress';
      readonly samples: number;
      readonly gaps: number;
      readonly rejects: readonly RejectCounts[];
    }
  | LiveMessage
  | { readonly kind: 'ended' };

const progressPerSecond = 4;
/** Buffers read in a row before the worker looks for other messages. */
const buffersATurn = 16;
const noRejects: RejectCounts = { length: 0, crc: 0, fec: 0, header: 0 };

/**
 * The life of a receiver worker: reads the ring to its end and runs all channels on every buffer.
 * @param onOrder is handed what takes orders of what is to be shown, at any time
 */
export async function receive(
  task: ReceiverTask,
  post: (message: ReceiverMessage) => void,
  makeReceiver: ReceiverFactory,
  onOrder: (take: (order: LiveOrder) => void) => void = () => {},
): Promise<void> {
  const { format, centreHz, sampleRate } = task;
  const sampleBytes = bytesPerSample[format];
  const reader = makeRingReader(task.memory, sampleBytes);
  const timeOf = readTimeline(task.time, sampleRate);
  let rejects = task.channels.map(() => ({ ...noRejects }));
  const now = () => performance.now();
  const spectra = makeSpectra({ format, centreHz, sampleRate, channels: task.channels, timeOf, now }, post);
  const groups = sharedChannels(task.channels);
  const looks = task.channels.map((plan, channel) => {
    const together = groups.find((members) => members.includes(channel))!.map((member) => task.channels[member]!);
    return channelLooks(plan, channelDesign(together, sampleRate), timeOf, now, (look, timeMs) =>
      post({ kind: 'look', channel, timeMs, look }),
    );
  });
  onOrder((order) => {
    spectra.order(order);
    for (const [channel, one] of looks.entries()) one.want(order.looks.includes(channel));
  });
  const channels = groups.map((members) => {
    const plans = members.map((member) => task.channels[member]!);
    return makeChannel(plans, { format, sampleRate, timeOf }, makeReceiver, {
      frame: (frame, i) => post({ kind: 'frame', channel: members[i]!, frame }),
      reject(why, i) {
        rejects[members[i]!]![why] += 1;
      },
      failed(error, pauseSamples, i) {
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        post({ kind: 'channelFailed', channel: members[i]!, reason, pauseSamples });
      },
      samples(iq, n, captureSample, gap) {
        for (const member of members) {
          if (gap) looks[member]!.restart();
          looks[member]!.push(iq, n, captureSample);
        }
      },
    });
  });
  let samplesRead = 0;
  let gaps = 0;

  function report(): void {
    post({ kind: 'progress', samples: samplesRead, gaps, rejects });
    rejects = task.channels.map(() => ({ ...noRejects }));
    samplesRead = 0;
    gaps = 0;
  }

  post({ kind: 'ready' });
  for (let turn = 1; ; turn++) {
    const record = await reader.read();
    if (record === null) break;
    const samples = record.bytes.length / sampleBytes;
    for (const channel of channels) channel.push(record.bytes, samples, record.firstSample, record.gap);
    spectra.push(record.bytes, samples, record.firstSample, record.gap);
    samplesRead += samples;
    if (record.gap) gaps += 1;
    if (samplesRead >= sampleRate / progressPerSecond) report();
    if (turn % buffersATurn === 0) await nextTurn();
  }
  for (const channel of channels) channel.flush();
  report();
  post({ kind: 'ended' });
}
