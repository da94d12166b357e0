import { reedSolomon } from './reed-solomon.ts';
import { type Flip, softReedSolomon } from './soft-reed-solomon.ts';

/** One of FX.25's codes: the tag that announces it, and bytes of a block. */
export interface Fx25Code {
  /** In hexadecimal in the order on the air, which is the document's 64-bit number with the least significant bit first. */
  readonly tag: string;
  readonly information: number;
  readonly parity: number;
}

/** Tags 01 to 0B. Source: FX.25, Forward Error Correction Extension to AX.25 Link Protocol, draft 01_06 (Stensat Group). */
export const fx25Codes: readonly Fx25Code[] = [
  { tag: '7cf4ca51fbedb2ed', information: 239, parity: 16 },
  { tag: '7bf133006506ff64', information: 128, parity: 16 },
  { tag: '790d9bcf10a03be3', information: 64, parity: 16 },
  { tag: '7706696c2d76a0f1', information: 32, parity: 16 },
  { tag: '75fac1a358d06476', information: 223, parity: 32 },
  { tag: '72ff38f2c63b29ff', information: 128, parity: 32 },
  { tag: '7003903db39ded78', information: 64, parity: 32 },
  { tag: '6ee8ddb4bd961fdb', information: 32, parity: 32 },
  { tag: '6c14757bc830db5c', information: 191, parity: 64 },
  { tag: '6b118c2a56db96d5', information: 128, parity: 64 },
  { tag: '69ed24e5237d5252', information: 64, parity: 64 },
];

const MOTHER_CODE = 255;

export interface Fx25Block {
  /** `information` bytes → the block on the air, information first. */
  encode(information: Uint8Array): Uint8Array;
  /**
   * Corrects a block in place; `reliability` and `errors` as softReedSolomon has them. Returns the number of bytes changed, or -1
   * with the block as it was.
   */
  decode(block: Uint8Array, reliability: Float32Array, errors: readonly (readonly Flip[])[]): number;
}

/** Blocks of one of the codes. A shortened one has its virtual zeros between information and parity. */
export function fx25Block({ information, parity }: Fx25Code): Fx25Block {
  const params = { fieldPolynomial: 0x11d, firstRoot: 1, prim: 1, parity };
  const mother = reedSolomon(params);
  const code = softReedSolomon(params);
  const size = information + parity;
  // The code is cyclic: with the parity in front the virtual zeros come before the block, as in any other shortened code.
  const turned = new Uint8Array(size);
  const turnedReliability = new Float32Array(size);
  return {
    encode(data) {
      const word = new Uint8Array(MOTHER_CODE);
      word.set(data.subarray(0, information));
      mother.encode(word, MOTHER_CODE);
      word.copyWithin(information, MOTHER_CODE - parity);
      return word.slice(0, size);
    },
    decode(block, reliability, errors) {
      turned.set(block.subarray(information, size));
      turned.set(block.subarray(0, information), parity);
      turnedReliability.set(reliability.subarray(information, size));
      turnedReliability.set(reliability.subarray(0, information), parity);
      const turnedErrors = errors.map((error) => error.map(({ at, mask }) => ({ at: (at + parity) % size, mask })));
      const changed = code.decode(turned, size, turnedReliability, turnedErrors);
      if (changed < 0) return -1;
      block.set(turned.subarray(parity));
      block.set(turned.subarray(0, parity), information);
      return changed;
    },
  };
}
