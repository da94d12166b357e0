import type { SampleBuffer, Source, SourceState, Tuning } from '../../daemon/drivers/sdr/source.ts';

interface Piece {
  readonly samples: number;
  readonly firstSample: number;
  readonly gap?: boolean;
  /** Called before the piece is given: sets the clock, or throws. */
  readonly before?: () => void;
}

/** A source that gives silence in cu8, cut as told. */
export function fakeSource(pieces: readonly Piece[], options: Partial<Source> = {}): Source {
  let state: SourceState = { at: 'closed' };
  async function* buffers(): AsyncIterable<SampleBuffer> {
    state = { at: 'streaming' };
    for (const { samples, firstSample, gap = false, before } of pieces) {
      before?.();
      yield { bytes: new Uint8Array(2 * samples).fill(128), firstSample, gap };
    }
    state = { at: 'ended' };
  }
  return {
    kind: 'simulator',
    simulated: true,
    format: 'cu8',
    lossless: true,
    tune: async (want: Tuning) => want,
    buffers,
    ...options,
    get state() {
      return state;
    },
  };
}
