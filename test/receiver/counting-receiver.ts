import type { ReceivedFrame, Receiver, ReceiverSink } from '../../dsp/core/receiver.ts';

/** A receiver whose only frame, given at the end of what belongs together to each sink, spans all samples since the last reset. */
export function countingReceiver(sinks: readonly ReceiverSink[]): Receiver {
  let count = 0;
  return {
    push(_x, n) {
      count += n;
    },
    flush() {
      for (const sink of sinks) sink.frame(frameOf(0, count));
    },
    reset() {
      count = 0;
    },
  };
}

export function frameOf(sample: number, endSample: number): ReceivedFrame {
  return {
    bytes: Uint8Array.of(0xca, 0xfe),
    symbol: 0,
    endSymbol: 16,
    integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour: null },
    sample,
    endSample,
    snrDb: 10,
    offsetHz: 0,
    modulationIndex: 0.5,
    clockPpm: null,
    syncQuality: null,
  };
}
