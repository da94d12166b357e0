/**
 * Extended Golay code (24,12) as GOMspace sends it: 24 bits, the parity in bits 23…12, the data in bits 11…0, sent most
 * significant first. Source: facts of the AX100 and U482C framings; the matrix is symmetric and its own inverse.
 */
const MATRIX = [0x8ed, 0x1db, 0x3b5, 0x769, 0xed1, 0xda3, 0xb47, 0x68f, 0xd1d, 0xa3b, 0x477, 0xffe] as const;

const codeword = new Int32Array(4096);
for (let data = 0; data < 4096; data++) {
  let parity = 0;
  for (let i = 0; i < 12; i++) if (popcount(MATRIX[i]! & data) & 1) parity |= 1 << (11 - i);
  codeword[data] = (parity << 12) | data;
}

/** 12 data bits → 24-bit code word. */
export function golayEncode(data: number): number {
  return codeword[data & 0xfff]!;
}

const partial = new Float64Array(3 * 256);

/** Number of bits in which two 24-bit words differ. */
export function golayDistance(a: number, b: number): number {
  return popcount(a ^ b);
}

/**
 * Maximum-likelihood decoding of 24 soft symbols from index `from` over the words whose data passes `accept`.
 * Returns the 12 data bits, or -1 when nothing is acceptable. It corrects what soft decisions allow, and so
 * it turns noise into a word always: the caller needs another check.
 */
export function golayDecode(soft: Float32Array, from: number, accept?: (data: number) => boolean): number {
  // The correlation of a word is the sum of three table entries, one a byte.
  for (let byte = 0; byte < 3; byte++) {
    let all = 0;
    for (let j = 0; j < 8; j++) all -= soft[from + 8 * byte + j]!;
    partial[256 * byte] = all;
    for (let value = 1; value < 256; value++) {
      const lowest = value & -value;
      const bit = 31 - Math.clz32(lowest);
      partial[256 * byte + value] = partial[256 * byte + (value ^ lowest)]! + 2 * soft[from + 8 * byte + 7 - bit]!;
    }
  }
  let best = -1;
  let bestMetric = Number.NEGATIVE_INFINITY;
  for (let data = 0; data < 4096; data++) {
    const word = codeword[data]!;
    const metric = partial[word >> 16]! + partial[256 + ((word >> 8) & 255)]! + partial[512 + (word & 255)]!;
    if (metric > bestMetric && (!accept || accept(data))) {
      best = data;
      bestMetric = metric;
    }
  }
  return best;
}

/** Hard decisions of the 24 soft symbols from index `from`, as a 24-bit word. */
export function golayWord(soft: Float32Array, from: number): number {
  let word = 0;
  for (let i = 0; i < 24; i++) word = (word << 1) | (soft[from + i]! > 0 ? 1 : 0);
  return word;
}

function popcount(x: number): number {
  let count = 0;
  for (let rest = x; rest !== 0; rest &= rest - 1) count++;
  return count;
}
