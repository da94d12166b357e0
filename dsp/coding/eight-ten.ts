/**
 * The 8b/10b line code: 8 bits → 10 channel bits, never more than five equal ones in a row, the running disparity after each
 * word +1 or −1. Words are written abcdei fghj, a first on the air. Source: Widmer and Franaszek, IBM Journal of Research and
 * Development 27 (1983) 440; ANSI INCITS 230, clause 11.
 */

/** abcdei of EDCBA = 0 … 31 where the disparity is negative. */
const sixes = [
  0b100111, 0b011101, 0b101101, 0b110001, 0b110101, 0b101001, 0b011001, 0b111000, 0b111001, 0b100101, 0b010101,
  0b110100, 0b001101, 0b101100, 0b011100, 0b010111, 0b011011, 0b100011, 0b010011, 0b110010, 0b001011, 0b101010,
  0b011010, 0b111010, 0b110011, 0b100110, 0b010110, 0b110110, 0b001110, 0b101110, 0b011110, 0b101011,
] as const;
/** fghj of HGF = 0 … 7 where the disparity is negative. */
const fours = [0b1011, 0b1001, 0b0101, 0b1100, 0b1101, 0b1010, 0b0110, 0b1110] as const;
/** The other fghj of HGF = 7, where the usual one would make a run of five with these six. */
const otherSeven = 0b0111;
const otherSevenAfter = [
  [17, 18, 20],
  [11, 13, 14],
] as const;

/** K28.5 where the disparity is negative, a sequence that no two data words make: the usual mark of a frame. */
export const COMMA = 0b0011111010;

const ones = (x: number) => {
  let count = 0;
  for (let v = x; v > 0; v >>= 1) count += v & 1;
  return count;
};

/** The words of all bytes, of disparity −1 at 0 … 255 and of +1 at 256 … 511; which disparity (0 or 1) follows. */
const words = new Uint16Array(512);
const following = new Uint8Array(512);
/** Whether ten bits are a data word at either disparity. */
const valid = new Uint8Array(1024);
for (let byte = 0; byte < 256; byte++) {
  for (const disparity of [0, 1] as const) {
    const x = byte & 31;
    const six = sixes[x]!;
    const sixUneven = ones(six) !== 3;
    const sixOut = disparity === 1 && (sixUneven || x === 7) ? six ^ 63 : six;
    const between = sixUneven ? 1 - disparity : disparity;
    const y = byte >> 5;
    const four =
      y === 7 && (otherSevenAfter[between as 0 | 1] as readonly number[]).includes(x) ? otherSeven : fours[y]!;
    const fourUneven = ones(four) !== 2;
    const fourOut = between === 1 && (fourUneven || y === 3) ? four ^ 15 : four;
    const at = 256 * disparity + byte;
    words[at] = (sixOut << 4) | fourOut;
    following[at] = fourUneven ? 1 - between : between;
    valid[words[at]!] = 1;
  }
}

/** Whether ten channel bits, the first one as the most significant, are the word of some byte. */
export function isDataWord(word: number): boolean {
  return valid[word] === 1;
}

/** Bytes and commas (null) → channel bits. The disparity before is negative. */
export function encodeEightTen(symbols: Iterable<number | null>): Uint8Array {
  const bits: number[] = [];
  let disparity = 0;
  for (const symbol of symbols) {
    const word = symbol === null ? COMMA ^ (disparity * 1023) : words[256 * disparity + symbol]!;
    for (let k = 9; k >= 0; k--) bits.push((word >> k) & 1);
    disparity = symbol === null ? 1 - disparity : following[256 * disparity + symbol]!;
  }
  return Uint8Array.from(bits);
}

export interface EightTenDecoder {
  /** The likeliest bytes, those that come second, and by how much the first are likelier (sums of |soft|). */
  readonly bytes: Uint8Array;
  readonly second: Uint8Array;
  readonly margin: Float32Array;
  /** Decodes `n` bytes from the symbol `from` on; `sign` −1 takes the channel for inverted. */
  decode(soft: Float32Array, from: number, n: number, sign: 1 | -1): void;
}

