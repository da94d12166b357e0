import {
  type AdditiveScrambler,
  pn9MsbFirstScrambler,
  pn9Scrambler,
  pn9Sx1268Scrambler,
} from '../coding/additive-scrambler.ts';
import { type CrcName, crc } from '../coding/crc.ts';
import type { Framing } from './framing.ts';
import { concatenate } from './parts/burst.ts';
import { checkedPacket } from './parts/checked-packet.ts';

const CRC_BYTES = 2;

interface LengthByte {
  readonly source: string;
  readonly sync: string;
  readonly syncErrors: number;
  readonly whitening?: AdditiveScrambler;
  readonly crc: CrcName;
  /** Order of the CRC's bytes, big-endian unless stated. */
  readonly crcOrder?: 'big' | 'little';
  /** Bytes before the length byte; the length doesn't count them. Default 0. */
  readonly before?: number;
  /** The frame begins with what is before the data: length byte and all. */
  readonly whole?: true;
  /** The largest length, 255 unless stated. */
  readonly largest?: number;
}

/**
 * Variable-length packets of radio chips: length byte n, n bytes of data, CRC-16 over both. A packet without data is
 * no frame.
 */
function lengthByte({ crc: name, crcOrder = 'big', before = 0, whole, largest = 255, ...row }: LengthByte): Framing {
  const header = before + 1;
  return checkedPacket({
    ...row,
    protection: 'CRC-16 over length and data',
    crc: crc(name),
    crcOrder,
    headerBytes: header,
    maxBytes: header + largest + CRC_BYTES,
    sizeOf: (packet) => (packet[before]! > 0 ? header + packet[before]! + CRC_BYTES : 0),
    frameOf: (packet) => (whole ? packet : packet.slice(header)),
    packetOf: (frame) => (whole ? frame : concatenate([Uint8Array.of(frame.length), frame])),
  });
}

const texasInstruments = 'Texas Instruments CC11xx packet engine';

export const reaktorHelloWorld: Framing = lengthByte({
  source: texasInstruments,
  sync: '352e352e',
  syncErrors: 4,
  whitening: pn9Scrambler,
  crc: 'cc11xx',
});

/** Light-1, BlueWalker 3, Bluebird. */
export const light1: Framing = lengthByte({
  source: texasInstruments,
  sync: '930b51de',
  syncErrors: 4,
  whitening: pn9Scrambler,
  crc: 'cc11xx',
});

export const aalto1: Framing = lengthByte({
  source: `${texasInstruments}; CRC of HDLC by observation`,
  sync: '352e352e',
  syncErrors: 4,
  whitening: pn9Scrambler,
  crc: 'x25',
  crcOrder: 'little',
});

/** BINAR-1. Its frame begins with the length byte. */
export const binar1: Framing = lengthByte({
  source: 'EnduroSat UHF transceiver, by observation',
  sync: 'aa7e',
  syncErrors: 0,
  crc: 'ccitt-false',
  whole: true,
});

/** As BINAR-1, with up to 128 bytes of data. */
export const endurosat: Framing = lengthByte({
  source: 'EnduroSat UHF transceiver, by observation',
  sync: 'aa7e',
  syncErrors: 0,
  crc: 'ccitt-false',
  whole: true,
  largest: 128,
});

export const binar2: Framing = lengthByte({
  source: texasInstruments,
  sync: 'd391d391',
  syncErrors: 4,
  crc: 'cc11xx',
});

export const fossasat: Framing = lengthByte({
  source: 'Semtech SX126x data sheet, FSK packet engine',
  sync: '55551212',
  syncErrors: 4,
  whitening: pn9MsbFirstScrambler,
  crc: 'sx126x',
});

export const grizu263a: Framing = lengthByte({
  source: 'Semtech SX126x data sheet, FSK packet engine; whitening seed by observation',
  sync: '0123456789abcdef',
  syncErrors: 8,
  whitening: pn9Sx1268Scrambler,
  crc: 'cc11xx',
});

/** DIY-1: a header of four bytes, which belongs to the frame, and so does the length byte. */
export const diy1: Framing = lengthByte({
  source: 'DIY-1, by observation',
  sync: '2dd4',
  syncErrors: 0,
  crc: 'xmodem',
  before: 4,
  whole: true,
});
