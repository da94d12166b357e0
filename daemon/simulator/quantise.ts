/** What the simulator can write: the formats of dongles, and floats. */
export type SimulatedFormat = 'cu8' | 'cs16' | 'cf32';

/** Bytes of one IQ pair. */
export const bytesOf = { cu8: 2, cs16: 4, cf32: 8 } as const satisfies Record<SimulatedFormat, number>;

/**
 * Signal (2n floats, full scale 1) plus n pairs of `noise` from pair `at` on, in the device's format (little endian), clipped as
 * a converter clips.
 */
export function quantise(
  signal: Float32Array,
  noise: Float32Array,
  at: number,
  n: number,
  format: SimulatedFormat,
  out: Uint8Array,
): void {
  const from = 2 * at;
  switch (format) {
    case 'cu8': {
      const bytes = new Uint8ClampedArray(out.buffer, out.byteOffset, 2 * n); // rounds and clips by itself
      for (let i = 0; i < 2 * n; i++) bytes[i] = 127.5 + 127.5 * (signal[i]! + noise[from + i]!);
      return;
    }
    case 'cs16': {
      const words = new Int16Array(out.buffer, out.byteOffset, 2 * n);
      for (let i = 0; i < 2 * n; i++) {
        const v = Math.round(32_768 * (signal[i]! + noise[from + i]!));
        words[i] = Math.max(-32_768, Math.min(32_767, v));
      }
      return;
    }
    case 'cf32': {
      const floats = new Float32Array(out.buffer, out.byteOffset, 2 * n);
      for (let i = 0; i < 2 * n; i++) floats[i] = signal[i]! + noise[from + i]!;
      return;
    }
  }
}
