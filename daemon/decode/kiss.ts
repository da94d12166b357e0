/** KISS: SLIP framing with a port and command byte. Source: Chepponis and Karn, "The KISS TNC", 1987. */
export const fend = 0xc0;
export const fesc = 0xdb;
export const tfend = 0xdc;
export const tfesc = 0xdd;
export const dataCommand = 0x00;
/** Not of the paper: gr-satellites' frame before each data frame, ms since the epoch as u64 big-endian. */
export const timestampCommand = 0x09;

/** A frame for a KISS file; where its time is known, a timestamp frame comes before it. */
export function kissRecord(frame: Uint8Array, time: Date | null): Uint8Array {
  const data = packet(dataCommand, frame);
  if (time === null) return data;
  const milliseconds = Buffer.alloc(8);
  milliseconds.writeBigUInt64BE(BigInt(Math.max(0, Math.round(time.getTime()))));
  return Buffer.concat([packet(timestampCommand, milliseconds), data]);
}

function packet(command: number, payload: Uint8Array): Buffer {
  const bytes = [fend, command];
  for (const byte of payload) {
    if (byte === fend) bytes.push(fesc, tfend);
    else if (byte === fesc) bytes.push(fesc, tfesc);
    else bytes.push(byte);
  }
  bytes.push(fend);
  return Buffer.from(bytes);
}
