/** What SDR hardware delivers: interleaved I and Q, unsigned or signed 8 bit, signed 16 bit or float32, little endian. */
export type SampleFormat = 'cu8' | 'cs8' | 'cs16' | 'cf32';

/** Bytes of one IQ pair. */
export const bytesPerSample = { cu8: 2, cs8: 2, cs16: 4, cf32: 8 } as const satisfies Record<SampleFormat, number>;
