/** Several transmitters of one satellite can decode one and the same transmission: the first result stands. */
export interface DuplicateFilter {
  /** True when another chain already gave these bytes within this frame's duration. */
  seen(frame: { satellite: string; chain: string; bytes: Uint8Array; sample: number; endSample: number }): boolean;
}

interface Remembered {
  readonly satellite: string;
  readonly chain: string;
  readonly bytes: Buffer;
  readonly sample: number;
}

/** Frames of different chains come at different delays, some blocks apart; more than this many in between is not one frame. */
const remembered = 512;

/** One for every SDR: samples of different SDRs can't be compared. */
export function makeDuplicateFilter(): DuplicateFilter {
  const recent: Remembered[] = [];
  return {
    seen({ satellite, chain, bytes, sample, endSample }) {
      const duration = endSample - sample;
      for (let i = recent.length - 1; i >= 0; i--) {
        const old = recent[i]!;
        if (old.satellite !== satellite || old.chain === chain || Math.abs(old.sample - sample) >= duration) continue;
        if (old.bytes.equals(bytes)) return true;
      }
      recent.push({ satellite, chain, bytes: Buffer.from(bytes), sample });
      if (recent.length > remembered) recent.shift();
      return false;
    },
  };
}
