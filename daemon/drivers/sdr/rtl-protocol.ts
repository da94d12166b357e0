/**
 * The rtl_tcp protocol: a greeting of 12 bytes (RTL0, tuner, number of gains; big endian), then cu8 without end. A command is
 * one byte and a big-endian 32-bit argument; nothing is acknowledged. Source: field notes, section 1; librtlsdr's rtl_tcp.
 */
export const GREETING_BYTES = 12;
export const COMMAND_BYTES = 5;

export const rtlCommands = {
  frequency: 0x01,
  sampleRate: 0x02,
  /** 1 is manual. */
  gainMode: 0x03,
  /** Tenths of a dB. */
  gain: 0x04,
  ppm: 0x05,
  ifGain: 0x06,
  /** 1: a counter instead of samples. */
  testMode: 0x07,
  agc: 0x08,
  /** 1 is the I input, 2 the Q input. */
  directSampling: 0x09,
  offsetTuning: 0x0a,
  gainByIndex: 0x0d,
  biasTee: 0x0e,
} as const;
export type RtlCommand = keyof typeof rtlCommands;

/** Tuner types by number, from 1. */
export const tuners = ['unknown', 'E4000', 'FC0012', 'FC0013', 'FC2580', 'R820T', 'R828D'] as const;

export function greeting(tuner: number, gains: number): Uint8Array {
  const bytes = new Uint8Array(GREETING_BYTES);
  bytes.set([0x52, 0x54, 0x4c, 0x30]);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, tuner);
  view.setUint32(8, gains);
  return bytes;
}

/** The tuner's name, or null when these 12 bytes are no greeting. */
export function readGreeting(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, GREETING_BYTES);
  if (view.getUint32(0) !== 0x52544c30) return null;
  return tuners[view.getUint32(4)] ?? 'unknown';
}

/** Negative arguments (ppm, gain) go as two's complement. */
export function rtlCommand(command: RtlCommand, argument: number): Uint8Array {
  const bytes = new Uint8Array(COMMAND_BYTES);
  bytes[0] = rtlCommands[command];
  new DataView(bytes.buffer).setInt32(1, argument | 0);
  return bytes;
}

/** Sample rates the RTL2832 can do (librtlsdr refuses others), S/s. */
export function possibleSampleRate(rate: number): boolean {
  return (rate > 225_000 && rate <= 300_000) || (rate > 900_000 && rate <= 3_200_000);
}
