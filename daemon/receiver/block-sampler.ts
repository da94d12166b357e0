/** Takes blocks of samples out of a capture, of which most is passed by. */
export interface BlockSampler {
  push(bytes: Uint8Array, samples: number, firstSample: number, gap: boolean): void;
}

/**
 * @param size samples of a block
 * @param everySamples from the beginning of a block to that of the next, at least `size`
 * @param onBlock is handed the bytes, which are valid until it returns
 */
export function blockSampler(
  size: number,
  everySamples: number,
  sampleBytes: number,
  onBlock: (bytes: Uint8Array, firstSample: number) => void,
): BlockSampler {
  const block = new Uint8Array(size * sampleBytes);
  const every = Math.max(size, Math.round(everySamples));
  let held = 0;
  let nextAt = 0;
  return {
    push(bytes, samples, firstSample, gap) {
      const end = firstSample + samples;
      if (gap) {
        held = 0;
        // A receiver that loses samples all the time is too slow already: gaps bring no blocks forward.
        nextAt = Math.min(Math.max(nextAt, firstSample), firstSample + every);
      }
      for (;;) {
        const at = Math.max(nextAt + held, firstSample);
        if (at >= end) return;
        if (held === 0) nextAt = at;
        const take = Math.min(size - held, end - at);
        const from = (at - firstSample) * sampleBytes;
        block.set(bytes.subarray(from, from + take * sampleBytes), held * sampleBytes);
        held += take;
        if (held < size) return;
        held = 0;
        const first = nextAt;
        nextAt += every;
        onBlock(block, first);
      }
    },
  };
}
