import { crc } from '../../dsp/coding/crc.ts';
import type { TelemetryField } from '../api/wire.ts';
import { asciiText, type Dissection, hex } from './field.ts';

const headerLength = 4;
const crcLength = 4;
const flags = { fragmentation: 0x10, hmac: 0x08, xtea: 0x04, rdp: 0x02, crc32c: 0x01 } as const;
const priorities = ['critical', 'high', 'normal', 'low'] as const;

export type CspOrder = 'big-endian' | 'little-endian' | 'by-checksum';

/**
 * A packet of the Cubesat Space Protocol, version 1: a header of 32 bits, the data, and behind them a CRC-32C when the header
 * says so. Some satellites send the header's bytes in reverse; `by-checksum` takes that when the checksum fits then only.
 * Never throws. Source: libcsp 1.x documentation, "The Cubesat Space Protocol: header and CRC32".
 */
export function dissectCsp(frame: Uint8Array, order: CspOrder = 'by-checksum'): Dissection {
  if (frame.length < headerLength) {
    return { fields: [], reason: `no CSP packet: its header has 4 bytes, the frame has ${frame.length}` };
  }
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const little = order === 'little-endian' || (order === 'by-checksum' && onlySwappedFits(frame, view));
  const header = view.getUint32(0, little);
  const at = (byte: number) => (little ? headerLength - 1 - byte : byte);
  const fields: TelemetryField[] = [];
  const say = (name: string, value: TelemetryField['value'], offset: number, length: number) =>
    fields.push({ name, value, offset, length });
  /** A part of the header that reaches from one of its bytes to another, most significant first. */
  const part = (name: string, value: TelemetryField['value'], first: number, last: number) =>
    say(name, value, Math.min(at(first), at(last)), last - first + 1);

  part('priority', priorities[header >>> 30]!, 0, 0);
  part('source', (header >>> 25) & 31, 0, 0);
  part('destination', (header >>> 20) & 31, 0, 1);
  part('destination_port', (header >>> 14) & 63, 1, 2);
  part('source_port', (header >>> 8) & 63, 2, 2);
  part('reserved', (header >>> 5) & 7, 3, 3);
  for (const [name, mask] of Object.entries(flags)) part(`flags.${name}`, (header & mask) !== 0, 3, 3);
  say('header_order', little ? 'little-endian' : 'big-endian', 0, headerLength);

  const withCrc = (header & flags.crc32c) !== 0;
  if (withCrc && frame.length < headerLength + crcLength) {
    return { fields, reason: 'the header promises a CRC-32C, but the packet is too short for one' };
  }
  const end = frame.length - (withCrc ? crcLength : 0);
  if (end > headerLength) {
    const data = frame.subarray(headerLength, end);
    say('data', hex(data), headerLength, data.length);
    const text = asciiText(data);
    if (text !== null) say('data_text', text, headerLength, data.length);
  }
  if (!withCrc) return { fields, reason: null };
  const coverage = crcCoverage(frame, view);
  say('crc32c.value', hex(frame.subarray(end)), end, crcLength);
  say('crc32c.covers', coverage, end, crcLength);
  return { fields, reason: coverage === null ? 'the CRC-32C does not fit the packet' : null };
}

/** What the checksum in the last four bytes was made of: libcsp up to 1.4 takes the data, later ones the header too. */
function crcCoverage(frame: Uint8Array, view: DataView): 'data' | 'header and data' | null {
  if (frame.length < headerLength + crcLength) return null;
  const end = frame.length - crcLength;
  const value = view.getUint32(end);
  if (crc('crc32c')(frame, headerLength, end) === value) return 'data';
  return crc('crc32c')(frame, 0, end) === value ? 'header and data' : null;
}

/** By chance that happens once in 2^32 packets. */
function onlySwappedFits(frame: Uint8Array, view: DataView): boolean {
  const says = (little: boolean) => (view.getUint32(0, little) & flags.crc32c) !== 0;
  return says(true) && !says(false) && crcCoverage(frame, view) !== null;
}
