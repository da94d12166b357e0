import { pn9Scrambler } from '../coding/additive-scrambler.ts';
import { reedSolomonCodes } from '../coding/reed-solomon.ts';
import type { Framing } from './framing.ts';
import { ofSize, reedSolomonBlock } from './parts/reed-solomon-block.ts';

const FRAME_BYTES = 223;

/** 3CAT-1: a chip's sync word and PN9 sequence around a full Reed-Solomon codeword. */
export const cat3: Framing = reedSolomonBlock({
  source: 'Texas Instruments CC1101 packet engine; code by observation',
  protection: 'Reed-Solomon (t = 16) over the frame',
  sync: 'd391d391',
  syncErrors: 4,
  code: reedSolomonCodes['dvb-32'],
  size: 255,
  scrambler: pn9Scrambler,
  crc: 'none',
  checkAcceptance: 1,
  open: (information) => information.slice(),
  seal: (frame) => ofSize(frame, FRAME_BYTES),
});