/**
 * Decodes each byte by the best sequence of words that holds it (max-log), the disparity followed from word to word and
 * unknown at both ends. An error that makes an impossible disparity is thus seen some bytes later, and mended.
 */
export function eightTenDecoder(maxBytes: number): EightTenDecoder {
  const bytes = new Uint8Array(maxBytes);
  const second = new Uint8Array(maxBytes);
  const margin = new Float32Array(maxBytes);
  /** Best metric of each byte's word for every change of disparity, at 4·k + 2·before + after. */
  const change = new Float32Array(4 * maxBytes);
  const forward = new Float32Array(2 * maxBytes + 2);
  const backward = new Float32Array(2 * maxBytes + 2);
  // Correlation of the first and the last five symbols of a word with all patterns.
  const head = new Float32Array(32);
  const tail = new Float32Array(32);
  const best = new Float32Array(256);

  const correlate = (soft: Float32Array, at: number, sign: number, out: Float32Array) => {
    let sum = 0;
    for (let k = 0; k < 5; k++) sum -= soft[at + k]!;
    out[0] = sign * sum;
    for (let pattern = 1; pattern < 32; pattern++) {
      const low = 31 - Math.clz32(pattern & -pattern);
      out[pattern] = out[pattern & (pattern - 1)]! + 2 * sign * soft[at + 4 - low]!;
    }
  };

  return {
    bytes,
    second,
    margin,
    decode(soft, from, n, sign) {
      for (let k = 0; k < n; k++) {
        correlate(soft, from + 10 * k, sign, head);
        correlate(soft, from + 10 * k + 5, sign, tail);
        change.fill(Number.NEGATIVE_INFINITY, 4 * k, 4 * k + 4);
        for (let i = 0; i < 512; i++) {
          const word = words[i]!;
          const metric = head[word >> 5]! + tail[word & 31]!;
          const at = 4 * k + 2 * (i >> 8) + following[i]!;
          if (metric > change[at]!) change[at] = metric;
        }
      }
      forward[0] = forward[1] = 0;
      for (let k = 0; k < n; k++)
        for (let after = 0; after < 2; after++)
          forward[2 * k + 2 + after] = Math.max(
            forward[2 * k]! + change[4 * k + after]!,
            forward[2 * k + 1]! + change[4 * k + 2 + after]!,
          );
      backward[2 * n] = backward[2 * n + 1] = 0;
      for (let k = n - 1; k >= 0; k--)
        for (let before = 0; before < 2; before++)
          backward[2 * k + before] = Math.max(
            change[4 * k + 2 * before]! + backward[2 * k + 2]!,
            change[4 * k + 2 * before + 1]! + backward[2 * k + 3]!,
          );
      for (let k = 0; k < n; k++) {
        correlate(soft, from + 10 * k, sign, head);
        correlate(soft, from + 10 * k + 5, sign, tail);
        best.fill(Number.NEGATIVE_INFINITY);
        for (let i = 0; i < 512; i++) {
          const word = words[i]!;
          const metric =
            forward[2 * k + (i >> 8)]! + head[word >> 5]! + tail[word & 31]! + backward[2 * k + 2 + following[i]!]!;
          if (metric > best[i & 255]!) best[i & 255] = metric;
        }
        let first = 0;
        let next = 1;
        if (best[1]! > best[0]!) [first, next] = [1, 0];
        for (let byte = 2; byte < 256; byte++) {
          if (best[byte]! > best[first]!) {
            next = first;
            first = byte;
          } else if (best[byte]! > best[next]!) next = byte;
        }
        bytes[k] = first;
        second[k] = next;
        margin[k] = best[first]! - best[next]!;
      }
    },
  };
}
