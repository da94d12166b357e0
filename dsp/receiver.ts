import type { Receiver, ReceiverInput, ReceiverSink } from './core/receiver.ts';
import { makeDeframer } from './framing/index.ts';
import type { Mode } from './mode.ts';
import { makeDemodulators } from './modulation/demodulator.ts';
import { FrameMerger, FrameSink } from './modulation/frame-sink.ts';

/**
 * The receiver of one transmitter: samples in, frames out. Several demodulators may work side by side on one signal;
 * what more than one of them finds is given once.
 * @throws RangeError when the mode makes no sense on this input (for instance a rate above the input's bandwidth), or
 *   its framing is not implemented
 */
export function makeReceiver(mode: Mode, input: ReceiverInput, sink: ReceiverSink): Receiver {
  const { symbolRate } = mode.modulation;
  const samplesPerSymbol = input.sampleRate / symbolRate;
  const merger = new FrameMerger(samplesPerSymbol, sink);
  const chains = makeDemodulators(mode.modulation, input).map((plan) => {
    const deframers = Array.from({ length: plan.variants }, () => makeDeframer(mode.framing, { symbolRate }));
    const frames = new FrameSink(deframers, samplesPerSymbol, merger);
    return { frames, demodulator: plan.make(frames) };
  });
  return {
    push(x, n) {
      for (const chain of chains) chain.demodulator.push(x, n);
    },
    flush() {
      for (const chain of chains) {
        chain.demodulator.flush();
        chain.frames.flush();
      }
    },
    reset() {
      merger.reset();
      for (const chain of chains) {
        chain.demodulator.reset();
        chain.frames.reset();
      }
    },
  };
}
