import type { Receiver, ReceiverInput, ReceiverSink } from './core/receiver.ts';
import { makeDeframer } from './framing/index.ts';
import type { Mode } from './mode.ts';
import { makeDemodulator } from './modulation/demodulator.ts';
import { FrameSink } from './modulation/frame-sink.ts';

/**
 * The receiver of one transmitter: samples in, frames out.
 * @throws RangeError when the mode makes no sense on this input (for instance a rate above the input's bandwidth), or
 *   its framing is not implemented
 */
export function makeReceiver(mode: Mode, input: ReceiverInput, sink: ReceiverSink): Receiver {
  const { symbolRate } = mode.modulation;
  let frames: FrameSink | undefined;
  const demodulator = makeDemodulator(mode.modulation, input, { symbols: (block) => frames!.symbols(block) });
  const deframers = Array.from({ length: demodulator.variants }, () => makeDeframer(mode.framing, { symbolRate }));
  frames = new FrameSink(deframers, input.sampleRate / symbolRate, sink);
  return {
    push: (x, n) => demodulator.push(x, n),
    flush() {
      demodulator.flush();
      frames!.flush();
    },
    reset() {
      demodulator.reset();
      frames!.reset();
    },
  };
}
