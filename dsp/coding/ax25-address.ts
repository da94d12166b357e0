export interface Ax25Address {
  readonly callsign: string;
  readonly ssid: number;
}

/** The 7 bytes of an address field. @throws RangeError on a call sign or SSID that doesn't fit. Source: AX.25 v2.2, 3.12. */
export function encodeAddress(address: Ax25Address, last: boolean): Uint8Array {
  const { callsign, ssid } = address;
  if (!/^[A-Z0-9]{1,6}$/.test(callsign)) throw new RangeError(`'${callsign}' is not a call sign of up to 6 characters`);
  if (!Number.isInteger(ssid) || ssid < 0 || ssid > 15) throw new RangeError(`SSID ${ssid} is not within 0 … 15`);
  const bytes = new Uint8Array(7).fill(0x40);
  for (let i = 0; i < callsign.length; i++) bytes[i] = callsign.charCodeAt(i) << 1;
  bytes[6] = 0x60 | (ssid << 1) | (last ? 1 : 0);
  return bytes;
}

/** An unnumbered information frame without FCS: destination, source, control 03, PID F0, information. */
export function uiFrame(destination: Ax25Address, source: Ax25Address, information: Uint8Array): Uint8Array {
  const frame = new Uint8Array(16 + information.length);
  frame.set(encodeAddress(destination, false), 0);
  frame.set(encodeAddress(source, true), 7);
  frame[14] = 0x03;
  frame[15] = 0xf0;
  frame.set(information, 16);
  return frame;
}

/**
 * Whether the 12 call-sign characters of a frame are upper-case letters, digits or blanks, shifted left by one. Random
 * bytes pass with probability (37/256)^12 ≈ 8e-11. Some satellites don't shift: never a filter for checked frames.
 */
export function plausibleAddresses(frame: Uint8Array): boolean {
  if (frame.length < 15) return false;
  for (let i = 0; i < 13; i++) {
    if (i !== 6 && !plausibleCharacter(frame[i]!)) return false;
  }
  return true;
}

/** Whether an address byte is an upper-case letter, a digit or a blank, shifted left by one. */
export function plausibleCharacter(byte: number): boolean {
  if (byte & 1) return false;
  const c = byte >> 1;
  return (c >= 0x41 && c <= 0x5a) || (c >= 0x30 && c <= 0x39) || c === 0x20;
}
