import type { FramingParams } from '../../dsp/framing/framing.ts';

/** Parity bytes of the CCSDS Reed-Solomon code (255, 223). */
const RS_PARITY = 32;

/**
 * Information bits a channel bit carries, for Eb/N0: the forward error correction alone is charged (framings.md), not the
 * preamble, sync word, header, CRC, flags or stuffing.
 */
export function codeRate(framing: FramingParams, payloadBytes: number): number {
  const reedSolomon = payloadBytes / (payloadBytes + RS_PARITY * (framing.rsInterleaving ?? 1));
  switch (framing.kind) {
    case '3cat-1':
    case 'aistechsat-2':
    case 'ax100-asmgolay':
    case 'ax100-reed-solomon':
    case 'foresail-1':
    case 'u482c':
    case 'ops-sat':
    case 'ccsds-reed-solomon':
      return reedSolomon;
    case 'astrocast-fx25-nrz':
    case 'astrocast-fx25-nrz-i':
      return 223 / 255; // a block of full length, whatever the frame's
    case 'aausat-4':
    case 'ccsds-concatenated':
      return reedSolomon / 2;
    case 'openlst':
      return 1 / 2;
    case 'usp':
      return (payloadBytes <= 44 ? 48 / 80 : 223 / 255) / 2;
    case 'ao-40-fec':
    case 'ao-40-fec-short':
    case 'ao-40-fec-crc-16-arc':
    case 'ao-40-fec-crc-16-arc-short':
      return 0.4; // RS(160, 128) inside a rate-1/2 code
    case 'eseo':
      return payloadBytes / (payloadBytes + 16);
    case 'lilacsat-1':
      return 1 / 2;
    case 'ngham':
      return 127 / 159; // of the 106 bytes that are simulated
    case 'nusat':
      return 60 / 64;
    case 'qubik':
      return 132 / 164;
    case 'swiatowid':
      return 48 / 58;
    case 'tt-64':
      return 48 / 64;
    default:
      return 1;
  }
}
