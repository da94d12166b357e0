/** Byte sequences that are added (exclusive or) to a frame, restarting at its first byte. */
export type AdditiveScrambler = (bytes: Uint8Array, from?: number, to?: number) => void;

/** h(x) = x^8 + x^7 + x^5 + x^3 + 1, all ones. Source: CCSDS 131.0-B section 10. */
export const ccsdsScrambler: AdditiveScrambler = additive(
  sequence(8, (s, n) => s[n]! ^ s[n + 3]! ^ s[n + 5]! ^ s[n + 7]!),
  false,
);

/** x^9 + x^5 + 1, all ones, bytes filled least significant bit first. Source: Texas Instruments, CC1101 data sheet. */
export const pn9Scrambler: AdditiveScrambler = pn9(0b111111111, true);

/** The same sequence, bytes filled most significant bit first. Source: Semtech, SX126x data sheet, FSK whitening. */
export const pn9MsbFirstScrambler: AdditiveScrambler = pn9(0b111111111, false);

/** PN9 from its ninth bit on, most significant bit first. Source: Silicon Labs, Si4463 API, seed 0x1E1. */
export const pn9Si4463Scrambler: AdditiveScrambler = pn9(0b100001111, false);

/** PN9 from register 0x100 on, most significant bit first: SX1268 with its seed half set. Source: observation. */
export const pn9Sx1268Scrambler: AdditiveScrambler = pn9(0b000000001, false);

/** x^9 + x^5 + 1, all ones, bytes filled most significant bit first. Source: Mobitex, by observation. */
export const mobitexScrambler: AdditiveScrambler = additive(
  sequence(9, (s, n) => s[n]! ^ s[n + 4]!),
  false,
);

/** x^9 + x^5 + 1. @param start the first nine bits, the first of them most significant */
function pn9(start: number, lsbFirst: boolean): AdditiveScrambler {
  return additive(
    sequence(9, (s, n) => s[n]! ^ s[n + 5]!, start),
    lsbFirst,
  );
}

/** A whole number of periods in whole bytes: 8 · (2^degree − 1) bits. `start`: the first bits, all ones by default. */
function sequence(degree: number, next: (s: Uint8Array, n: number) => number, start = (1 << degree) - 1): Uint8Array {
  const length = 8 * ((1 << degree) - 1);
  const s = new Uint8Array(length);
  for (let n = 0; n < degree; n++) s[n] = (start >> (degree - 1 - n)) & 1;
  for (let n = 0; n + degree < length; n++) s[n + degree] = next(s, n);
  return s;
}

function additive(bits: Uint8Array, lsbFirst: boolean): AdditiveScrambler {
  const table = new Uint8Array(bits.length / 8);
  for (let i = 0; i < bits.length; i++) table[i >> 3]! |= bits[i]! << (lsbFirst ? i & 7 : 7 - (i & 7));
  return (bytes, from = 0, to = bytes.length) => {
    for (let i = from; i < to; i++) bytes[i]! ^= table[(i - from) % table.length]!;
  };
}
