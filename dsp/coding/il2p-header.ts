/** Bytes of a header without its parity. */
export const IL2P_HEADER_BYTES = 13;

/** What a header says: how much payload follows, and the beginning of the AX.25 frame where the header holds it. */
export interface Il2pHeader {
  readonly payloadBytes: number;
  /** Addresses, control and PID (type 1); nothing where the payload is the whole frame (type 0). */
  readonly ax25: Uint8Array;
}

const CALLSIGNS = 12;
/** AX.25 protocol identifiers by IL2P's four bits; 0 and 1 stand for frames without one. Source: IL2P draft v0.6 and v0.4. */
const PIDS: readonly (number | null)[] = [
  null,
  null,
  0x20,
  0x01,
  0x06,
  0x07,
  0x08,
  null,
  null,
  null,
  null,
  0xcc,
  0xcd,
  0xce,
  0xcf,
  0xf0,
];
const SUPERVISORY = 0;
const UNNUMBERED = 1;
/** AX.25 control fields of unnumbered frames by IL2P's opcode, poll/final bit clear: SABM DISC DM UA FRMR UI XID TEST. */
const OPCODES: readonly number[] = [0x2f, 0x43, 0x0f, 0x63, 0x87, 0x03, 0xaf, 0xe3];
const UI = 5;
const POLL_FINAL = 0x10;
const COMMAND = 0x80;
const SSID_RESERVED = 0x60;

/**
 * The header and the payload of an AX.25 frame: translated where the translation gives back the same frame, else (repeaters, other
 * characters, other flags in the SSID bytes) the whole frame as payload. With the bit of "maximum FEC" set, reserved since v0.6, for
 * which older receivers look: the payload has 16 parity bytes a block.
 */
export function il2pEncode(frame: Uint8Array): { header: Uint8Array; payload: Uint8Array } {
  for (const start of [16, 15]) {
    if (frame.length < start) continue;
    const header = translate(frame, frame.length - start);
    const back = il2pDecode(header);
    if (back?.ax25.length === start && back.ax25.every((byte, i) => byte === frame[i]))
      return { header, payload: frame.subarray(start) };
  }
  const header = new Uint8Array(IL2P_HEADER_BYTES);
  setField(header, 7, 0, 1, 1);
  setField(header, 7, 2, 10, frame.length);
  return { header, payload: frame };
}

/** null where no encoder writes such a header. */
export function il2pDecode(header: Uint8Array): Il2pHeader | null {
  const payloadBytes = field(header, 7, 2, 10);
  if (field(header, 7, 1, 1) === 0) {
    for (let i = 0; i < IL2P_HEADER_BYTES; i++) if ((header[i]! & (i === 12 ? 0xff : 0x7f)) !== 0) return null;
    return payloadBytes > 0 ? { payloadBytes, ax25: new Uint8Array(0) } : null;
  }
  const ui = field(header, 6, 0, 1) === 1;
  const type = field(header, 6, 1, 4);
  const control = field(header, 6, 5, 7);
  const pollFinal = control & 0x40 ? POLL_FINAL : 0;
  const middle = (control >> 3) & 7;
  const low = control & 7;
  const pid = PIDS[type]!;
  let ax25Control: number;
  let command = (control & 4) !== 0;
  if (ui) {
    if (pid === null || middle !== UI) return null;
    ax25Control = OPCODES[UI]! | pollFinal;
  } else if (type === SUPERVISORY) ax25Control = (middle << 5) | pollFinal | ((low & 3) << 2) | 1;
  else if (type === UNNUMBERED) {
    if (middle === UI) return null;
    ax25Control = OPCODES[middle]! | pollFinal;
  } else {
    if (pid === null) return null;
    command = true;
    ax25Control = (middle << 5) | pollFinal | (low << 1);
  }
  const ax25 = new Uint8Array(pid === null ? 15 : 16);
  for (let i = 0; i < CALLSIGNS; i++) ax25[i < 6 ? i : i + 1] = ((header[i]! & 0x3f) + 0x20) << 1;
  ax25[6] = (command ? COMMAND : 0) | SSID_RESERVED | ((header[12]! >> 4) << 1);
  ax25[13] = (command ? 0 : COMMAND) | SSID_RESERVED | ((header[12]! & 15) << 1) | 1;
  ax25[14] = ax25Control;
  if (pid !== null) ax25[15] = pid;
  return { payloadBytes, ax25 };
}

/** The header nearest to a frame, which is right only where it translates back. */
function translate(frame: Uint8Array, payloadBytes: number): Uint8Array {
  const header = new Uint8Array(IL2P_HEADER_BYTES);
  for (let i = 0; i < CALLSIGNS; i++) header[i] = ((frame[i < 6 ? i : i + 1]! >> 1) - 0x20) & 0x3f;
  header[12] = (((frame[6]! >> 1) & 15) << 4) | ((frame[13]! >> 1) & 15);
  const control = frame[14]!;
  const command = frame[6]! & COMMAND ? 4 : 0;
  const pollFinal = control & POLL_FINAL ? 0x40 : 0;
  const received = (control >> 5) << 3;
  const opcode = OPCODES.indexOf(control & ~POLL_FINAL);
  let type = PIDS.indexOf(frame[15] ?? null);
  let bits: number;
  if ((control & 1) === 0) bits = pollFinal | received | ((control >> 1) & 7);
  else if ((control & 2) === 0) {
    type = SUPERVISORY;
    bits = pollFinal | received | command | ((control >> 2) & 3);
  } else {
    if (opcode !== UI) type = UNNUMBERED;
    else setField(header, 6, 0, 1, 1);
    bits = pollFinal | ((opcode & 7) << 3) | command;
  }
  setField(header, 6, 1, 4, type & 15);
  setField(header, 6, 5, 7, bits);
  setField(header, 7, 0, 1, 1);
  setField(header, 7, 1, 1, 1);
  setField(header, 7, 2, 10, payloadBytes);
  return header;
}

/** One bit of each of `width` bytes, most significant first: how fields lie beside the characters of the call signs. */
function field(header: Uint8Array, bit: number, first: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = (value << 1) | ((header[first + i]! >> bit) & 1);
  return value;
}

function setField(header: Uint8Array, bit: number, first: number, width: number, value: number): void {
  for (let i = 0; i < width; i++) header[first + i]! |= ((value >> (width - 1 - i)) & 1) << bit;
}
