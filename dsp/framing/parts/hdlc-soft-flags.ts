/** A flag that is there once one doubtful error event is flipped. */
export interface SoftFlag {
  /** Absolute index behind the flag's last bit. */
  readonly end: number;
  /** First channel symbol of the event. */
  readonly event: number;
}

export interface SoftFlagFinder {
  /**
   * Looks at the events that begin at symbols [from, to) of the rings, `lookAhead` symbols of which must lie behind `to`.
   * Calls `found` for each flag, in the order of their events.
   */
  search(soft: Float32Array, bits: Uint8Array, from: number, to: number, found: (flag: SoftFlag) => void): void;
  readonly lookAhead: number;
  reset(): void;
}

/** An event is doubtful below this share of the mean |soft symbol|. */
const cheap = 0.25;
/** Symbols that the mean is taken over. */
const memory = 128;
const flag = 0x7e;

/**
 * Finds HDLC flags that an error event destroyed. `bits` are decoded from NRZI and, where `taps` says so, descrambled: the
 * event's symbols reach into them at the taps, once more `span` bits later.
 * @param taps delays at which a channel error comes out of the descrambler
 * @param span symbols of an event, 1 or 2, now
 */
export function softFlagFinder(taps: readonly number[], span: () => 1 | 2): SoftFlagFinder {
  const last = Math.max(...taps) + 2;
  /** Bits 7 before to 7 behind the flipped ones, newest least significant; the first flipped bit is bit `last` + 7. */
  const width = last + 15;
  const flipsOf = ([1, 2] as const).map((symbols) =>
    Uint8Array.from({ length: width }, (_, i) =>
      taps.some((tap) => i - 7 === tap || i - 7 === tap + symbols) ? 1 : 0,
    ),
  );
  let mean = 0;

  return {
    lookAhead: last + 8,
    reset() {
      mean = 0;
    },
    search(soft, bits, from, to, found) {
      const mask = bits.length - 1;
      const symbols = span();
      const flips = flipsOf[symbols - 1]!;
      for (let k = from; k < to; k++) {
        const size = Math.abs(soft[k & mask]!);
        mean += (size - mean) / memory;
        if (k < 7 || !(size < cheap * mean)) continue;
        if (symbols === 2 && !(Math.abs(soft[(k + 1) & mask]!) < cheap * mean)) continue;
        let register = 0;
        let dirty = 0; // bits since the last flipped one, as a shift register
        for (let i = 0; i < width; i++) {
          const at = k - 7 + i;
          register = ((register << 1) | (bits[at & mask]! ^ flips[i]!)) & 0xff;
          dirty = ((dirty << 1) | flips[i]!) & 0xff;
          if (i >= 7 && register === flag && dirty !== 0) found({ end: at + 1, event: k });
        }
      }
    },
  };
}
