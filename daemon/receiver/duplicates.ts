/** Several transmitters of one satellite can decode one and the same transmission: the first result stands. */
export interface DuplicateFilter {
  /** True when these bytes were already seen from this satellite within this frame's duration. */
  seen(frame: { satellite: string; bytes: Uint8Array; sample: number; endSample: number }): boolean;
}

interface Remembered {
  readonly satellite: string;
  readonly bytes: Buffer;
  readonly sample: number;
}

/** Chains give their frames at different delays, some blocks apart; with more than this many in between it is not the same. */
const remembered = 512;

/** One for every SDR: samples of different SDRs can't be compared. */
export function makeDuplicateFilter(): DuplicateFilter {
  const recent: Remembered[] = [];
  return {
    seen({ satellite, bytes, sample, endSample }) {
      const duration = endSample - sample;
      for (let i = recent.length - 1; i >= 0; i--) {
        const old = recent[i]!;
        if (old.satellite !== satellite || Math.abs(old.sample - sample) >= duration) continue;
        if (old.bytes.equals(bytes)) return true;
      }
      recent.push({ satellite, bytes: Buffer.from(bytes), sample });
      if (recent.length > remembered) recent.shift();
      return false;
    },
  };
}
