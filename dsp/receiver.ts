import type { Receiver, ReceiverInput, ReceiverSink } from './core/receiver.ts';
import { dcSpikeRemover } from './filter/dc-spike.ts';
import type { BlockDetector, FramingContext, InnerDecoder, WordCoherence, WordDecoder } from './framing/framing.ts';
import { makeDeframer } from './framing/index.ts';
import { formatMode, type Mode } from './mode.ts';
import { channelBitRate } from './modulation/channel-bit-rate.ts';
import type { Stage } from './modulation/channel-filter.ts';
import { makeDemodulators } from './modulation/demodulator.ts';
import { FrameMerger } from './modulation/frame-merger.ts';
import { FrameSink } from './modulation/frame-sink.ts';
import type { SymbolDemodulator } from './modulation/symbol-stream.ts';
import { framingDemands, sharingKey } from './sharing.ts';

/**
 * Combinations of unsure symbols that are tried until a frame check holds. One wrong acceptance needs a 16-bit check and
 * two plausible addresses to agree by chance; more trials gain little (docs of list decoding in the framing).
 */
const defaultMaxTrials = 120;
/** From FM audio more are worth 0.08 dB (unclipped), with no wrong frame in 1,500 sent. */
const audioMaxTrials = 200;

/**
 * And in a demodulator that only backs up a better one: the first few trials bring most of the gain (70 instead of 62 of
 * direwolf's 100 noisy frames on audio, 65 by direwolf), and every trial is a chance for a wrong frame.
 */
const fallbackTrials = 20;

/** Samples that all chains take at a time. */
const blockSamples = 2048;

export interface ReceiverOptions {
  /** List decoding; 0 refuses repaired frames. */
  readonly maxTrials?: number;
  /** Names of the demodulators that may work; default all. To measure what each of them does. */
  readonly demodulators?: readonly string[];
}

/**
 * The receiver of one transmitter: samples in, frames out. Several demodulators may work side by side on one signal;
 * what more than one of them finds is given once, as the one that measures best saw it.
 * @throws RangeError when the mode makes no sense on this input (for instance a rate above the input's bandwidth),
 *   or none of the named demodulators serves it
 */
export function makeReceiver(
  mode: Mode,
  input: ReceiverInput,
  sink: ReceiverSink,
  options: ReceiverOptions = {},
): Receiver {
  return makeSharedReceiver([mode], input, [sink], options);
}

/**
 * One receiver for several modes with the same modulation: it is demodulated once, and each framing finds its frames in the same
 * symbols. Each mode's sink gets exactly what a receiver of its own would give it.
 * @param modes of the same `sharingKey`
 * @param sinks one a mode
 * @throws RangeError as makeReceiver, or when the modes can't share
 */
export function makeSharedReceiver(
  modes: readonly Mode[],
  input: ReceiverInput,
  sinks: readonly ReceiverSink[],
  options: ReceiverOptions = {},
): Receiver {
  const [first, ...others] = modes;
  if (first === undefined || sinks.length !== modes.length)
    throw new RangeError(`${modes.length} modes and ${sinks.length} sinks: a sink a mode, and one at least, expected`);
  const key = sharingKey(first, input.kind);
  const other = others.find((mode) => sharingKey(mode, input.kind) !== key);
  if (other !== undefined) throw new RangeError(`${formatMode(first)} and ${formatMode(other)} can't share a receiver`);
  const symbolRate = channelBitRate(first.modulation);
  const maxTrials = options.maxTrials ?? (input.kind === 'iq' ? defaultMaxTrials : audioMaxTrials);
  const samplesPerSymbol = input.sampleRate / symbolRate;
  const mergers = sinks.map((sink) => new FrameMerger(samplesPerSymbol, sink));
  const demands = framingDemands([first.framing, ...others.map(({ framing }) => framing)]);
  const demodulators = makeDemodulators(first.modulation, input, demands);
  const plans = demodulators.plans.filter(({ name }) => options.demodulators?.includes(name) ?? true);
  if (plans.length === 0) throw new RangeError(`no demodulator is called ${options.demodulators?.join(' or ')}`);
  const chains = plans.map((plan) => {
    // The deframers exist first, the demodulator that feeds them and decodes with them after.
    let demodulator: SymbolDemodulator | undefined;
    const innerDecoder: InnerDecoder = (request) => demodulator!.innerDecoder!(request);
    const wordDecoder: WordDecoder = (request) => demodulator!.wordDecoder!(request);
    const wordCoherence: WordCoherence = (symbol, bits) => demodulator!.wordCoherence!(symbol, bits);
    const blockDetector: BlockDetector = (symbol, n) => demodulator!.blockDetector!(symbol, n);
    const { errorEvents: eventsAt } = plan;
    const errorEvents = typeof eventsAt === 'function' ? () => eventsAt(demodulator!.modulationIndex!()) : eventsAt;
    const context: FramingContext = {
      symbolRate,
      maxTrials: plan.fallback && plans.length > 1 ? Math.min(fallbackTrials, maxTrials) : maxTrials,
      errorEvents,
      ...(plan.joint ? { innerDecoder, wordDecoder, wordCoherence } : {}),
      ...(plan.iterative ? { blockDetector } : {}),
    };
    const outlets = modes.map(({ framing }, i) => ({
      deframers: Array.from({ length: plan.variants }, () => makeDeframer(framing, context)),
      out: mergers[i]!.chain(plan.measuring ?? false),
    }));
    const frames = new FrameSink(outlets, plan.variants, samplesPerSymbol);
    demodulator = plan.make(frames);
    return { frames, demodulator };
  });
  const toChains: Stage = (samples, n) => {
    for (const chain of chains) chain.demodulator.push(samples, n);
  };
  const front = demodulators.front?.(toChains);
  const items = input.kind === 'iq' ? 2 : 1;
  const spike = input.kind === 'iq' ? dcSpikeRemover(input.sampleRate) : undefined;
  // Chains run in step on blocks of fixed absolute boundaries: which of them finds a frame first, and so whose evidence
  // it carries, must not depend on how the caller cuts the input.
  const block = new Float32Array(items * blockSamples);
  let filled = 0;

  function deliver(): void {
    if (filled === 0) return;
    const samples = finite(block, items * filled);
    spike?.process(samples, filled, samples);
    (front?.push ?? toChains)(samples, filled);
    filled = 0;
  }

  return {
    push(x, n) {
      for (let at = 0; at < n; ) {
        const take = Math.min(n - at, blockSamples - filled);
        block.set(x.subarray(items * at, items * (at + take)), items * filled);
        filled += take;
        at += take;
        if (filled === blockSamples) deliver();
      }
    },
    flush() {
      deliver();
      front?.flush();
      for (const chain of chains) {
        chain.demodulator.flush();
        chain.frames.flush();
      }
    },
    reset() {
      filled = 0;
      spike?.reset();
      for (const merger of mergers) merger.reset();
      front?.reset();
      for (const chain of chains) {
        chain.demodulator.reset();
        chain.frames.reset();
      }
    },
  };
}

/** The samples as they are, or a copy with 0 for what is no number: one NaN would stay in every running sum for good. */
function finite(x: Float32Array, count: number): Float32Array {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[i]!;
  if (Number.isFinite(sum)) return x;
  const copy = x.slice(0, count);
  for (let i = 0; i < count; i++) if (!Number.isFinite(copy[i]!)) copy[i] = 0;
  return copy;
}
