import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { reedSolomonCodes } from '../coding/reed-solomon.ts';
import type { Framing } from './framing.ts';
import { ASM } from './parts/ccsds-frame.ts';
import { ofSize, reedSolomonBlock } from './parts/reed-solomon-block.ts';

const FRAME_BYTES = 83;

/** AISTECHSAT-2: the CCSDS sync marker and scrambler; 10 bytes of no known meaning, then shortened Reed-Solomon. */
export const aistechsat2: Framing = reedSolomonBlock({
  source: 'CCSDS 131.0-B codes; sizes by observation',
  protection: 'Reed-Solomon (t = 16) over the frame',
  sync: ASM,
  syncErrors: 4,
  lead: 10,
  code: reedSolomonCodes.ccsds,
  size: 115,
  scrambler: ccsdsScrambler,
  crc: 'none',
  checkAcceptance: 1,
  open: (information) => information.slice(),
  seal: (frame) => ofSize(frame, FRAME_BYTES),
});
