import { uiFrame } from '../../dsp/coding/ax25-address.ts';
import { crc } from '../../dsp/coding/crc.ts';
import type { FramingParams } from '../../dsp/framing/framing.ts';
import { blockBytes } from '../../dsp/framing/parts/mobitex-blocks.ts';
import { callSignField } from '../../dsp/framing/parts/mobitex-call-sign.ts';
import { frameBytes } from '../../dsp/framing/parts/mobitex-frame.ts';

/** Addresses of every simulated AX.25 frame: nobody could take them for a real satellite's. */
const SOURCE = { callsign: 'SIMSAT', ssid: 0 };
const DESTINATION = { callsign: 'SIMGND', ssid: 0 };

/** Frame number `n` (from 1) of a simulated satellite: recognisable, never the same twice, of a size the framing takes. */
export function simulatedPayload(framing: FramingParams, satellite: string, n: number): Uint8Array {
  const text = `SIMULATED ${String(n).padStart(6, '0')} ${satellite} `;
  switch (framing.kind) {
    case 'ax25':
    case 'ax25-g3ruh':
    case 'fx25':
    case 'fx25-g3ruh':
    case 'il2p':
    case 'ua01':
    case 'usp':
    case 'yusat':
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
    case 'smog-p-ra':
      return filled(text, framing.frameSize ?? 128);
    case 'smog-1-ra':
      return withCrc16(filled(text, (framing.frameSize ?? 128) - 2));
    case 'mrc-100-ra':
      return withInnerCrc16(filled(text, (framing.frameSize ?? 126) - 2));
    case 'smog-p-signalling':
    case 'smog-1-signalling':
      return filled(text, 64);
    case 'hsu-sat1':
      return filled(text, 48);
    case 'ideassat':
      return filled(text, 200);
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
    case 'mobitex':
    case 'beesat-1':
      return mobitexFrame(null, text, 6);
    case 'mobitex-nx':
      return mobitexFrame(framing.callsign ?? SOURCE.callsign, text, 6);
    case 'beesat-9':
      return mobitexFrame(framing.callsign ?? SOURCE.callsign, text, 32);
    case '3cat-1':
      return filled(text, 223);
    case 'aausat-4':
      return filled(text, 92);
    case 'aistechsat-2':
      return filled(text, 83);
    case 'ao-40-uncoded':
      return filled(text, 512);
    case 'lilacsat-1':
      return filled(text, 81);
    case 'ngham':
    case 'ngham-no-reed-solomon':
      return filled(text, 106); // with the S of SIMULATED as its header, which says a padding of 19 bytes
    case 'nusat':
      return filled(text, 58);
    case 'qubik':
      return filled(text, 126);
    case 'swiatowid':
      return filled(text, 48);
    case 'tt-64':
      return filled(text, 46);
    case 'binar-1':
    case 'endurosat':
      return Uint8Array.of(100, ...filled(text, 100));
    case 'diy-1':
      return Uint8Array.of(0, 0, 0, 0, 100, ...filled(text, 100));
    case 'hades-d':
      return Uint8Array.of(0x60, ...filled(text, 132)); // the type, which tells the size
    case 'hades-r':
      return Uint8Array.of(0xe0, ...filled(text, 35));
    case 'lucky-7':
      return filled(text, 35);
    case 'spino':
      return uiFrame(DESTINATION, SOURCE, Uint8Array.of(104, 0, ...filled(text, 100))); // counts itself and the CRC
    default:
      return filled(text, framing.frameSize ?? 100);
  }
}

/** Blocks of Mobitex behind their header; receivers take no call sign but the one that they expect. */
function mobitexFrame(callSign: string | null, text: string, blocks: number): Uint8Array {
  const control = Uint8Array.of(blocks - 1, 0);
  return frameBytes(control, callSign === null ? null : callSignField(callSign), filled(text, blocks * blockBytes), 0);
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

/** CRC-16 (CCITT-FALSE) behind the first byte, low byte first, as MRC-100 sends it. */
function withInnerCrc16(data: Uint8Array): Uint8Array {
  const check = crc('ccitt-false')(data);
  return Uint8Array.of(data[0]!, check & 0xff, check >> 8, ...data.subarray(1));
}
