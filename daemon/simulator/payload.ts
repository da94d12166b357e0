import { uiFrame } from '../../dsp/coding/ax25-address.ts';
import { crc } from '../../dsp/coding/crc.ts';
import type { FramingParams } from '../../dsp/framing/framing.ts';

/** Addresses of every simulated AX.25 frame: nobody could take them for a real satellite's. */
const SOURCE = { callsign: 'SIMSAT', ssid: 0 };
const DESTINATION = { callsign: 'SIMGND', ssid: 0 };

/** Frame number `n` (from 1) of a simulated satellite: recognisable, never the same twice, of a size the framing takes. */
export function simulatedPayload(framing: FramingParams, satellite: string, n: number): Uint8Array {
  const text = `SIMULATED ${String(n).padStart(6, '0')} ${satellite} `;
  switch (framing.kind) {
    case 'ax25':
    case 'ax25-g3ruh':
    case 'usp':
      return uiFrame(DESTINATION, SOURCE, filled(text, 100));
    case 'geoscan':
      return filled(text, (framing.frameSize ?? 66) - 2); // the frame size counts the CRC (framings.md, 3.5)
    case 'ao-40-fec':
      return filled(text, 256);
    case 'ao-40-fec-short':
      return filled(text, 128);
    case 'ao-40-fec-crc-16-arc':
      return withCrc16(filled(text, 254));
    case 'ao-40-fec-crc-16-arc-short':
      return withCrc16(filled(text, 126));
    case 'ccsds-reed-solomon':
    case 'ccsds-concatenated':
    case 'ccsds-uncoded':
      return filled(text, framing.frameSize ?? 223);
    case 'equisat':
      return filled(text, 223);
    case 'fox-duv':
      return filled(text, framing.frameSize ?? 64);
    case 'fox-high-speed':
      return filled(text, framing.frameSize ?? 4600);
    case 'fox-psk':
      return filled(text, framing.frameSize ?? 476);
    case 'u482c':
      return filled(text, 88); // 120 with its Reed-Solomon bytes, twice that when coded: a length of 8 bits
    default:
      return filled(text, framing.frameSize ?? 100);
  }
}

/** `text`, then an alphabet that makes a wrong byte easy to see. */
function filled(text: string, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i < text.length ? text.charCodeAt(i) & 0x7f : 0x41 + (i % 26)));
}

/** CRC-16 (ARC) behind the data, low byte first, as SMOG-1 sends it. */
function withCrc16(data: Uint8Array): Uint8Array {
  const check = crc('arc')(data);
  return Uint8Array.of(...data, check & 0xff, check >> 8);
}
