import type { TelemetryField } from '../api/wire.ts';
import { asciiText, type Dissection, hex } from './field.ts';

const addressLength = 7;
/** Destination, source and eight digipeaters. AX.25 v2.0 §2.2.13; v2.2 allows two of them only. */
const mostAddresses = 10;
/** A control byte without the poll/final bit, of unnumbered frames. AX.25 v2.2, figure 4.4. */
const unnumbered: Readonly<Record<number, string>> = {
  3: 'UI',
  15: 'DM',
  47: 'SABM',
  67: 'DISC',
  99: 'UA',
  111: 'SABME',
  135: 'FRMR',
  175: 'XID',
  227: 'TEST',
};
const supervisory = ['RR', 'RNR', 'REJ', 'SREJ'] as const;

/**
 * An AX.25 frame without its FCS: addresses, control, PID and information. Sequence numbers are taken as modulo 8, because
 * only the connection's set-up tells of modulo 128. Never throws. Source: AX.25 v2.2, 3.12 and 4.2 to 4.3.
 */
export function dissectAx25(frame: Uint8Array): Dissection {
  const fields: TelemetryField[] = [];
  const say = (name: string, value: TelemetryField['value'], offset: number, length: number) =>
    fields.push({ name, value, offset, length });

  const addresses = addressCount(frame);
  if (addresses === null) {
    return { fields, reason: 'no AX.25 frame: the address field has no end after 2 to 10 addresses' };
  }
  for (let i = 0; i < addresses; i++) {
    const at = i * addressLength;
    const name = i === 0 ? 'destination' : i === 1 ? 'source' : `digipeaters.${i - 2}`;
    const last = frame[at + addressLength - 1]!;
    say(`${name}.callsign`, callsign(frame.subarray(at, at + 6)), at, 6);
    say(`${name}.ssid`, (last >> 1) & 15, at + 6, 1);
    say(`${name}.${i < 2 ? 'command_bit' : 'repeated'}`, (last & 0x80) !== 0, at + 6, 1);
  }

  let at = addresses * addressLength;
  if (at >= frame.length) return { fields, reason: 'the frame ends after the addresses: there is no control byte' };
  const control = frame[at]!;
  const kind = kindOf(control);
  say('control.kind', kind ?? 'unknown', at, 1);
  say('control.poll_final', (control & 0x10) !== 0, at, 1);
  if (kind === 'I') say('control.send_sequence', (control >> 1) & 7, at, 1);
  if ((control & 3) !== 3) say('control.receive_sequence', control >> 5, at, 1);
  at++;

  if (kind === 'I' || kind === 'UI') {
    if (at >= frame.length) return { fields, reason: 'the frame ends after the control byte: there is no PID' };
    say('pid', frame[at]!, at, 1);
    at++;
  }
  if (at < frame.length) {
    const information = frame.subarray(at);
    say('information', hex(information), at, information.length);
    const text = asciiText(information);
    if (text !== null) say('information_text', text, at, information.length);
  }
  return { fields, reason: null };
}

/** How many addresses there are: bit 0 is set in the last byte of the last one alone. */
function addressCount(frame: Uint8Array): number | null {
  for (let i = 0; i < frame.length && i < mostAddresses * addressLength; i++) {
    if ((frame[i]! & 1) === 0) continue;
    const count = (i + 1) / addressLength;
    return Number.isInteger(count) && count >= 2 ? count : null;
  }
  return null;
}

/** Without the blanks that fill it up; what is no ASCII character is shown as \xNN. */
function callsign(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => {
    const c = byte >> 1;
    return c >= 0x20 && c < 0x7f ? String.fromCharCode(c) : `\\x${c.toString(16).padStart(2, '0')}`;
  }).join('');
  return text.trimEnd();
}

function kindOf(control: number): string | null {
  if ((control & 1) === 0) return 'I';
  if ((control & 3) === 1) return supervisory[(control >> 2) & 3]!;
  return unnumbered[control & 0xef] ?? null;
}
